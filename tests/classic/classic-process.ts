import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { createCaller, type HttpCaller, type Reply } from '../harness/http-caller.ts';
import { eventually } from '../harness/eventually.ts';
import { freePort } from '../harness/free-port.ts';

/** One `lastro classic …` in a process of its own. */
export interface ClassicProcess {
  readonly url: string;
  readonly port: number;
  /** A GET with a token; null: without the header. */
  get<Body = ClassicBody>(path: string, token?: string | null): Promise<Reply<Body>>;
  readonly call: HttpCaller['call'];
  /** What it wrote to its standard output: its log, a JSON text per line. */
  readonly output: () => string;
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again, with the same arguments. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface ClassicBody {
  readonly saldo?: number;
  readonly error_code?: number;
}

export const TOKENS = 'ba0f 4c0e a5fc b317 6t2q a061 1aac 8w9k 8ace 8d69'.split(' ');
const TOKEN = 'ba0f';

const surroundings = {
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
  LC_ALL: 'C',
};

const LAUNCHER = join(import.meta.dirname, '../../packages/server/bin/lastro.mjs');
/** Most of a start is loading the program, which a busy machine takes long for. */
const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 20_000;

export interface DadosOptions {
  readonly databaseUrl: string;
  /** Of its log file. */
  readonly folder: string;
  readonly adminKey: string;
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startDados(options: DadosOptions): Promise<ClassicProcess> {
  const { databaseUrl, folder, adminKey, flags = [], environment = {} } = options;
  const port = await freePort();
  const args = ['classic', 'dados', `--port=${port}`, `--data=${folder}`, ...flags];
  return startClassic(args, port, {
    DATABASE_URL: databaseUrl,
    LASTRO_BOOTSTRAP_KEY: adminKey,
    ...environment,
  });
}

export async function startNegocio(dataUrl: string, folder: string): Promise<ClassicProcess> {
  const port = await freePort();
  const args = ['classic', 'negocio', dataUrl, String(port), `--log-folder=${folder}`];
  return startClassic(args, port, {});
}

export interface ContasOptions extends DadosOptions {
  /** Of the surface; any free one unless given. */
  readonly port?: number;
}

/** A bank that serves `contas`. `flags`: of `lastro serve`. */
export async function startContas(options: ContasOptions): Promise<ClassicProcess> {
  const { databaseUrl, folder, adminKey, flags = [], environment = {} } = options;
  const { port = await freePort() } = options;
  const apiPort = await freePort();
  const serving = [`--classic=contas=${port}`, `--port=${apiPort}`, `--data=${folder}`];
  return startClassic(
    ['serve', ...serving, ...flags],
    port,
    { DATABASE_URL: databaseUrl, LASTRO_BOOTSTRAP_KEY: adminKey, ...environment },
    '/',
  );
}

async function startClassic(
  args: readonly string[],
  port: number,
  environment: Readonly<Record<string, string>>,
  readyPath = '/status',
): Promise<ClassicProcess> {
  const url = `http://127.0.0.1:${port}`;
  const caller = createCaller(url, '');
  let output = '';
  const run = () => {
    const child = spawn(process.execPath, [LAUNCHER, ...args], {
      env: { ...surroundings, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    return child;
  };
  let child = run();
  const ready = async () => {
    const isUp = await eventually(
      `${args.join(' ')} answers`,
      async () =>
        hasEnded(child) || (await caller.call('GET', readyPath, undefined)).status === 200,
      START_TIMEOUT_MS,
    );
    if (!isUp || hasEnded(child)) throw new Error(`it ended: ${output}`);
  };
  await ready().catch(async (error: unknown) => {
    // Nobody else knows of it.
    await end(child, 'SIGKILL');
    throw error;
  });
  return {
    url,
    port,
    get: (path, token = TOKEN) =>
      caller.call('GET', path, undefined, {
        key: null,
        headers: token === null ? {} : { token },
      }),
    call: caller.call,
    output: () => output,
    kill: (signal = 'SIGKILL') => end(child, signal),
    async restart() {
      await end(child, 'SIGKILL');
      child = run();
      await ready();
    },
    async stop() {
      await caller.close();
      await end(child, 'SIGTERM');
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const lateKill = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(lateKill);
}

/** Address of the API of a classic server's bank, which its log tells once all of it listens. */
export function apiUrlOf({ output }: Pick<ClassicProcess, 'output'>): string {
  const url = [...output().matchAll(/"url":"([^"]+)","classics"/g)].at(-1)?.[1];
  if (url === undefined) throw new Error(`no address of the API in ${output()}`);
  return url;
}
