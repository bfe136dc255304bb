import { expect, test } from 'vitest';
import { brokenInvariants } from './invariants.fixture.ts';
import type { MemoryLedger } from './memory-ledger.ts';
import { REFUSAL_CASES } from './refusal-cases.fixture.ts';
import { request } from './refusal-case.fixture.ts';
import { createTown, type Happened, type Town } from './town.fixture.ts';

const CancelOrder = REFUSAL_CASES.CancelOrder.accepted;

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

/** With a pending and a captured hold, a reversal, a cancelled order and a lease, too. */
function townWithPromises(): Town {
  const town = townWithOrder();
  const { PlaceHold, CaptureHold, ReverseTransfer, PlaceOrder, RequestLease } = REFUSAL_CASES;
  const transfers = [{ ...request, to: 'shop', amount: 5n }];
  const transferIds = ['o1', 'o2'];
  for (const command of [
    { ...PlaceHold.accepted, transfers, id: 'pending' },
    { ...PlaceHold.accepted, transfers, id: 'hold' },
    { ...CaptureHold.accepted, hold: 'hold', amount: 4n, transferId: 'captured' },
    { ...ReverseTransfer.accepted, reverses: 'captured', amount: 3n, id: 'reversal' },
    { ...PlaceOrder.accepted, id: 'second', transferIds },
    { ...CancelOrder, order: 'second', id: 'cancellation' },
    { ...RequestLease.accepted, account: 'ana', id: 'lease' },
    { ...RequestLease.accepted, account: 'ana', id: 'waiting', wait: 30 },
  ]) {
    expect(town.refusal(command)).toBeUndefined();
  }
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
  const more = townWithPromises();
  expect(brokenInvariants(more.ledger, more.journal)).toEqual([]);
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

/** The ledger with some of its parts exchanged. */
function withParts(ledger: MemoryLedger, parts: Partial<MemoryLedger>): MemoryLedger {
  return { ...ledger, ...parts };
}

const PENDING = 'pending';
const REVERSAL = 'reversal';

test.each<[string, (ledger: MemoryLedger) => MemoryLedger]>([
  [
    'I1: ana owes other',
    (it) => {
      const hold = it.holds.get(PENDING)!;
      const legs = hold.legs.map((leg) => ({ ...leg, amount: 4n }));
      return withParts(it, { holds: new Map(it.holds).set(PENDING, { ...hold, legs }) });
    },
  ],
  [
    'I1: shop expects other',
    (it) => {
      change(it, 'shop', { creditsPending: 4n });
      return it;
    },
  ],
  [
    'I2: shop is above its maximum',
    (it) => {
      change(it, 'shop', { maximumBalance: 5n });
      return it;
    },
  ],
  [
    'I4: hold pending ended unrecorded',
    (it) => {
      const end = { state: 'released', seq: 3, at: 0 } as const;
      it.putHold({ ...it.holds.get(PENDING)!, end });
      return it;
    },
  ],
  [
    'I4: hold hold was captured otherwise',
    (it) => {
      const hold = it.holds.get('hold')!;
      it.putHold({ ...hold, legs: [...hold.legs, ...hold.legs] });
      return it;
    },
  ],
  [
    'I4: hold hold ended by hold.captured at the wrong time',
    (it) => {
      it.putHold({ ...it.holds.get('hold')!, expiresAt: 0 });
      return it;
    },
  ],
  [
    'I4: more than captured was moved back',
    (it) => {
      const reversal = it.reversals.get(REVERSAL)!;
      it.addReversal({ ...reversal, transfer: 'again' });
      it.addTransfer({ ...it.transfers.get(REVERSAL)!, id: 'again' });
      return it;
    },
  ],
  [
    'I4: reversal doesn’t move',
    (it) => {
      const reversal = { ...it.reversals.get(REVERSAL)!, amount: 2n };
      return withParts(it, { reversals: new Map([[REVERSAL, reversal]]) });
    },
  ],
  [
    'I4: nobody moves nothing back',
    (it) => {
      it.addReversal({ ...it.reversals.get(REVERSAL)!, transfer: 'nobody' });
      return it;
    },
  ],
  [
    'I4: order was reversed in part',
    (it) => {
      const money = it.transfers.get('n1')!;
      const { from: to, to: from } = money;
      it.addTransfer({ ...money, id: 'back', transaction: null, from, to });
      const part = { ...it.reversals.get(REVERSAL)!, reverses: 'n1', transfer: 'back' };
      it.addReversal({ ...part, amount: money.amount });
      return it;
    },
  ],
  [
    'I4: order order was not cancelled as a whole',
    (it) => {
      it.addCancellation({ order: 'order', id: 'nothing', seq: 9, at: 0 });
      return it;
    },
  ],
  [
    'leases: ana is leased to several',
    (it) => {
      const open = it.leases('ana').map((lease) => ({ ...lease, token: 7 }));
      it.putLeases('ana', open);
      return it;
    },
  ],
  [
    'leases: ana doesn’t know',
    (it) => {
      change(it, 'ana', { leaseToken: 7 });
      return it;
    },
  ],
  [
    'leases: the token of lease',
    (it) => {
      const open = it.leases('ana').map((lease) => ({ ...lease, token: lease.token && 7 }));
      it.putLeases('ana', open);
      return it;
    },
  ],
])('%s …', (complaint, damage) => {
  const { ledger, journal } = townWithPromises();
  const broken = brokenInvariants(damage(ledger), journal).join('\n');
  expect(broken.replaceAll("'", '’')).toContain(complaint);
});

test('a hold that ended twice, and a lease granted out of turn', () => {
  const { ledger, journal } = townWithPromises();
  const again = (type: string) => journal.filter(({ event }) => event.fact.type === type);
  const twice = [...journal, ...again('hold.captured'), ...again('lease.requested')];
  const broken = brokenInvariants(ledger, twice).join('\n');
  expect(broken).toContain('I4: hold hold ended twice');
  const late: Happened = {
    at: 0,
    event: {
      seq: 99,
      command: null,
      fact: { type: 'lease.passed', account: 'ana', granted: 'lease' },
    },
  };
  expect(brokenInvariants(ledger, [...journal, late]).join('\n')).toContain('lease was served out');
});
