import type { CrossBankTransaction } from './cross-bank-transaction.ts';

/** Of the time that a transaction has: the least and the most that it waits for funds that others hold. */
const SHARE_MIN = 0.4;
const SHARE_MAX = 0.9;

/** UUIDv7 (RFC 9562): 48 bits of time, and random bits at the end. */
const TIME_DIGITS = 12;
const CHANCE_DIGITS = 4;
const CHANCES = 16 ** CHANCE_DIGITS;

/**
 * Until when a transaction waits for funds that holds stand in the way of; milliseconds since 1970.
 * Two that hold what the other one wants would both wait until their time is up, and both come to
 * nothing. So each has a patience of its own, drawn by its id: one gives up while the other has time
 * left to be carried out. An id that names no time waits until the end.
 */
export function patientUntil({ id, decideBy }: CrossBankTransaction): number {
  const uuid = id.slice(id.indexOf('/') + 1).replaceAll('-', '');
  const begunAt = Number.parseInt(uuid.slice(0, TIME_DIGITS), 16);
  if (begunAt === 0 || begunAt > decideBy) return decideBy;
  const chance = Number.parseInt(uuid.slice(-CHANCE_DIGITS), 16) / CHANCES;
  const share = SHARE_MIN + (SHARE_MAX - SHARE_MIN) * chance;
  return begunAt + (decideBy - begunAt) * share;
}
