import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SAFE_MAX } from './bounds.ts';
import type * as consortium from './consortium/index.ts';
import type { PendingOrder } from './cross-bank-record.ts';
import type { Event, Fact, FactType } from './event.ts';
import { encodeBlock, encodeData, encodeEvent, type BlockHeader } from './journal.ts';
import { decodeBlock, decodeEvent } from './journal-reader.ts';
import { refusalDetails, type Refusal } from './refusal.ts';
import { REFUSAL_CASES } from './refusal-cases.fixture.ts';
import { FACT_TYPES } from './vocabulary.fixture.ts';

const header: BlockHeader = {
  block: 7,
  id: '0199b5a1-7a53-7f2c-9f6b-6f7b0c1d2e3f',
  previous: 'ab'.repeat(32),
  at: Date.UTC(2026, 0, 31, 23, 59, 59, 7),
  firstSeq: 40,
  lastSeq: 41,
};

// Any text that a client can write into names, reasons, metadata and ids of commands: lone
// surrogates, quotes, control characters and line separators among them.
const nasty = fc.constantFrom('\u2028', '\u2029', '\ud800', '\udfff', '\n', '\r', '"', '\\', '\0');
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.oneof(nasty, fc.string({ minLength: 1, maxLength: 1 })), maxLength: 8 }),
  fc.constantFrom('__proto__', 'constructor', '10', '9', '\ufffd', '\ufeff', 'ação 🍵'),
);
const word = (alphabet: string, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet.split('')), minLength: 1, maxLength });
const account = word('abzAZ09._:@+-', 64);
const sku = word('abzAZ09._:@+-', 50);
const publicId = fc.uuid();
const asset = fc.constantFrom('BRL/2', 'sku:tea/0', 'ETH/18');
const amount = fc.bigInt(0n, SAFE_MAX);
const signed = fc.bigInt(-SAFE_MAX, SAFE_MAX);
const amountOrNull: fc.Arbitrary<bigint | null> = fc.option(amount);
const accountOrNull: fc.Arbitrary<string | null> = fc.option(account);
const number = fc.nat();
const metadata = fc.dictionary(text, text, { maxKeys: 5, noNullPrototype: true });
const sides = { from: account, to: account, amount, asset, metadata };
const promise = fc.record(sides);
const transfer = fc.record({ id: publicId, ...sides });
const orderLine = fc.record({
  sku,
  quantity: amount,
  name: text,
  unitPrice: amount,
  total: amount,
});
const requestLine = fc.record({ sku, quantity: signed });
const refusals = Object.values(REFUSAL_CASES).flatMap(({ faults }) =>
  faults.map(({ refusal }): Refusal => refusal),
);
const anyRefusal = fc.constantFrom(...refusals);
/** Whatever an order can be refused with; `part_of`, say, would have a second `id` beside the order's. */
const orderRefusal = fc.constantFrom(
  ...REFUSAL_CASES.PlaceOrder.faults.map((fault): Refusal => fault.refusal),
);
const goods = { sku, transferId: publicId };
const time = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) });
const reason: fc.Arbitrary<string | null> = fc.option(text);
const left = fc.record({
  status: fc.constantFrom('open' as const, 'frozen' as const, 'closed' as const),
  balance: signed,
  held: amount,
  creditLimit: amountOrNull,
  maximumBalance: amountOrNull,
  leasedUntil: fc.option(time),
  version: fc.nat(),
});
const idOrNull: fc.Arbitrary<string | null> = fc.option(publicId);

