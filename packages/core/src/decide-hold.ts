import { HOLD_TRANSFERS_MAX, HOLD_TTL_MAX_SECONDS } from './bounds.ts';
import type { CaptureHold, Expiry, ExtendHold, PlaceHold, ReleaseHold } from './command.ts';
import { identified, isLeg, requestedTransfer } from './decide-transfer.ts';
import type { Ruling } from './decision.ts';
import { holdState, type Hold, type HoldLeg } from './hold.ts';
import type { LedgerView } from './ledger.ts';
import type { Refusal } from './refusal.ts';
import { createScratch } from './scratch.ts';
import type { Terms } from './terms.ts';
import { numberedId } from './transfer-id.ts';

/** Promises all transfers or none, each judged after those before it as if it were posted. */
export function decidePlaceHold(view: LedgerView, command: PlaceHold, terms: Terms): Ruling {
  const count = command.transfers.length;
  if (count < 1 || count > HOLD_TRANSFERS_MAX) {
    throw new Error(`a hold of ${count} transfers passed the contract`);
  }
  const expiresAt = expiryOf(command.expiry, terms.at);
  if (expiresAt === undefined) return { code: 'expiry_out_of_range' };
  const scratch = createScratch(view);
  const legs: HoldLeg[] = [];
  for (const request of command.transfers) {
    const leg = requestedTransfer(scratch, request, terms);
    if (!isLeg(leg)) return leg;
    scratch.promise(leg);
    legs.push(leg);
  }
  // Holds, transactions and orders share their ids: a captured group is a transaction.
  if (view.isTransactionTaken(command.id)) return { code: 'id_taken' };
  return { type: 'hold.placed', id: command.id, expiresAt, transfers: legs };
}

/** What was promised can be posted, whatever came since: freeze and lease don't touch it. */
export function decideCaptureHold(view: LedgerView, command: CaptureHold, terms: Terms): Ruling {
  const hold = pendingHold(view, command.hold, terms.at);
  if ('code' in hold) return hold;
  const [only, ...more] = hold.legs;
  let legs = hold.legs;
  if (command.amount !== null && only !== undefined) {
    if (more.length > 0) return { code: 'amount_not_allowed' };
    if (command.amount <= 0n) return { code: 'amount_out_of_range' };
    if (command.amount > only.amount) return { code: 'amount_exceeded', remaining: only.amount };
    legs = [{ ...only, amount: command.amount }];
  }
  const transfers = legs.map((leg, index) =>
    identified(leg, numberedId(command.transferId, index)),
  );
  if (transfers.some(({ id }) => view.isTransferTaken(id))) return { code: 'id_taken' };
  return { type: 'hold.captured', hold: hold.id, transfers };
}

export function decideReleaseHold(view: LedgerView, command: ReleaseHold, terms: Terms): Ruling {
  const hold = pendingHold(view, command.hold, terms.at);
  return 'code' in hold ? hold : { type: 'hold.released', hold: hold.id };
}

export function decideExtendHold(view: LedgerView, command: ExtendHold, terms: Terms): Ruling {
  const hold = pendingHold(view, command.hold, terms.at);
  if ('code' in hold) return hold;
  const expiresAt = expiryOf(command.expiry, terms.at);
  if (expiresAt === undefined || expiresAt <= (hold.expiresAt ?? expiresAt)) {
    return { code: 'expiry_out_of_range' };
  }
  return { type: 'hold.extended', hold: hold.id, expiresAt };
}

function pendingHold(view: LedgerView, id: string, at: number): Hold | Refusal {
  const hold = view.hold(id);
  if (hold === undefined) return { code: 'hold_not_found' };
  if (hold.owner !== null) return { code: 'part_of', owner: 'crossbank', id: hold.owner };
  const state = holdState(hold, at);
  return state === 'pending' ? hold : { code: 'hold_ended', state };
}

/** Milliseconds since 1970; undefined: not ahead, or too far. */
function expiryOf(expiry: Expiry, at: number): number | undefined {
  const moment = 'ttl' in expiry ? at + expiry.ttl * 1_000 : expiry.at;
  return moment > at && moment <= at + HOLD_TTL_MAX_SECONDS * 1_000 ? moment : undefined;
}
