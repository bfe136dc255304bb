import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apply } from './apply.ts';
import type { Envelope } from './command.ts';
import { decide } from './decide.ts';
import { footprint, rowsOf, type Footprint } from './footprint.ts';
import type { Ledger, LedgerView } from './ledger.ts';
import type { MemoryLedger } from './memory-ledger.ts';
import { randomRules, randomSteps } from './random-steps.fixture.ts';
import { REFUSAL_CASES } from './refusal-cases.fixture.ts';
import { createFurnishedTown, createTown } from './town.fixture.ts';
import type { Rules } from './rules.ts';

/** What an engine has loaded for one command. */
interface Loaded {
  readonly names: Set<string>;
  readonly view: LedgerView;
}

/** Loads what the footprint names, until it names nothing new. */
function load(ledger: MemoryLedger, { command }: Envelope): Loaded {
  const names = new Set<string>();
  const into: Footprint = {
    account: (id) => void names.add(`account ${id}`),
    product: (sku) => void names.add(`product ${sku}`),
    transfer: (id) => void names.add(`transfer ${id}`),
    transaction: (id) => void names.add(`transaction ${id}`),
  };
  // While loading, what isn't loaded looks as if it weren't there.
  const view: LedgerView = {
    ...ledger,
    account: (id) => (names.has(`account ${id}`) ? ledger.account(id) : undefined),
    product: (sku) => (names.has(`product ${sku}`) ? ledger.product(sku) : undefined),
  };
  let rounds = 0;
  let known: number;
  do {
    known = names.size;
    footprint(command, view, into);
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
    addTransaction: (id, seq) => {
      if (!names.has(`transaction ${id}`)) throw new Error(`${id} was not named`);
      ledger.addTransaction(id, seq);
      written(`transaction ${id}`);
    },
    addOrder: (order) => {
      ledger.addOrder(order);
      written(`order ${order.id}`);
      for (const index of order.lines.keys()) written(`line ${order.id} ${index}`);
    },
    addOutcome: (outcome) => {
      ledger.addOutcome(outcome);
      written(`outcome ${outcome.id}`);
    },
  };
}

/** Decides and applies with nothing but what was loaded. */
function settle(ledger: MemoryLedger, envelope: Envelope, rules: Rules, seq: number): void {
  const loaded = load(ledger, envelope);
  const decision = decide(loaded.view, envelope, rules);
  if (decision.kind !== 'decided') return;
  const { principal, id, hash, command } = envelope;
  const rows = new Set<string>();
  const event = { seq, command: { principal, id, hash }, fact: decision.fact };
  apply(strictLedger(ledger, loaded, rows), event, 0);
  if (rows.size > rowsOf(command)) {
    throw new Error(`${command.type} wrote ${rows.size} rows and announced ${rowsOf(command)}`);
  }
}

test('deciding and applying read only what the footprint names, and write no more rows than said', () => {
  fc.assert(
    fc.property(randomSteps, randomRules, (steps, rules) => {
      const { ledger } = createTown(rules);
      steps.forEach(({ envelope }, index) => settle(ledger, envelope, rules, index + 2));
    }),
    { numRuns: 300 },
  );
});

test.each(Object.values(REFUSAL_CASES).map(({ accepted }) => accepted))(
  'so does $type with each of its faults',
  (accepted) => {
    const faults: readonly { readonly change: object }[] = REFUSAL_CASES[accepted.type].faults;
    for (const { change } of [{ change: {} }, ...faults]) {
      const { ledger, rules } = createFurnishedTown();
      const command = { ...accepted, ...change };
      settle(ledger, { principal: 'p', id: 'c', hash: '', command }, rules, 99);
      expect(ledger.outcome('p', 'c')).toMatchObject({ seq: 99 });
    }
  },
);
