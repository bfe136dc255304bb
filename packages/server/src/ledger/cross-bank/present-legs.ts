import type { TransactionAnswer, TransferAnswer } from '@lastro/contract';
import { NO_METADATA, type consortium } from '@lastro/core';
import type { Committed } from '../../http/cross-bank/begin-across.ts';
import { writtenPlace } from '../../http/cross-bank/place.ts';
import { toJsonInteger } from '../../http/wire.ts';

/** A leg of a transaction across banks that is done here, as the transfer that its client asked for. */
function presentLeg(
  { from, to, amount, asset }: consortium.Leg,
  { id, seq, at }: Committed,
): TransferAnswer {
  return {
    id,
    status: 'posted',
    from: writtenPlace(from),
    to: writtenPlace(to),
    amount: toJsonInteger(amount),
    asset,
    seq,
    at,
    metadata: NO_METADATA,
  };
}

/** A transaction across banks that is done here. */
export function presentLegs(
  legs: readonly consortium.Leg[],
  committed: Committed,
): TransactionAnswer {
  const { id, seq, at } = committed;
  return {
    id,
    status: 'posted',
    seq,
    at,
    transfers: legs.map((leg) => presentLeg(leg, committed)),
  };
}