const bank = word('abz09-', 31);
const crossBankId = fc.tuple(bank, publicId).map(([name, id]) => `${name}/${id}`);
const place = fc.record({ bank, account });
const body = fc.record({
  id: crossBankId,
  legs: fc.array(fc.record({ from: place, to: place, amount, asset, consent: idOrNull }), {
    maxLength: 3,
  }),
  decideBy: number,
  generation: publicId,
});
const hashed = fc.record({ hash: word('0123456789abcdef', 64), body });
const hashedOrNull: fc.Arbitrary<consortium.HashedBody | null> = fc.option(hashed);
const pendingOrder: fc.Arbitrary<PendingOrder | null> = fc.option(
  fc.record({
    id: publicId,
    customer: text,
    merchant: account,
    asset,
    lines: fc.array(orderLine, { maxLength: 3 }),
    total: amount,
  }),
);
const noReason: fc.Arbitrary<consortium.NoReason> = fc.oneof(
  fc
    .constantFrom('funds_held' as const, 'too_late' as const, 'reconciling' as const)
    .map((code) => ({
      code,
    })),
  anyRefusal.map((refusal) => ({ code: 'refused' as const, refusal })),
  fc.constant({ code: 'malformed' as const, fault: 'no_legs' as const }),
);

const FACTS: { readonly [Type in FactType]: fc.Arbitrary<Fact> } = {
  'bank.opened': fc.record({
    type: fc.constant('bank.opened'),
    bank: word('abz09-', 31),
    version: number,
  }),
  'account.opened': fc.record({
    type: fc.constant('account.opened'),
    account,
    asset,
    creditLimit: amountOrNull,
    maximumBalance: amountOrNull,
    metadata,
  }),
  'transfer.posted': fc.record({ type: fc.constant('transfer.posted'), transfer }),
  'transaction.posted': fc.record({
    type: fc.constant('transaction.posted'),
    id: publicId,
    transfers: fc.array(transfer, { maxLength: 3 }),
  }),
  'product.created': fc.record({
    type: fc.constant('product.created'),
    sku,
    name: text,
    price: amount,
    asset,
    merchant: accountOrNull,
    stock: amount,
    transferId: publicId,
  }),
  'product.changed': fc.record({
    type: fc.constant('product.changed'),
    sku,
    name: text,
    price: amount,
  }),
  'goods.received': fc.record({
    type: fc.constant('goods.received'),
    quantity: amount,
    reason: fc.constant(null),
    ...goods,
  }),
  'goods.adjusted': fc.record({
    type: fc.constant('goods.adjusted'),
    quantity: signed,
    reason: text,
    ...goods,
  }),
  'order.completed': fc.record({
    type: fc.constant('order.completed'),
    id: publicId,
    customer: account,
    merchant: account,
    asset,
    lines: fc.array(orderLine, { maxLength: 3 }),
    total: amount,
    transferIds: fc.array(publicId, { maxLength: 4 }),
  }),
  'order.refused': fc.record({
    type: fc.constant('order.refused'),
    id: publicId,
    customer: account,
    merchant: account,
    lines: fc.array(requestLine, { maxLength: 3 }),
    refusal: orderRefusal,
  }),
  'hold.placed': fc.record({
    type: fc.constant('hold.placed'),
    id: publicId,
    expiresAt: time,
    transfers: fc.array(promise, { maxLength: 3 }),
  }),
  'hold.captured': fc.record({
    type: fc.constant('hold.captured'),
    hold: publicId,
    transfers: fc.array(transfer, { maxLength: 3 }),
  }),
  'hold.released': fc.record({ type: fc.constant('hold.released'), hold: publicId }),
  'hold.expired': fc.record({ type: fc.constant('hold.expired'), hold: publicId }),
  'hold.extended': fc.record({
    type: fc.constant('hold.extended'),
    hold: publicId,
    expiresAt: time,
  }),
  'transfer.reversed': fc.record({
    type: fc.constant('transfer.reversed'),
    reverses: publicId,
    transfer,
  }),
  'transaction.reversed': fc.record({
    type: fc.constant('transaction.reversed'),
    reverses: publicId,
    id: publicId,
    legs: fc.array(fc.record({ reverses: publicId, transfer }), { maxLength: 3 }),
  }),
  'order.cancelled': fc.record({
    type: fc.constant('order.cancelled'),
    order: publicId,
    id: publicId,
    transfers: fc.array(transfer, { maxLength: 3 }),
  }),
  'account.changed': fc.record({
    type: fc.constant('account.changed'),
    account,
    left,
  }),
  'account.frozen': fc.record({ type: fc.constant('account.frozen'), account, reason, left }),
  'account.unfrozen': fc.record({ type: fc.constant('account.unfrozen'), account, reason, left }),
  'account.closed': fc.record({ type: fc.constant('account.closed'), account, reason, left }),
  'account.reopened': fc.record({ type: fc.constant('account.reopened'), account, reason, left }),
  'lease.requested': fc.record({
    type: fc.constant('lease.requested'),
    account,
    id: publicId,
    owner: text,
    ttl: number,
    waitUntil: time,
    granted: idOrNull,
  }),
  'lease.renewed': fc.record({
    type: fc.constant('lease.renewed'),
    account,
    id: publicId,
    expiresAt: time,
  }),
  'lease.released': fc.record({
    type: fc.constant('lease.released'),
    account,
    id: publicId,
    granted: idOrNull,
  }),
  'lease.passed': fc.record({ type: fc.constant('lease.passed'), account, granted: publicId }),
  'crossbank.prepared': hashed.chain(({ hash, body }) =>
    fc.record({
      type: fc.constant('crossbank.prepared' as const),
      id: fc.constant(body.id),
      hash: fc.constant(hash),
      body: fc.constant(body),
      signature: text,
      order: pendingOrder,
    }),
  ),
  'crossbank.committed': fc.record({
    type: fc.constant('crossbank.committed'),
    id: crossBankId,
    yes: fc.array(fc.record({ bank, signature: text }), { maxLength: 3 }),
    rebuilt: hashedOrNull,
    transfers: fc.array(transfer, { maxLength: 3 }),
  }),
  'crossbank.aborted': fc.record({
    type: fc.constant('crossbank.aborted'),
    id: crossBankId,
    because: fc.array(fc.record({ bank, reason: noReason }), { maxLength: 3 }),
  }),
  'crossbank.doubted': hashed.map(({ hash, body }): Fact => {
    return { type: 'crossbank.doubted', id: body.id, hash, body };
  }),
  'crossbank.settled': fc.record({ type: fc.constant('crossbank.settled'), id: crossBankId }),
  'consent.granted': fc.record({
    type: fc.constant('consent.granted'),
    id: publicId,
    account,
    bank,
    amount,
    uses: fc.constantFrom('once' as const, 'total' as const),
    expiresAt: time,
  }),
  'consent.revoked': fc.record({ type: fc.constant('consent.revoked'), id: publicId }),
  'peer.limited': fc.record({
    type: fc.constant('peer.limited'),
    bank,
    asset,
    limit: amountOrNull,
  }),
  'command.refused': fc.record({ type: fc.constant('command.refused'), refusal: anyRefusal }),
  'command.failed': fc.constant({ type: 'command.failed' }),
};

