import type { ConsentUses } from './consortium-command.ts';
import type { ConsortiumFact } from './consortium-event.ts';
import { decodeBody } from './consortium/body-text.ts';
import type { HashedBody } from './consortium/message.ts';
import { decodeObjection } from './consortium/reason-text.ts';
import type { Objection, Yes } from './consortium/vote.ts';
import type { PendingOrder } from './cross-bank-record.ts';
import { reader, type Reader } from './journal-members.ts';
import { decodeLine, decodeTransfer } from './journal-parts.ts';
import { oneOf } from './journal-refusals.ts';

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

function decodeYes(read: Reader): Yes {
  return { bank: read.text('bank'), signature: read.text('signature') };
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
