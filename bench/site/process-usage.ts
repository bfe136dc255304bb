import { readdirSync, readFileSync } from 'node:fs';

/** `USER_HZ` of Linux on every platform that Node runs on: the unit of times in /proc. */
const TICKS_PER_SECOND = 100;

/** Fields of /proc/<pid>/stat that follow the name in brackets (proc(5)). */
interface Stat {
  readonly parent: number;
  /** Seconds of processor time of the process itself. */
  readonly own: number;
  /** Seconds of its children that ended. */
  readonly ended: number;
}

export function parseStat(text: string): Stat {
  // The name may hold blanks and brackets; what follows its last bracket does not.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const seconds = (index: number) => Number(fields[index]) / TICKS_PER_SECOND;
  return {
    parent: Number(fields[1]),
    own: seconds(11) + seconds(12),
    ended: seconds(13) + seconds(14),
  };
}

/** Seconds of processor time so far; undefined where there is no /proc or no such process. */
export function processorSeconds(pid: number): number | undefined {
  return readStat(pid)?.own;
}

/**
 * Seconds of PostgreSQL as a whole: the postmaster, its children, and its children that ended, so
 * that a backend that goes away in between is not lost.
 */
export function postgresSeconds(postmaster: number): number | undefined {
  const root = readStat(postmaster);
  if (root === undefined) return undefined;
  let total = root.own + root.ended;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readStat(Number(name));
    if (stat?.parent === postmaster) total += stat.own;
  }
  return total;
}

/** The most memory that the process ever held, in bytes (VmHWM); undefined as above. */
export function memoryPeakBytes(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(text)?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1_024;
  } catch {
    return undefined;
  }
}

function readStat(pid: number): Stat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}