const mark = fc.record({ principal: text, id: text, hash: word('0123456789abcdef', 64) });
const eventOf = (fact: fc.Arbitrary<Fact>): fc.Arbitrary<Event> =>
  fc.record({ seq: number, command: fc.option(mark), fact });
const anyEvent = eventOf(fc.oneof(...Object.values(FACTS)));

const encoder = new TextEncoder();
// Stored bytes must be decoded like this.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
describe('what is written is read back, through UTF-8 bytes', () => {
  test.each(FACT_TYPES)('%s', (type) => {
    const property = fc.property(eventOf(FACTS[type as FactType]), (event) => {
      const bytes = encoder.encode(encodeBlock(header, [event]));
      const block = decodeBlock(decoder.decode(bytes));
      expect(block).toEqual({ header, events: [event] });
    });
    fc.assert(property, { numRuns: 150 });
  });

  test('blocks of several events and of none', () => {
    const property = fc.property(fc.array(anyEvent, { maxLength: 5 }), (events) => {
      expect(decodeBlock(encodeBlock(header, events)).events).toEqual(events);
    });
    fc.assert(property);
  });

  test.each(refusals.map((one) => [one.code, one] as const))('refusal %s', (_, one) => {
    const fact: Fact = { type: 'command.refused', refusal: one };
    const events = [{ seq: 1, command: null, fact }];
    expect(decodeBlock(encodeBlock(header, events)).events).toEqual(events);
    expect(JSON.parse(encodeData(fact))).toEqual({ code: one.code, ...refusalDetails(one) });
  });
});

