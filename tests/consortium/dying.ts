import { setTimeout as sleep } from 'node:timers/promises';
import type { CrashPoint } from '../../packages/server/src/store/crash-point.ts';
import type { BankProcess } from '../harness/bank-process.ts';

const DEATH_DEADLINE_MS = 120_000;
const STARTS_MAX = 3;
/** Of the log, in which a death must be the last thing or nearly so. */
const LAST_CHARACTERS = 4_000;

/** Starts the bank with this point armed, the `time`-th time that it is reached, and waits until it died there. */
export async function dieAt(bank: BankProcess, point: CrashPoint, time: number): Promise<void> {
  for (let starts = 0; starts < STARTS_MAX; starts += 1) {
    // What it takes up again may bring it to the point before it is ready; and on a busy machine a
    // start can fail for another reason.
    await bank.restart({ LASTRO_CRASH_AT: `${point}:${time}` }).catch(() => undefined);
    const late = sleep(DEATH_DEADLINE_MS, undefined, { ref: false });
    const end = await Promise.race([bank.exited, late]);
    if (end === undefined) throw new Error(`${point} was not reached; the log:\n${bank.log}`);
    if (bank.log.slice(-LAST_CHARACTERS).includes(`crash point ${point}\n`)) return;
  }
  throw new Error(`the bank did not start; its log:\n${bank.log}`);
}
