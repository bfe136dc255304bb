import { describe, expect, test } from 'vitest';
import type { CrossBankOrder } from './consortium-command.ts';
import {
  ABORT_PREPARED,
  begin,
  bodyOf,
  commit,
  createMemberTown,
  idOf,
  leg,
  uuidOf,
} from './cross-bank.fixture.ts';
import { brokenInvariants } from './invariants.fixture.ts';
import type { Refusal } from './refusal.ts';
import { accountOf, type Town } from './town.fixture.ts';

const ORDER: CrossBankOrder = {
  id: uuidOf(400),
  customer: 'alfa/zoe',
  merchant: 'bia',
  lines: [{ sku: 'tea', quantity: 2n }],
  total: 6n,
};
const BODY = bodyOf(idOf('town', 40), 'alfa/zoe town/bia 6');
const TRANSFERS = uuidOf(4_000);

/** A member town in which bia sells: 10 of `tea` for 3, `mug` of ana's for 2. */
function createShop(): Town {
  const town = createMemberTown();
  const product = { asset: 'BRL/2', stock: 10n, transferId: uuidOf(401) } as const;
  const tea = { sku: 'tea', name: 'Tea', price: 3n, merchant: 'bia' };
  const mug = { sku: 'mug', name: 'Mug', price: 2n, merchant: 'ana' };
  town.tell({ type: 'CreateProduct', ...product, ...tea });
  town.tell({ type: 'CreateProduct', ...product, ...mug, transferId: uuidOf(402) });
  return town;
}

function sums(town: Town, id: string) {
  const { creditsPosted, debitsPosted, debitsPending } = accountOf(town, id);
  return [creditsPosted - debitsPosted, debitsPending];
}

const place = (town: Town, changes: Partial<CrossBankOrder> = {}, body = BODY) =>
  town.tell(begin(body, { order: { ...ORDER, ...changes } }));

test('a purchase across banks holds its goods with its money', () => {
  const town = createShop();
  expect(place(town)).toMatchObject({
    type: 'crossbank.prepared',
    order: { id: ORDER.id, total: 6n, lines: [{ sku: 'tea', unitPrice: 3n, name: 'Tea' }] },
  });
  expect(sums(town, 'stock:tea')).toEqual([10n, 2n]);
  expect(sums(town, 'peer:alfa:BRL')).toEqual([0n, 6n]);
  expect(town.ledger.order(ORDER.id)).toBeUndefined();
  expect(town.ledger.isTransactionTaken(ORDER.id)).toBe(true);
});

test('committed, order, goods and money are one transaction under the id of the order', () => {
  const town = createShop();
  place(town);
  town.settle(commit(BODY, { transferId: TRANSFERS }));
  expect(sums(town, 'stock:tea')).toEqual([8n, 0n]);
  expect(sums(town, 'bia')).toEqual([6n, 0n]);
  expect(town.ledger.order(ORDER.id)).toMatchObject({
    state: 'completed',
    order: { customer: 'alfa/zoe', total: 6n, crossBank: BODY.id, seq: town.journal.length },
  });
  expect(town.ledger.group(ORDER.id)?.transfers.map(({ to }) => to)).toEqual(['bia', 'sold:tea']);
  expect(brokenInvariants(town.ledger, town.journal)).toEqual([]);
});

test('aborted, goods and money are free again and the order says why', () => {
  const town = createShop();
  place(town);
  const refusal: Refusal = { code: 'insufficient_funds', account: 'zoe' };
  town.settle({
    ...ABORT_PREPARED,
    id: BODY.id,
    because: [
      { bank: 'beta', reason: { code: 'too_late' } },
      { bank: 'alfa', reason: { code: 'refused', refusal } },
    ],
  });
  expect(sums(town, 'stock:tea')).toEqual([10n, 0n]);
  expect(town.ledger.orders.get(ORDER.id)).toMatchObject({ status: 'refused', refusal });
  const later = createShop();
  place(later);
  later.settle({ ...ABORT_PREPARED, id: BODY.id });
  expect(later.ledger.orders.get(ORDER.id)).toMatchObject({
    refusal: { code: 'transaction_aborted', transaction: BODY.id },
  });
  expect(brokenInvariants(later.ledger, later.journal)).toEqual([]);
});

test('refused at once it moves nothing, and is found with its reason', () => {
  const town = createShop();
  expect(place(town, { lines: [{ sku: 'tea', quantity: 1n }] })).toMatchObject({
    type: 'order.refused',
    id: ORDER.id,
    customer: 'alfa/zoe',
    refusal: { code: 'price_changed' },
  });
  expect(town.ledger.holds.size + town.ledger.crossBanks.size).toBe(0);
});

describe('the seller refuses', () => {
  const paying = (amount: number) => bodyOf(idOf('town', 40), `alfa/zoe town/bia ${amount}`);

  test.each<[string, Partial<CrossBankOrder>, number, Refusal]>([
    [
      'goods that aren’t there',
      { lines: [{ sku: 'tea', quantity: 11n }], total: 33n },
      33,
      { code: 'insufficient_stock', sku: 'tea' },
    ],
    [
      'an unknown product',
      { lines: [{ sku: 'ghost', quantity: 1n }] },
      6,
      { code: 'product_not_found', sku: 'ghost' },
    ],
    [
      'another’s product',
      { lines: [{ sku: 'mug', quantity: 3n }] },
      6,
      { code: 'merchant_mismatch', sku: 'mug' },
    ],
    [
      'more debt than the bank of the customer may have',
      { lines: [{ sku: 'tea', quantity: 10n }], total: 30n },
      30,
      { code: 'exposure_exceeded', account: 'peer:alfa:BRL' },
    ],
  ])('%s', (_, changes, amount, refusal) => {
    const town = createShop();
    if (refusal.code === 'exposure_exceeded') {
      town.tell({ type: 'SetExposureLimit', bank: 'alfa', asset: 'BRL/2', limit: 29n });
    }
    expect(place(town, changes, paying(amount))).toMatchObject({ type: 'order.refused', refusal });
    expect(sums(town, 'stock:tea')).toEqual([10n, 0n]);
  });

  test('an id that is taken, which stays whose it was', () => {
    const town = createShop();
    place(town);
    const again = bodyOf(idOf('town', 41), 'alfa/zoe town/bia 6');
    expect(place(town, {}, again)).toEqual({
      type: 'command.refused',
      refusal: { code: 'id_taken' },
    });
  });
});

test('what was bought across banks is not taken back by one of them', () => {
  const town = createShop();
  place(town);
  town.settle(commit(BODY, { transferId: TRANSFERS }));
  const cancel = { order: ORDER.id, id: uuidOf(403), transferId: uuidOf(4_100) };
  const owned = { code: 'part_of', owner: 'crossbank', id: BODY.id };
  expect(town.refusal({ type: 'CancelOrder', ...cancel })).toEqual(owned);
});

test.each<[string, Partial<CrossBankOrder>, string]>([
  ['pay another sum', { total: 7n }, 'alfa/zoe town/bia 6'],
  ['pay somebody else', {}, 'alfa/zoe town/ana 6'],
  ['are paid by somebody else', {}, 'alfa/eva town/bia 6'],
  ['buy nothing', { lines: [] }, 'alfa/zoe town/bia 6'],
])('legs that %s are no payment', (_, changes, text) => {
  const body = bodyOf(idOf('town', 40), leg(text));
  expect(() => place(createShop(), changes, body)).toThrow(ORDER.id);
});
