import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apply } from './apply.ts';
import { NO_LEASE_TOKENS, type Envelope } from './command.ts';
import {
  ABORT_PREPARED,
  begin as beginCrossBank,
  bodyOf,
  commit,
  CONSENT,
  createMemberTown,
  idOf,
  leg,
  prepare,
  uuidOf,
} from './cross-bank.fixture.ts';
import { decide } from './decide.ts';
import { decideOwn } from './decide-share.ts';
import { footprint, rowsOf, type Footprint } from './footprint.ts';
import type { Ledger, LedgerView } from './ledger.ts';
import type { MemoryLedger } from './memory-ledger.ts';
import { begin, randomRules, randomSteps } from './random-steps.fixture.ts';
import { REFUSAL_CASES } from './refusal-cases.fixture.ts';
import { createFurnishedTown } from './furnished-town.fixture.ts';
import type { OwnCommand } from './own-command.ts';
import { ownFootprint, ownRowsOf } from './own-footprint.ts';
import { createTown, type Town } from './town.fixture.ts';

/** What an engine has loaded for one command. */
interface Loaded {
  readonly names: Set<string>;
  readonly view: LedgerView;
}

/** Loads what the footprint names, until it names nothing new. */
function load(
  ledger: MemoryLedger,
  footprintOf: (view: LedgerView, into: Footprint) => void,
): Loaded {
  const names = new Set<string>();
  const into: Footprint = {
    account: (id) => void names.add(`account ${id}`),
    product: (sku) => void names.add(`product ${sku}`),
    transfer: (id) => void names.add(`transfer ${id}`),
    transaction: (id) => void names.add(`transaction ${id}`),
    hold: (id) => void names.add(`hold ${id}`),
    leases: (id) => void names.add(`leases ${id}`),
    correctable: (id) => void names.add(`correctable ${id}`),
    group: (id) => void names.add(`group ${id}`),
    order: (id) => void names.add(`order ${id}`),
    crossBank: (id) => void names.add(`crossBank ${id}`),
    newCrossBank: (id) => void names.add(`crossBank ${id}`),
    consent: (id) => void names.add(`consent ${id}`),
  };
  const loaded =
    <Found>(kind: string, read: (id: string) => Found) =>
    (id: string): Found | undefined =>
      names.has(`${kind} ${id}`) ? read(id) : undefined;
  // While loading, what isn't loaded looks as if it weren't there.
  const view: LedgerView = {
    ...ledger,
    account: loaded('account', ledger.account),
    product: loaded('product', ledger.product),
    hold: loaded('hold', ledger.hold),
    correctable: loaded('correctable', ledger.correctable),
    group: loaded('group', ledger.group),
    order: loaded('order', ledger.order),
    crossBank: loaded('crossBank', ledger.crossBank),
    consent: loaded('consent', ledger.consent),
  };
  let rounds = 0;
  let known: number;
  do {
    known = names.size;
    footprintOf(view, into);
    rounds += 1;
  } while (names.size > known);
  // Two rounds that name something, and one that finds nothing new.
  expect(rounds).toBeLessThanOrEqual(3);
  return { names, view: strictView(ledger, names) };
}

/** Throws when something is read that wasn't loaded; the engine has the outcome from the envelope. */
function strictView(ledger: MemoryLedger, names: ReadonlySet<string>): LedgerView {
  const need = (name: string) => {
    if (!names.has(name)) throw new Error(`${name} was read and not loaded`);
  };
  const strict =
    <Found>(kind: string, read: (id: string) => Found) =>
    (id: string): Found => {
      need(`${kind} ${id}`);
      return read(id);
    };
  return {
    account: strict('account', ledger.account),
    product: strict('product', ledger.product),
    isTransferTaken: strict('transfer', ledger.isTransferTaken),
    isTransactionTaken: strict('transaction', ledger.isTransactionTaken),
    hold: strict('hold', ledger.hold),
    leases: strict('leases', ledger.leases),
    correctable: strict('correctable', ledger.correctable),
    group: strict('group', ledger.group),
    order: strict('order', ledger.order),
    crossBank: strict('crossBank', ledger.crossBank),
    consent: strict('consent', ledger.consent),
    bank: ledger.bank,
    outcome: ledger.outcome,
  };
}

