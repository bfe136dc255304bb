import type { ConsentUses } from './consortium-command.ts';
import type { ConsortiumFact } from './consortium-event.ts';
import type { CrossBankTransaction, Leg, Place } from './consortium/cross-bank-transaction.ts';
import type { TransactionFault } from './consortium/cross-bank-transaction.ts';
import type { HashedBody } from './consortium/message.ts';
import type { NoReason, Objection, Yes } from './consortium/vote.ts';
import type { PendingOrder } from './cross-bank-record.ts';
import { reader, type Reader } from './journal-members.ts';
import { decodeLine, decodeTransfer } from './journal-parts.ts';
import { decodeRefusal, oneOf } from './journal-refusals.ts';

type ConsortiumFacts = {
  readonly [Type in ConsortiumFact['type']]: (read: Reader) => ConsortiumFact;
};

/** Events that concern other banks, by their type. */
export const CONSORTIUM_FACTS: ConsortiumFacts = {
  'crossbank.prepared': (read) => ({
    type: 'crossbank.prepared',
    id: read.text('id'),
    ...decodeHashed(read),
    signature: read.text('signature'),
    order: read.has('order') ? decodePendingOrder(read.object('order')) : null,
  }),
  'crossbank.committed': (read) => ({
    type: 'crossbank.committed',
    id: read.text('id'),
    yes: read.list('yes').map(decodeYes),
    rebuilt: read.isNull('rebuilt') ? null : decodeHashed(read.object('rebuilt')),
    transfers: read.list('transfers').map(decodeTransfer),
  }),
  'crossbank.aborted': (read) => ({
    type: 'crossbank.aborted',
    id: read.text('id'),
    because: read.list('because').map(decodeObjection),
  }),
  'crossbank.doubted': (read) => ({
    type: 'crossbank.doubted',
    id: read.text('id'),
    ...decodeHashed(read),
  }),
  'crossbank.settled': (read) => ({ type: 'crossbank.settled', id: read.text('id') }),
  'consent.granted': (read) => ({
    type: 'consent.granted',
    id: read.text('id'),
    account: read.text('account'),
    bank: read.text('bank'),
    amount: read.integer('amount'),
    uses: oneOf<ConsentUses>(read, 'uses', ['once', 'total']),
    expiresAt: read.time('expiresAt'),
  }),
  'consent.revoked': (read) => ({ type: 'consent.revoked', id: read.text('id') }),
  'peer.limited': (read) => ({
    type: 'peer.limited',
    bank: read.text('bank'),
    asset: read.text('asset'),
    limit: read.isNull('limit') ? null : read.integer('limit'),
  }),
};

/** Reads the text that `encodeCrossBankBody` makes. Throws a `SyntaxError` where it is another. */
export function decodeCrossBankBody(text: string): CrossBankTransaction {
  return decodeBody(reader(text));
}

/** Reads the text that `encodeYes` makes. */
export function decodeYesList(text: string): readonly Yes[] {
  return listOf(text).map(decodeYes);
}

/** Reads the text that `encodeObjections` makes. */
export function decodeObjections(text: string): readonly Objection[] {
  return listOf(text).map(decodeObjection);
}

/** Reads the text that `encodePendingOrder` makes. */
export function decodePendingOrderText(text: string): PendingOrder {
  return decodePendingOrder(reader(text));
}

function listOf(text: string): readonly Reader[] {
  return reader(`{"list":${text}}`).list('list');
}

function decodeHashed(read: Reader): HashedBody {
  return { hash: read.text('hash'), body: decodeBody(read.object('body')) };
}

function decodeBody(read: Reader): CrossBankTransaction {
  return {
    id: read.text('id'),
    legs: read.list('legs').map(decodeLeg),
    decideBy: read.number('decideBy'),
    generation: read.text('generation'),
  };
}

function decodeLeg(read: Reader): Leg {
  return {
    from: decodePlace(read.object('from')),
    to: decodePlace(read.object('to')),
    amount: read.integer('amount'),
    asset: read.text('asset'),
    consent: read.isNull('consent') ? null : read.text('consent'),
  };
}

function decodePlace(read: Reader): Place {
  return { bank: read.text('bank'), account: read.text('account') };
}

function decodeYes(read: Reader): Yes {
  return { bank: read.text('bank'), signature: read.text('signature') };
}

function decodeObjection(read: Reader): Objection {
  return { bank: read.text('bank'), reason: decodeReason(read.object('reason')) };
}

const FAULTS: readonly TransactionFault[] = [
  'malformed_id',
  'malformed_bank',
  'no_legs',
  'too_many_legs',
  'too_many_banks',
  'amount_out_of_range',
  'same_account',
  'one_bank_only',
];

const REASONS: {
  readonly [Code in NoReason['code']]: (read: Reader) => Extract<NoReason, { readonly code: Code }>;
} = {
  funds_held: () => ({ code: 'funds_held' }),
  refused: (read) => ({ code: 'refused', refusal: decodeRefusal(read.object('refusal')) }),
  malformed: (read) => ({ code: 'malformed', fault: oneOf(read, 'fault', FAULTS) }),
  id_reused: () => ({ code: 'id_reused' }),
  decide_by_too_far: () => ({ code: 'decide_by_too_far' }),
  too_late: () => ({ code: 'too_late' }),
  other_generation: () => ({ code: 'other_generation' }),
  register_away: () => ({ code: 'register_away' }),
  below_floor: () => ({ code: 'below_floor' }),
  reconciling: () => ({ code: 'reconciling' }),
};

function decodeReason(read: Reader): NoReason {
  const code = read.text('code');
  if (!isReasonCode(code)) throw new SyntaxError(`${code} is no reason of this version`);
  return REASONS[code](read);
}

function isReasonCode(code: string): code is NoReason['code'] {
  return Object.hasOwn(REASONS, code);
}

function decodePendingOrder(read: Reader): PendingOrder {
  return {
    id: read.text('id'),
    customer: read.text('customer'),
    merchant: read.text('merchant'),
    asset: read.text('asset'),
    lines: read.list('lines').map(decodeLine),
    total: read.integer('total'),
  };
}
