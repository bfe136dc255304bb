import type { HoldAnswer } from '@lastro/contract';
import type { HoldPlaced } from '@lastro/core';
import { factOf, type Accepted } from '../http/run-command.ts';
import { toJsonInteger, toTimestamp } from '../http/wire.ts';
import type { Snapshot } from '../store/reads.ts';
import { readHold } from './hold-queries.ts';

/** The hold as it was placed. */
export function presentPlacedHold(fact: HoldPlaced, { seq, at }: Accepted): HoldAnswer {
  return {
    id: fact.id,
    state: 'pending',
    transfers: fact.transfers.map(({ from, to, amount, asset, metadata }) => ({
      from,
      to,
      amount: toJsonInteger(amount),
      asset,
      metadata,
    })),
    expiresAt: toTimestamp(fact.expiresAt),
    seq,
    at,
  };
}

/** The hold as its capture or release left it, which nothing changes any more. */
export async function presentEndedHold(
  reads: Snapshot,
  id: string,
  accepted: Accepted,
): Promise<HoldAnswer> {
  factOf(accepted, 'hold.captured', 'hold.released');
  return standing(reads, id);
}

/** The hold as an extension left it: still pending, whatever became of it since. */
export async function presentExtendedHold(
  reads: Snapshot,
  id: string,
  accepted: Accepted,
): Promise<HoldAnswer> {
  const expiresAt = toTimestamp(factOf(accepted, 'hold.extended').expiresAt);
  const { transfers, seq, at } = await standing(reads, id);
  return { id, state: 'pending', transfers, expiresAt, seq, at };
}

async function standing(reads: Snapshot, id: string): Promise<HoldAnswer> {
  const hold = await readHold(reads, id);
  if (hold === undefined) throw new Error('a hold is gone');
  return hold;
}