/** A ledger to fold one event into: what the event itself puts may be read. Counts the rows written. */
function strictLedger(ledger: MemoryLedger, { names, view }: Loaded, rows: Set<string>): Ledger {
  const written = (name: string) => {
    names.add(name);
    rows.add(name);
  };
  return {
    ...view,
    putAccount: (account) => {
      ledger.putAccount(account);
      written(`account ${account.id}`);
    },
    putProduct: (product) => {
      ledger.putProduct(product);
      written(`product ${product.sku}`);
    },
    addTransfer: (transfer) => {
      // Whether its id is free is for `decide` to ask, so the footprint must have named it.
      if (!names.has(`transfer ${transfer.id}`)) throw new Error(`${transfer.id} was not named`);
      ledger.addTransfer(transfer);
      written(`transfer ${transfer.id}`);
    },
    addTransaction: (id, seq, owner) => {
      if (!names.has(`transaction ${id}`)) throw new Error(`${id} was not named`);
      ledger.addTransaction(id, seq, owner);
      written(`transaction ${id}`);
    },
    addOrder: (order) => {
      ledger.addOrder(order);
      written(`order ${order.id}`);
      for (const index of order.lines.keys()) written(`line ${order.id} ${index}`);
    },
    putHold: (hold) => {
      // One that is new has its id from the footprint, too: it is that of a transaction.
      const isNamed = names.has(`hold ${hold.id}`) || names.has(`transaction ${hold.id}`);
      if (!isNamed) throw new Error(`${hold.id} was not named`);
      const isNew = ledger.hold(hold.id) === undefined;
      ledger.putHold(hold);
      written(`hold ${hold.id}`);
      const newLegs = isNew ? hold.legs : [];
      for (const index of newLegs.keys()) written(`leg ${hold.id} ${index}`);
    },
    putLeases: (account, open) => {
      const before = new Set(ledger.leases(account));
      ledger.putLeases(account, open);
      // Those that are over go together.
      for (const lease of open) if (!before.has(lease)) written(`lease ${lease.id}`);
    },
    addReversal: (reversal) => {
      ledger.addReversal(reversal);
      written(`reversal ${reversal.transfer}`);
    },
    addCancellation: (cancellation) => {
      ledger.addCancellation(cancellation);
      written(`cancellation ${cancellation.order}`);
    },
    openBank: ledger.openBank,
    putCrossBank: (record) => {
      ledger.putCrossBank(record);
      written(`crossBank ${record.id}`);
    },
    putConsent: (consent) => {
      ledger.putConsent(consent);
      written(`consent ${consent.id}`);
    },
    addOutcome: (outcome) => {
      ledger.addOutcome(outcome);
      written(`outcome ${outcome.id}`);
    },
  };
}

/** Decides and applies with nothing but what was loaded. */
function settle({ ledger, rules, now }: Town, envelope: Envelope, seq: number): void {
  const { command } = envelope;
  const loaded = load(ledger, (view, into) => footprint(command, view, into));
  const decision = decide(loaded.view, envelope, rules, now());
  if (decision.kind !== 'decided') return;
  const { principal, id, hash } = envelope;
  const rows = new Set<string>();
  const event = { seq, command: { principal, id, hash }, fact: decision.fact };
  apply(strictLedger(ledger, loaded, rows), event, now());
  if (rows.size > rowsOf(command)) {
    throw new Error(`${command.type} wrote ${rows.size} rows and announced ${rowsOf(command)}`);
  }
}

