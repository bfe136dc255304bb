import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const STOP_TIMEOUT_MS = 15_000;

/** A Node process of the bench; its standard error is ours. `script` is relative to `bench/`. */
export function forkChild(script: string, nodeFlags: readonly string[]): ChildProcess {
  return fork(fileURLToPath(new URL(`../${script}`, import.meta.url)), [], {
    execArgv: [...nodeFlags],
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

export function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('a process did not start');
  return child.pid;
}

/** Asks the process to stop, kills it after 15 s, and resolves when it is gone. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  if (child.connected) child.send({ kind: 'stop' });
  const kill = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  try {
    await gone;
  } finally {
    clearTimeout(kill);
  }
}
