import { expect, test } from 'vitest';
import { brokenInvariants } from './invariants.fixture.ts';
import type { MemoryLedger } from './memory-ledger.ts';
import { REFUSAL_CASES } from './refusal-cases.fixture.ts';
import { createTown, type Town } from './town.fixture.ts';

// The checks that `model.test.ts` runs at every step must themselves be able to fail.

function townWithOrder(): Town {
  const town = createTown();
  for (const account of ['ana', 'shop']) {
    town.tell({ ...REFUSAL_CASES.OpenAccount.accepted, account });
  }
  town.tell({ ...REFUSAL_CASES.Deposit.accepted, id: 'd', amount: 50n });
  town.tell({ ...REFUSAL_CASES.CreateProduct.accepted, sku: 'pen', stock: 5n });
  town.tell({ ...REFUSAL_CASES.PlaceOrder.accepted, id: 'order' });
  return town;
}

function change(ledger: MemoryLedger, id: string, more: object): void {
  const account = ledger.account(id);
  if (account === undefined) throw new Error(`${id} doesn't stand`);
  ledger.putAccount({ ...account, ...more });
}

test('nothing is broken in a town that followed the rules', () => {
  const { ledger, journal } = townWithOrder();
  expect(ledger.orders.get('order')?.status).toBe('completed');
  expect(brokenInvariants(ledger, journal)).toEqual([]);
});

test.each<[string, (ledger: MemoryLedger) => void]>([
  ['I1: debits and credits of BRL/2', (it) => change(it, 'ana', { creditsPosted: 51n })],
  ['I1: debits and credits of BRL/2', (it) => change(it, 'ana', { debitsPending: 1n })],
  ['I2: ana is over its limit', (it) => change(it, 'ana', { debitsPosted: 51n })],
  ['I2: ana is over its limit', (it) => change(it, 'ana', { debitsPending: 51n })],
  ['I2: cash:BRL is below', (it) => change(it, 'cash:BRL', { debitsPosted: 2n ** 62n + 1n })],
  ['I2: ana is above', (it) => change(it, 'ana', { creditsPending: 2n ** 53n })],
  ['I3: units of pen', (it) => change(it, 'stock:pen', { creditsPosted: 6n })],
  ['I3: a count of pen', (it) => change(it, 'sold:pen', { debitsPosted: 9n })],
  ['I3: more of pen', (it) => change(it, 'stock:pen', { debitsPending: 9n })],
  [
    'I4: completed order other',
    (it) => {
      const order = it.orders.get('order');
      if (order !== undefined) it.addOrder({ ...order, id: 'other' });
    },
  ],
  [
    'I4: transfers of other',
    (it) => {
      const transfer = it.transfers.get('d');
      if (transfer !== undefined) it.addTransfer({ ...transfer, id: 'e', transaction: 'other' });
    },
  ],
  [
    'I6: outcomes and events',
    (it) => it.addOutcome({ principal: 'p', id: 'x', hash: '', seq: 2, code: null }),
  ],
])('%s …', (complaint, damage) => {
  const { ledger, journal } = townWithOrder();
  damage(ledger);
  expect(brokenInvariants(ledger, journal).join('\n')).toContain(complaint);
});

test('I6: event … settles what another one settled', () => {
  const { ledger, journal } = townWithOrder();
  const twice = [
    ...journal,
    ...journal.slice(-1).map(({ at, event }) => ({ at, event: { ...event, seq: 99 } })),
  ];
  expect(brokenInvariants(ledger, twice).join('\n')).toContain('I6: event 99');
});