test('deciding and applying read only what the footprint names, and write no more rows than said', () => {
  fc.assert(
    fc.property(randomSteps, randomRules, (steps, rules) => {
      const town = createTown(rules);
      steps.forEach((step, index) => settle(town, begin(step, town), index + 2));
    }),
    { numRuns: 120 },
  );
});

test.each(Object.values(REFUSAL_CASES).map(({ accepted }) => accepted))(
  'so does $type with each of its faults',
  (accepted) => {
    const faults: readonly {
      readonly change: object;
      readonly leaseTokens?: readonly number[];
    }[] = REFUSAL_CASES[accepted.type].faults;
    for (const { change, leaseTokens = NO_LEASE_TOKENS } of [{ change: {} }, ...faults]) {
      const town = createFurnishedTown();
      const command = { ...accepted, ...change };
      settle(town, { principal: 'p', id: 'c', hash: '', command, leaseTokens }, 999);
      expect(town.ledger.outcome('p', 'c')).toMatchObject({ seq: 999 });
    }
  },
);

const bought = bodyOf(idOf('town', 40), 'alfa/zoe town/bia 6');
const order = {
  id: uuidOf(400),
  customer: 'alfa/zoe',
  merchant: 'bia',
  lines: [{ sku: 'tea', quantity: 2n }],
  total: 6n,
};

test.each<[string, OwnCommand]>([
  ['its commit', commit(bought, { transferId: uuidOf(4_000) })],
  ['its abort', { ...ABORT_PREPARED, id: bought.id }],
])('so does a purchase across banks, and %s', (_, own) => {
  const town = createMemberTown();
  town.tell({
    type: 'CreateProduct',
    sku: 'tea',
    name: 'Tea',
    price: 3n,
    asset: 'BRL/2',
    merchant: 'bia',
    stock: 9n,
    transferId: uuidOf(401),
  });
  const command = beginCrossBank(bought, { order });
  settle(town, { principal: 'p', id: 'c', hash: '', command, leaseTokens: [] }, 999);
  const { rows, most } = takeOwn(town, own, 1_000);
  expect(rows).toBeLessThanOrEqual(most);
  expect(town.ledger.orders.has(order.id)).toBe(true);
});

/** As `settle`, of the bank's own step; how many rows it wrote, and how many it had announced. */
function takeOwn({ ledger, rules, now }: Town, own: OwnCommand, seq: number) {
  const loaded = load(ledger, (view, into) => ownFootprint(own, view, into));
  const decision = decideOwn(loaded.view, own, rules, now());
  const rows = new Set<string>();
  if (decision.kind === 'decided') {
    const { fact } = decision;
    apply(strictLedger(ledger, loaded, rows), { seq, command: null, fact }, now());
  }
  return { rows: rows.size, most: ownRowsOf(own, 0) };
}

const debit = bodyOf(idOf('alfa'), leg('town/ana alfa/zoe 20', CONSENT), 'alfa/zoe town/bia 1');
const both = [prepare(debit), commit(debit)] as const;
test.each<[string, readonly OwnCommand[]]>([
  ['a promise', [prepare(debit)]],
  ['a promise that is refused', [prepare(bodyOf(idOf('alfa'), 'alfa/zoe town/ghost 1'))]],
  ['its commit', both],
  ['its abort', [prepare(debit), { ...ABORT_PREPARED, id: debit.id }]],
  ['a tombstone', [{ ...ABORT_PREPARED, from: 'absent', id: debit.id }]],
  ['a doubt', [{ type: 'DoubtShare', body: debit, hash: '' }]],
  ['a commit that is rebuilt', [commit(debit, { from: 'absent', rebuilt: true })]],
  ['a step that comes too late', [...both, { type: 'SettleShare', id: debit.id }]],
])('so does the bank itself: %s', (_, steps) => {
  const town = createMemberTown();
  for (const [index, own] of steps.entries()) {
    const { rows, most } = takeOwn(town, own, 999 + index);
    expect(rows).toBeLessThanOrEqual(most);
  }
});
