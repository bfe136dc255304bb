import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

const outputCharactersMax = 64 * 1024;

export interface ProgramResult {
  /** Exit code; undefined when it was killed, did not start or passed its deadline. */
  readonly code: number | undefined;
  /** What it wrote to stdout and stderr, the last 64 Ki characters. */
  readonly output: string;
}

export interface ProgramOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Open files that the program gets as descriptors 3, 4, … */
  readonly descriptors?: readonly number[];
}

/** Runs a program to its end, in its own process group and a bare environment. Never rejects. */
export function runProgram(
  command: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  const [file = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: '/',
      env: bareEnvironment(),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', ...(options.descriptors ?? [])],
    });
    let output = '';
    const gather = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-outputCharactersMax);
    };
    child.stdout?.on('data', gather);
    child.stderr?.on('data', gather);
    const kill = (): void => killGroup(child);
    const timer = setTimeout(() => {
      output += `\nstopped after ${options.timeoutMs} ms`;
      kill();
    }, options.timeoutMs);
    options.signal?.addEventListener('abort', kill, { once: true });
    const settle = (code: number | null): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', kill);
      resolve({ code: code ?? undefined, output: output.trim() });
    };
    child.once('error', (error) => {
      output += error.message;
      settle(null);
    });
    child.once('close', settle);
  });
}

/** The program and what it has started in turn; initdb runs others. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

/** PostgreSQL reads PG*, LC_* and LD_* variables; none of the caller's must change what it does. */
export function bareEnvironment(): Record<string, string> {
  // oxlint-disable-next-line node/no-process-env -- where setpriv, unshare and flock lie is the machine's business, not configuration
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}
