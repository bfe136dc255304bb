import type { Event, Hold } from '@lastro/core';
import { crashPoint } from '../store/crash-point.ts';
import type { Writer } from '../store/writer.ts';
import type { AttemptMode } from './attempt.ts';
import type { BlockDraft } from './block-draft.ts';
import type { RowCache } from './row-cache.ts';

/** Holds that one block releases at most; while more are due, blocks hold nothing else. */
export const DUE_HOLDS_MAX = 1_000;

/**
 * The pending holds that are due at `at`. Asks the database only when some may be, or when `isSweep`
 * says so: another process may have placed holds and died.
 */
export async function loadDueHolds(
  at: number,
  isSweep: boolean,
  cache: RowCache,
  writer: Writer,
): Promise<readonly Hold[]> {
  if (!mayBeDue(cache, at) && !isSweep) return [];
  const [due, later] = await Promise.all([
    writer.loadDueHolds(at, DUE_HOLDS_MAX),
    writer.readNextExpiry(at),
  ]);
  if (due.length > 0) crashPoint('holds-due');
  cache.nextExpiry = due.length === DUE_HOLDS_MAX ? at : later;
  return due;
}

/** Whether a hold of which this process knows may be due at `at`, or it knows of none because nobody looked. */
export function mayBeDue({ nextExpiry }: RowCache, at: number): boolean {
  return nextExpiry === undefined || (nextExpiry !== null && nextExpiry <= at);
}

/** Takes a hold that a block placed or extended into account. */
export function noteExpiry(cache: RowCache, expiresAt: number | undefined): void {
  if (expiresAt === undefined || cache.nextExpiry === undefined) return;
  if (cache.nextExpiry === null || expiresAt < cache.nextExpiry) cache.nextExpiry = expiresAt;
}

/** Whether a row that stands already can only be one that the bank writes unasked: no command's is. */
export function isOfChores({ events, verdicts }: BlockDraft, mode: AttemptMode): boolean {
  const isEveryIdKnown = mode !== 'trusting' || verdicts.length === 0;
  return isEveryIdKnown && events.some(isChore);
}

/** Whether a block does this before any command; a bank's own steps among banks have no mark either. */
function isChore({ command, fact }: Event): boolean {
  return command === null && (fact.type === 'hold.expired' || fact.type === 'lease.passed');
}
