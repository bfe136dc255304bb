import { isAccountStatus } from './account.ts';
import type { AccountLeft, AccountStatusChanged, Event, Fact, FactType } from './event.ts';
import { CONSORTIUM_FACTS } from './journal-consortium-reader.ts';
import { encodeEvent, encodeHeader, type BlockHeader } from './journal.ts';
import { reader, type Reader } from './journal-members.ts';
import {
  decodeLeg,
  decodeLine,
  decodeMetadata,
  decodeRequestLine,
  decodeTransfer,
} from './journal-parts.ts';
import { decodeRefusal } from './journal-refusals.ts';
import type { Transfer } from './transfer.ts';

/** One block of the journal as it was written. */
export interface Block {
  readonly header: BlockHeader;
  readonly events: readonly Event[];
}

/**
 * Reads a block's text. Throws a `SyntaxError` where it isn't to the character what `encodeBlock`
 * writes: two texts never read as the same block. Whoever turns bytes into this text must refuse
 * what isn't UTF-8, or two byte strings still can.
 */
export function decodeBlock(text: string): Block {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new SyntaxError('a block ends with a line feed');
  const [header, ...events] = lines;
  if (header === undefined) throw new SyntaxError('a block begins with its header');
  return { header: decodeHeader(header), events: events.map(decodeEvent) };
}

function decodeHeader(line: string): BlockHeader {
  const read = reader(line);
  const header = {
    block: read.number('block'),
    id: read.text('id'),
    previous: read.text('previous'),
    at: read.time('at'),
    firstSeq: read.number('firstSeq'),
    lastSeq: read.number('lastSeq'),
  };
  assertCanonical(line, encodeHeader(header));
  return header;
}

/** Reads one event line of a block. Throws a `SyntaxError` like `decodeBlock`. */
export function decodeEvent(line: string): Event {
  const read = reader(line);
  const command = read.has('by')
    ? { principal: read.text('by'), id: read.text('id'), hash: read.text('hash') }
    : null;
  const event = {
    seq: read.number('seq'),
    command,
    fact: decodeFact(read.text('type'), read.object('data')),
  };
  assertCanonical(line, encodeEvent(event));
  return event;
}

/** JSON and dates can be spelt in several ways (`\u00e9`, `T` as a space); the journal has one. */
function assertCanonical(line: string, canonical: string): void {
  if (line !== canonical) throw new SyntaxError('a line of the journal is not in canonical form');
}

