import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const launcher = join(root, 'packages/server/bin/lastro.mjs');
const bundledNodeName = `node-${process.platform}-${process.arch}`;

/** A program that says on which Node and with what it runs, and then does what its first word says. */
const program = `
export async function main(argv: readonly string[]): Promise<number> {
  console.log(JSON.stringify({ node: process.version, argv }));
  if (argv[0] === 'exit') return Number(argv[1]);
  if (argv[0] === 'die') process.kill(process.pid, 'SIGKILL');
  const signal = await new Promise<string>((resolve) => {
    const deadline = setTimeout(resolve, 20_000, 'nothing');
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
      process.on(name, () => {
        clearTimeout(deadline);
        resolve(name);
      });
    }
    console.log('ready');
  });
  console.log('stopped by ' + signal);
  return 7;
}
`;

/** Loaded before the launcher, makes it believe that it runs on Node 20. */
const pretendNode20 = `
Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });
`;

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lastro-launcher-'));
  folders.push(folder);
  return folder;
}

/** The launcher, and `program` where it looks for it. */
async function putPrograms(server: string): Promise<void> {
  await mkdir(join(server, 'src'), { recursive: true });
  await writeFile(join(server, 'package.json'), '{"type":"module"}');
  await writeFile(join(server, 'src/main.ts'), program);
  await cp(launcher, join(server, 'bin/lastro.mjs'));
}

/** A clone with nothing in it but the launcher and `program`. */
async function cloneWith(options: { readonly bundledNode: boolean }): Promise<string> {
  const folder = await emptyFolder();
  await putPrograms(folder);
  await writeFile(join(folder, 'node-20.mjs'), pretendNode20);
  if (options.bundledNode) {
    const installed = join(folder, 'node_modules', bundledNodeName);
    await mkdir(join(installed, 'bin'), { recursive: true });
    await writeFile(join(installed, 'package.json'), `{"version":"${process.versions.node}"}`);
    await symlink(process.execPath, join(installed, 'bin/node'));
  }
  return folder;
}

/** As a clone of the whole: with the launcher where it lies there, and what is installed beside it. */
async function wholeClone(): Promise<string> {
  const folder = await emptyFolder();
  await putPrograms(join(folder, 'packages/server'));
  await mkdir(join(folder, 'node_modules'));
  return folder;
}

interface Run {
  readonly child: ChildProcess;
  readonly ready: Promise<void>;
  readonly ended: Promise<{ code: number | null; signal: string | null; output: string }>;
}

function launch(clone: string, node: '20' | 'this', words: readonly string[], lang = 'C'): Run {
  const preload = node === '20' ? ['--import', join(clone, 'node-20.mjs')] : [];
  const child = spawn(process.execPath, [...preload, join(clone, 'bin/lastro.mjs'), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: dirname(process.execPath), LANG: lang },
    timeout: 25_000,
  });
  let output = '';
  const ready = Promise.withResolvers<undefined>();
  const collect = (chunk: Buffer): void => {
    output += chunk.toString('utf8');
    if (output.includes('ready\n')) ready.resolve(undefined);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = once(child, 'close').then(() => ({
    code: child.exitCode,
    signal: child.signalCode,
    output,
  }));
  return { child, ready: ready.promise, ended };
}

describe('on a new Node', () => {
  it('runs the program in its own process, with its arguments and exit code', async () => {
    const clone = await cloneWith({ bundledNode: false });
    const { code, output } = await launch(clone, 'this', ['exit', '3', 'a b']).ended;
    expect(output).toContain('"argv":["exit","3","a b"]');
    expect(code).toBe(3);
  });
});

describe('on Node 20', () => {
  it('runs the program on the bundled Node, with its arguments and exit code', async () => {
    const clone = await cloneWith({ bundledNode: true });
    const { code, output } = await launch(clone, '20', ['exit', '3', 'a b']).ended;
    expect(output).toContain(`{"node":"${process.version}","argv":["exit","3","a b"]}`);
    expect(code).toBe(3);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'hands on %s and waits for the program to stop by itself',
    async (signal) => {
      const run = launch(await cloneWith({ bundledNode: true }), '20', ['wait']);
      await run.ready;
      run.child.kill(signal);
      const { code, output } = await run.ended;
      expect(output).toContain(`stopped by ${signal}`);
      expect(code).toBe(7);
    },
  );

  it('ends by the signal that ended the program', async () => {
    const { signal } = await launch(await cloneWith({ bundledNode: true }), '20', ['die']).ended;
    expect(signal).toBe('SIGKILL');
  });

  it('says in one sentence what is missing when there is no bundled Node', async () => {
    const clone = await cloneWith({ bundledNode: false });
    const { code, output } = await launch(clone, '20', ['exit', '0']).ended;
    expect(output).toMatch(/^Lastro needs Node 22\.18 or newer, this is 20\.20\.2 .*\.\n$/);
    expect(output).toContain(bundledNodeName);
    expect(code).toBe(1);
  });

  it('says it in Portuguese where that is the language', async () => {
    const clone = await cloneWith({ bundledNode: false });
    const { output } = await launch(clone, '20', ['exit', '0'], 'pt_BR.UTF-8').ended;
    expect(output).toMatch(/^O Lastro precisa do Node 22\.18 ou mais novo/);
  });
});

describe('what was compiled', () => {
  const kept = (clone: string) => join(clone, 'node_modules/.cache/lastro-programs');
  const run = async (clone: string) => {
    const { ended } = launch(join(clone, 'packages/server'), 'this', ['exit', '3']);
    expect((await ended).code).toBe(3);
  };

  it('is kept in a clone, for its owner alone', async () => {
    const clone = await wholeClone();
    await run(clone);
    expect((await stat(kept(clone))).mode & 0o777).toBe(0o700);
    expect(await readdir(kept(clone))).toHaveLength(1);
    await run(clone);
  });

  it('is not kept where others may write, or in the place of a folder', async () => {
    const [open, taken] = [await wholeClone(), await wholeClone()];
    await mkdir(kept(open), { recursive: true });
    await chmod(kept(open), 0o777);
    await writeFile(join(taken, 'node_modules/.cache'), '');
    await Promise.all([run(open), run(taken)]);
    expect(await readdir(kept(open))).toEqual([]);
  });
});