test('a block is one line for its header and one for each event, whatever the text in it', () => {
  const property = fc.property(fc.array(anyEvent, { maxLength: 4 }), (events) => {
    const lines = encodeBlock(header, events).split('\n');
    expect(lines.length).toBe(events.length + 2);
    expect(lines.at(-1)).toBe('');
    for (const line of lines.slice(0, -1)) JSON.parse(line);
  });
  fc.assert(property);
});

test('the order in which metadata was given does not show', () => {
  const fact = (more: Record<string, string>): Fact => ({
    type: 'account.opened',
    account: 'a',
    asset: 'BRL/2',
    creditLimit: null,
    maximumBalance: null,
    metadata: more,
  });
  const encoded = encodeData(fact({ b: '2', a: '1', '10': 'x', '9': 'y' }));
  expect(encoded).toBe(encodeData(fact({ a: '1', '9': 'y', '10': 'x', b: '2' })));
  expect(encoded).toContain('"metadata":{"10":"x","9":"y","a":"1","b":"2"}');
});

test('a maximum balance is left out where there is none, so that old journals stay as they are', () => {
  const old =
    '{"seq":1,"type":"account.opened","by":"admin","id":"open-ana","hash":"ff",' +
    '"data":{"account":"ana","asset":"BRL/2","creditLimit":0,"metadata":{}}}';
  const { fact } = decodeEvent(old);
  expect(fact).toMatchObject({ type: 'account.opened', creditLimit: 0n, maximumBalance: null });
  expect(encodeEvent(decodeEvent(old))).toBe(old);
  const fresh = old.replace('"metadata"', '"maximumBalance":5,"metadata"');
  expect(decodeEvent(fresh).fact).toMatchObject({ maximumBalance: 5n });
  expect(encodeEvent(decodeEvent(fresh))).toBe(fresh);
  const spelt = old.replace('"metadata"', '"maximumBalance":null,"metadata"');
  expect(() => decodeEvent(spelt)).toThrow(SyntaxError);
});

test('holds and leases, to the character', () => {
  const [at, id] = [Date.UTC(2026, 0, 2, 3, 4, 5, 6), 'n'];
  const leg = { from: 'a', to: 'b', amount: 5n, asset: 'BRL/2', metadata: {} };
  expect(encodeData({ type: 'hold.placed', id, expiresAt: at, transfers: [leg] })).toBe(
    '{"id":"n","expiresAt":"2026-01-02T03:04:05.006Z",' +
      '"transfers":[{"from":"a","to":"b","amount":5,"asset":"BRL/2","metadata":{}}]}',
  );
  const asked = { id, account: 'a', owner: 'r"', ttl: 30, waitUntil: at, granted: null };
  expect(encodeData({ type: 'lease.requested', ...asked })).toBe(
    '{"account":"a","id":"n","owner":"r\\"","ttl":30,' +
      '"waitUntil":"2026-01-02T03:04:05.006Z","granted":null}',
  );
  const refusal = { code: 'amount_exceeded', remaining: 3n } as const;
  expect(encodeData({ type: 'command.refused', refusal })).toBe(
    '{"code":"amount_exceeded","remaining":"3"}',
  );
});