const FACTS: { readonly [Type in FactType]: (read: Reader) => Fact } = {
  'bank.opened': (read) => ({
    type: 'bank.opened',
    bank: read.text('bank'),
    version: read.number('version'),
  }),
  'account.opened': (read) => ({
    type: 'account.opened',
    account: read.text('account'),
    asset: read.text('asset'),
    creditLimit: integerOrNull(read, 'creditLimit'),
    maximumBalance: read.has('maximumBalance') ? read.integer('maximumBalance') : null,
    metadata: decodeMetadata(read.object('metadata')),
  }),
  'transfer.posted': (read) => ({ type: 'transfer.posted', transfer: decodeTransfer(read) }),
  'transaction.posted': (read) => ({
    type: 'transaction.posted',
    id: read.text('id'),
    transfers: read.list('transfers').map(decodeTransfer),
  }),
  'product.created': (read) => ({
    type: 'product.created',
    sku: read.text('sku'),
    name: read.text('name'),
    price: read.integer('price'),
    asset: read.text('asset'),
    merchant: textOrNull(read, 'merchant'),
    stock: read.integer('stock'),
    transferId: read.text('transferId'),
  }),
  'product.changed': (read) => ({
    type: 'product.changed',
    sku: read.text('sku'),
    name: read.text('name'),
    price: read.integer('price'),
  }),
  'goods.received': (read) => ({
    type: 'goods.received',
    sku: read.text('sku'),
    quantity: read.integer('quantity'),
    reason: null,
    transferId: read.text('transferId'),
  }),
  'goods.adjusted': (read) => ({
    type: 'goods.adjusted',
    sku: read.text('sku'),
    quantity: read.integer('quantity'),
    reason: read.text('reason'),
    transferId: read.text('transferId'),
  }),
  'order.completed': (read) => ({
    type: 'order.completed',
    id: read.text('id'),
    customer: read.text('customer'),
    merchant: read.text('merchant'),
    asset: read.text('asset'),
    lines: read.list('lines').map(decodeLine),
    total: read.integer('total'),
    transferIds: read.texts('transferIds'),
  }),
  'order.refused': (read) => ({
    type: 'order.refused',
    id: read.text('id'),
    customer: read.text('customer'),
    merchant: read.text('merchant'),
    lines: read.list('lines').map(decodeRequestLine),
    refusal: decodeRefusal(read),
  }),
  'hold.placed': (read) => ({
    type: 'hold.placed',
    id: read.text('id'),
    expiresAt: read.time('expiresAt'),
    transfers: read.list('transfers').map(decodeLeg),
  }),
  'hold.captured': (read) => ({
    type: 'hold.captured',
    hold: read.text('hold'),
    transfers: read.list('transfers').map(decodeTransfer),
  }),
  'hold.released': (read) => ({ type: 'hold.released', hold: read.text('hold') }),
  'hold.expired': (read) => ({ type: 'hold.expired', hold: read.text('hold') }),
  'hold.extended': (read) => ({
    type: 'hold.extended',
    hold: read.text('hold'),
    expiresAt: read.time('expiresAt'),
  }),
  'transfer.reversed': (read) => ({ type: 'transfer.reversed', ...decodeReversal(read) }),
  'transaction.reversed': (read) => ({
    type: 'transaction.reversed',
    reverses: read.text('reverses'),
    id: read.text('id'),
    legs: read.list('legs').map(decodeReversal),
  }),
  'order.cancelled': (read) => ({
    type: 'order.cancelled',
    order: read.text('order'),
    id: read.text('id'),
    transfers: read.list('transfers').map(decodeTransfer),
  }),
  'account.changed': (read) => ({
    type: 'account.changed',
    account: read.text('account'),
    left: decodeLeft(read.object('left')),
  }),
  'account.frozen': statusChange('account.frozen'),
  'account.unfrozen': statusChange('account.unfrozen'),
  'account.closed': statusChange('account.closed'),
  'account.reopened': statusChange('account.reopened'),
  'lease.requested': (read) => ({
    type: 'lease.requested',
    account: read.text('account'),
    id: read.text('id'),
    owner: read.text('owner'),
    ttl: read.number('ttl'),
    waitUntil: read.time('waitUntil'),
    granted: textOrNull(read, 'granted'),
  }),
  'lease.renewed': (read) => ({
    type: 'lease.renewed',
    account: read.text('account'),
    id: read.text('id'),
    expiresAt: read.time('expiresAt'),
  }),
  'lease.released': (read) => ({
    type: 'lease.released',
    account: read.text('account'),
    id: read.text('id'),
    granted: textOrNull(read, 'granted'),
  }),
  'lease.passed': (read) => ({
    type: 'lease.passed',
    account: read.text('account'),
    granted: read.text('granted'),
  }),
  ...CONSORTIUM_FACTS,
  'command.refused': (read) => ({ type: 'command.refused', refusal: decodeRefusal(read) }),
  'command.failed': () => ({ type: 'command.failed' }),
};

function decodeFact(type: string, read: Reader): Fact {
  if (!isFactType(type)) throw new SyntaxError(`${type} is no event of this version`);
  return FACTS[type](read);
}

function isFactType(type: string): type is FactType {
  return Object.hasOwn(FACTS, type);
}

function statusChange(type: AccountStatusChanged['type']) {
  return (read: Reader): AccountStatusChanged => ({
    type,
    account: read.text('account'),
    reason: textOrNull(read, 'reason'),
    left: decodeLeft(read.object('left')),
  });
}

function decodeLeft(read: Reader): AccountLeft {
  const status = read.text('status');
  if (!isAccountStatus(status)) throw new SyntaxError(`${status} is no status of an account`);
  return {
    status,
    balance: read.integer('balance'),
    held: read.integer('held'),
    creditLimit: integerOrNull(read, 'creditLimit'),
    maximumBalance: integerOrNull(read, 'maximumBalance'),
    leasedUntil: read.isNull('leasedUntil') ? null : read.time('leasedUntil'),
    version: read.number('version'),
  };
}

function integerOrNull(read: Reader, name: string): bigint | null {
  return read.isNull(name) ? null : read.integer(name);
}

function textOrNull(read: Reader, name: string): string | null {
  return read.isNull(name) ? null : read.text(name);
}

function decodeReversal(read: Reader): { readonly reverses: string; readonly transfer: Transfer } {
  return { reverses: read.text('reverses'), transfer: decodeTransfer(read.object('transfer')) };
}
