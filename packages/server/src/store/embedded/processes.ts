import { readdirSync, readFileSync, statSync } from 'node:fs';
import { runProgram } from './run-program.ts';
import { systemErrorCode } from './system-error.ts';

/** A process and when it began, as `pid:start`: a pid alone comes again. */
export async function processIdentity(pid: number): Promise<string | undefined> {
  const start = process.platform === 'linux' ? startTicks(pid) : await started(pid);
  return start === undefined ? undefined : `${pid}:${start}`;
}

/** The command line of a process, its arguments separated by spaces; undefined when there is none. */
export async function commandLine(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return ps(pid, 'command');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Whether `pid` is a PostgreSQL process at work in `dataFolder`. */
export async function isPostgresOf(pid: number, dataFolder: string): Promise<boolean> {
  if (process.platform !== 'linux') {
    const command = await commandLine(pid);
    return command !== undefined && command.includes('postgres') && command.includes(dataFolder);
  }
  return worksIn(pid, dataFolder) && ((await commandLine(pid)) ?? '').includes('postgres');
}

/** Every PostgreSQL process at work in `dataFolder`: what a killed postmaster leaves. Linux only, else empty. */
export async function postgresProcessesOf(dataFolder: string): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const found: number[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (Number.isInteger(pid) && (await isPostgresOf(pid, dataFolder))) found.push(pid);
  }
  return found;
}

/** Sends a signal; false when there is no such process any more. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}

/** By device and inode: the folder may be reached by another name. */
function worksIn(pid: number, folder: string): boolean {
  try {
    const there = statSync(`/proc/${pid}/cwd`);
    const here = statSync(folder);
    return there.ino === here.ino && there.dev === here.dev;
  } catch {
    return false;
  }
}

function startTicks(pid: number): string | undefined {
  try {
    // The name, in brackets, may hold spaces and brackets; field 3 begins behind the last of them.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

async function started(pid: number): Promise<string | undefined> {
  return (await ps(pid, 'lstart'))?.replaceAll(/\W+/g, '-');
}

async function ps(pid: number, column: string): Promise<string | undefined> {
  const result = await runProgram(['ps', '-ww', '-o', `${column}=`, '-p', String(pid)], {
    timeoutMs: 5_000,
  });
  return result.code === 0 && result.output !== '' ? result.output : undefined;
}
