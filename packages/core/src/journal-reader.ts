import type { Event, Fact, FactType } from './event.ts';
import { encodeEvent, encodeHeader, type BlockHeader } from './journal.ts';
import type { Metadata } from './metadata.ts';
import type { OrderLine, OrderRequestLine } from './order.ts';
import type { Refusal, RefusalCode } from './refusal.ts';
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
  const at = Date.parse(read.text('at'));
  if (Number.isNaN(at)) throw new SyntaxError('the time of a block is no time');
  const header = {
    block: read.number('block'),
    id: read.text('id'),
    previous: read.text('previous'),
    at,
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

interface Reader {
  names(): readonly string[];
  has(name: string): boolean;
  isNull(name: string): boolean;
  number(name: string): number;
  integer(name: string): bigint;
  text(name: string): string;
  object(name: string): Reader;
  list(name: string): readonly Reader[];
  texts(name: string): readonly string[];
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
    creditLimit: read.isNull('creditLimit') ? null : read.integer('creditLimit'),
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
    merchant: read.isNull('merchant') ? null : read.text('merchant'),
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

function decodeTransfer(read: Reader): Transfer {
  return {
    id: read.text('id'),
    from: read.text('from'),
    to: read.text('to'),
    amount: read.integer('amount'),
    asset: read.text('asset'),
    metadata: decodeMetadata(read.object('metadata')),
  };
}

function decodeRequestLine(read: Reader): OrderRequestLine {
  return { sku: read.text('sku'), quantity: read.integer('quantity') };
}

function decodeLine(read: Reader): OrderLine {
  return {
    sku: read.text('sku'),
    name: read.text('name'),
    unitPrice: read.integer('unitPrice'),
    quantity: read.integer('quantity'),
    total: read.integer('total'),
  };
}

function decodeMetadata(read: Reader): Metadata {
  return Object.fromEntries(read.names().map((name) => [name, read.text(name)]));
}

const ofAccount =
  <Code extends Extract<Refusal, { account: string }>['code']>(code: Code) =>
  (read: Reader) => ({ code, account: read.text('account') });
const ofSku =
  <Code extends Extract<Refusal, { sku: string }>['code']>(code: Code) =>
  (read: Reader) => ({ code, sku: read.text('sku') });

const REFUSALS: { readonly [Code in RefusalCode]: (read: Reader) => Refusal } = {
  account_not_found: ofAccount('account_not_found'),
  account_exists: ofAccount('account_exists'),
  account_frozen: ofAccount('account_frozen'),
  account_closed: ofAccount('account_closed'),
  system_account: ofAccount('system_account'),
  balance_out_of_range: ofAccount('balance_out_of_range'),
  insufficient_funds: ofAccount('insufficient_funds'),
  insufficient_stock: ofSku('insufficient_stock'),
  product_not_found: ofSku('product_not_found'),
  product_exists: ofSku('product_exists'),
  merchant_mismatch: ofSku('merchant_mismatch'),
  asset_mismatch: () => ({ code: 'asset_mismatch' }),
  asset_not_allowed: () => ({ code: 'asset_not_allowed' }),
  asset_scale_conflict: () => ({ code: 'asset_scale_conflict' }),
  asset_unknown: () => ({ code: 'asset_unknown' }),
  same_account: () => ({ code: 'same_account' }),
  amount_out_of_range: () => ({ code: 'amount_out_of_range' }),
  id_taken: () => ({ code: 'id_taken' }),
  price_changed: () => ({ code: 'price_changed' }),
  version_conflict: () => ({ code: 'version_conflict' }),
};

function decodeRefusal(read: Reader): Refusal {
  const code = read.text('code');
  if (!isRefusalCode(code)) throw new SyntaxError(`${code} is no refusal of this version`);
  return REFUSALS[code](read);
}

function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(REFUSALS, code);
}

function reader(line: string): Reader {
  return readerOf(JSON.parse(line));
}

/** Typed access to the members of one parsed JSON object. */
function readerOf(value: unknown): Reader {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SyntaxError('expected an object');
  }
  const members = new Map<string, unknown>(Object.entries(value));
  const wrong = (name: string) => new SyntaxError(`member ${name} is missing or of another type`);
  const number = (name: string): number => {
    const found = members.get(name);
    if (typeof found !== 'number' || !Number.isSafeInteger(found)) throw wrong(name);
    return found;
  };
  const list = (name: string): readonly unknown[] => {
    const found = members.get(name);
    if (!Array.isArray(found)) throw wrong(name);
    return found;
  };
  const text = (name: string): string => {
    const found = members.get(name);
    if (typeof found !== 'string') throw wrong(name);
    return found;
  };
  return {
    names: () => [...members.keys()],
    has: (name: string) => members.has(name),
    isNull: (name: string) => members.get(name) === null,
    number,
    integer: (name: string) => BigInt(number(name)),
    text,
    object: (name: string): Reader => readerOf(members.get(name)),
    list: (name: string): readonly Reader[] => list(name).map(readerOf),
    texts: (name: string): readonly string[] =>
      list(name).map((found) => {
        if (typeof found !== 'string') throw wrong(name);
        return found;
      }),
  };
}
