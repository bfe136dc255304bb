import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { newKey, type TestBank } from './bank-in-process.ts';
import { freePort } from './free-port.ts';
import { createCaller } from './http-caller.ts';
import { abandonDatabase, createBankDatabase } from './postgres.ts';

/** What `serve.fixture.ts` reads. */
export interface ServeSettings {
  readonly bank: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly adminKey: string;
}

export interface BankProcessOptions {
  readonly bank?: string;
  /** Another one's database; without it the bank gets one of its own. */
  readonly databaseUrl?: string;
  /** Of another process of the same bank, when both should know it. */
  readonly adminKey?: string;
  readonly port?: number;
  /** Environment of the process, on top of this one's. */
  readonly environment?: Environment;
  /** Starts the whole program, `lastro serve` with these flags, instead of a bare bank. */
  readonly flags?: readonly string[];
}

type Environment = Readonly<Record<string, string>>;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A bank in a process of its own, which may be killed and started again. */
export interface BankProcess extends TestBank {
  /** Of the bank that it serves. */
  readonly name: string;
  /** Where the program keeps what is not in its database; null: a bare bank keeps nothing. */
  readonly dataFolder: string | null;
  /** Process id of the newest start. */
  readonly pid: number;
  readonly isRunning: boolean;
  /** How the newest start ended, once it has. */
  readonly exited: Promise<Exit>;
  /** The end of what it wrote to its log. */
  readonly log: string;
  /** Sends the signal (SIGKILL unless named otherwise) and waits until the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<Exit>;
  /** Starts it again on its port and database; kills what still runs. `environment`: from now on. */
  restart(environment?: Environment): Promise<void>;
}

const BARE_BANK = join(import.meta.dirname, 'serve.fixture.ts');
const LAUNCHER = join(import.meta.dirname, '../../packages/server/bin/lastro.mjs');
/** Most of a start is loading the program, which a busy machine takes long for. */
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 15_000;
const LOG_CHARACTERS_MAX = 20_000;

/** What is forked, again and again. */
interface Program {
  readonly path: string;
  readonly words: readonly string[];
  readonly environment: Environment;
  readonly dataFolder: string | null;
  /** Removes what it keeps outside its database. */
  discard(): Promise<void>;
}

interface Run {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
}

/** Starts a bank as a real process. Several may share one database; give them one admin key. */
export async function startBankProcess(options: BankProcessOptions = {}): Promise<BankProcess> {
  const settings: ServeSettings = {
    bank: options.bank ?? 'test',
    port: options.port ?? (await freePort()),
    databaseUrl: options.databaseUrl ?? (await createBankDatabase()),
    adminKey: options.adminKey ?? newKey(),
  };
  let log = '';
  const keep = (text: string) => {
    log = (log + text).slice(-LOG_CHARACTERS_MAX);
  };
  const program = await programOf(settings, options.flags);
  let environment = options.environment ?? {};
  let run = startRun(program, environment, keep);
  const url = `http://127.0.0.1:${settings.port}`;
  await readyOrKilled(run, () => log);
  const caller = createCaller(url, settings.adminKey);
  return {
    name: settings.bank,
    url,
    adminKey: settings.adminKey,
    databaseUrl: settings.databaseUrl,
    call: caller.call,
    dataFolder: program.dataFolder,
    get pid() {
      return run.child.pid ?? -1;
    },
    get isRunning() {
      return isRunning(run);
    },
    get exited() {
      return run.exited;
    },
    get log() {
      return log;
    },
    kill: (signal = 'SIGKILL') => end(run, signal),
    async restart(changed = environment) {
      await end(run, 'SIGKILL');
      environment = changed;
      run = startRun(program, environment, keep);
      await readyOrKilled(run, () => log);
    },
    async stop() {
      await caller.close();
      await end(run, 'SIGTERM');
      await program.discard();
      if (options.databaseUrl === undefined) await abandonDatabase(settings.databaseUrl);
    },
  };
}

async function programOf(
  settings: ServeSettings,
  flags: readonly string[] | undefined,
): Promise<Program> {
  if (flags === undefined) {
    const environment = { LASTRO_TEST_SERVE: JSON.stringify(settings) };
    const discard = () => Promise.resolve();
    return { path: BARE_BANK, words: [], environment, dataFolder: null, discard };
  }
  const data = await mkdtemp(join(tmpdir(), 'lastro-served-'));
  const { bank, port, databaseUrl, adminKey } = settings;
  return {
    path: LAUNCHER,
    words: ['serve', '--bank', bank, '--port', String(port), '--data', data, ...flags],
    environment: { LASTRO_DATABASE_URL: databaseUrl, LASTRO_BOOTSTRAP_KEY: adminKey },
    dataFolder: data,
    discard: () => rm(data, { recursive: true, force: true, maxRetries: 10 }),
  };
}

function startRun(program: Program, environment: Environment, keep: (text: string) => void): Run {
  const child = fork(program.path, [...program.words], {
    // Nothing of the test runner's own flags: it is a program of its own.
    execArgv: [],
    env: { ...process.env, ...program.environment, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stdout?.setEncoding('utf8').on('data', keep);
  child.stderr?.setEncoding('utf8').on('data', keep);
  child.on('error', (error) => keep(String(error)));
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return { child, exited };
}

async function readyOrKilled(run: Run, log: () => string): Promise<void> {
  const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
  const ended = run.exited.then(({ code, signal }) => ({ failed: `it ended (${code ?? signal})` }));
  try {
    const [message]: unknown[] = await Promise.race([
      once(run.child, 'message', { signal: timeout }),
      ended.then((failure) => [failure]),
    ]);
    if (typeof message === 'object' && message !== null && 'url' in message) return;
    throw new Error(JSON.stringify(message));
  } catch (error) {
    await end(run, 'SIGKILL');
    throw new Error(`the bank's process did not start; its log:\n${log()}`, { cause: error });
  }
}

async function end(run: Run, signal: NodeJS.Signals): Promise<Exit> {
  if (!isRunning(run)) return run.exited;
  run.child.kill(signal);
  const lateKill = setTimeout(() => run.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  const exit = await run.exited;
  clearTimeout(lateKill);
  return exit;
}

function isRunning({ child }: Run): boolean {
  return child.exitCode === null && child.signalCode === null;
}
