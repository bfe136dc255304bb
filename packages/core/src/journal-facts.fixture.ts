import fc from 'fast-check';
import { SAFE_MAX } from './bounds.ts';
import type * as consortium from './consortium/index.ts';
import type { PendingOrder } from './cross-bank-record.ts';
import type { Event, Fact, FactType } from './event.ts';
import type { Refusal } from './refusal.ts';
import { REFUSAL_CASES } from './refusal-cases.fixture.ts';

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
/** Every refusal of the tables. */
export const refusals = Object.values(REFUSAL_CASES).flatMap(({ faults }) =>
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
const bankPlace = fc.record({ bank, account });
const anyBody = fc.record({
  id: crossBankId,
  legs: fc.array(fc.record({ from: bankPlace, to: bankPlace, amount, asset, consent: idOrNull }), {
    maxLength: 3,
  }),
  decideBy: number,
  generation: publicId,
});
const hashed = fc.record({ hash: word('0123456789abcdef', 64), body: anyBody });
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

/** Of every type of event any that there can be. */
export const FACTS: { readonly [Type in FactType]: fc.Arbitrary<Fact> } = {
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

/** An event of this fact, of anybody's command or of nobody's. */
export function eventOf(fact: fc.Arbitrary<Fact>): fc.Arbitrary<Event> {
  return fc.record({ seq: number, command: fc.option(mark), fact });
}

export const anyEvent = eventOf(fc.oneof(...Object.values(FACTS)));