test('the text of a block, to the character', () => {
  const command = { principal: 'ana', id: 'c1', hash: 'ff' };
  const quantity = -3n;
  const fact: Fact = {
    type: 'goods.adjusted',
    sku: 'tea',
    quantity,
    reason: 'it’s\n"wet"',
    transferId: 't',
  };
  expect(encodeBlock(header, [{ seq: 40, command, fact }])).toBe(
    `{"block":7,"id":"${header.id}","previous":"${header.previous}",` +
      '"at":"2026-01-31T23:59:59.007Z","firstSeq":40,"lastSeq":41}\n' +
      '{"seq":40,"type":"goods.adjusted","by":"ana","id":"c1","hash":"ff",' +
      '"data":{"sku":"tea","quantity":-3,"reason":"it’s\\n\\"wet\\"","transferId":"t"}}\n',
  );
});

describe('damage', () => {
  /** The block that these bytes read as; undefined when they read as none. */
  const read = (bytes: Uint8Array) => {
    try {
      return decodeBlock(decoder.decode(bytes));
    } catch (error) {
      // Of the journal's reader, and of the strict reader of UTF-8.
      if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
      throw error;
    }
  };

  test('one changed byte reads as nothing or as something else', () => {
    const property = fc.property(
      fc.array(anyEvent, { minLength: 1, maxLength: 2 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (events, place, change) => {
        const bytes = encoder.encode(encodeBlock(header, events));
        const index = place % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ change;
        expect(read(bytes)).not.toEqual({ header, events });
      },
    );
    fc.assert(property, { numRuns: 2_000 });
  });

  test('every byte of a block, changed to every other', () => {
    const fact: Fact = {
      type: 'product.changed',
      sku: 'a',
      name: 'é\u001f\ud800\ufffd',
      price: 10n,
    };
    const events: readonly Event[] = [{ seq: 40, command: null, fact }];
    const original = encoder.encode(encodeBlock(header, events));
    const same: string[] = [];
    for (const [index, byte] of original.entries()) {
      for (let other = 0; other < 256; other += 1) {
        const bytes = Uint8Array.from(original);
        bytes[index] = other;
        const block = read(bytes);
        if (block === undefined || other === byte) continue;
        if (encodeBlock(block.header, block.events) === encodeBlock(header, events)) {
          same.push(`${index}: ${byte} → ${other}`);
        }
      }
    }
    expect(same).toEqual([]);
  });

  const good = encodeBlock(header, [{ seq: 40, command: null, fact: { type: 'command.failed' } }]);

  test.each([
    ['no line feed at the end', good.slice(0, -1)],
    ['an empty line', `${good}\n`],
    ['nothing at all', ''],
    ['no header', '\n'],
    ['white space', good.replace('"block":7', '"block": 7')],
    ['a carriage return', good.replace('\n', '\r\n')],
    ['another spelling of the time', good.replace('T23', ' 23')],
    ['no time', good.replace('2026-01-31T23:59:59.007Z', 'soon')],
    ['another spelling of a number', good.replace('"seq":40', '"seq":4e1')],
    ['a fraction', good.replace('"seq":40', '"seq":40.5')],
    ['a number beyond 2^53 − 1', good.replace('"seq":40', '"seq":9007199254740993')],
    ['a member that nobody reads', good.replace('"data":{}', '"data":{"extra":1}')],
    ['a member twice', good.replace('"seq":40', '"seq":40,"seq":40')],
    ['an unknown event', good.replace('command.failed', 'command.lost')],
    ['an event named like a property of every object', good.replace('command.failed', 'toString')],
    ['a list where an object belongs', good.replace('"data":{}', '"data":[]')],
    ['members in another order', good.replace(/("seq":40),("type":"[a-z.]+")/, '$2,$1')],
  ])('%s is no block', (_, damaged) => {
    expect(decodeBlock(good).events).toHaveLength(1);
    expect(damaged).not.toBe(good);
    expect(() => decodeBlock(damaged)).toThrow(SyntaxError);
  });
});
