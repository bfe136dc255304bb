import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apply } from './apply.ts';
import type { Envelope } from './command.ts';
import { refusalOf } from './event.ts';
import { brokenInvariants } from './invariants.fixture.ts';
import { encodeBlock } from './journal.ts';
import { decodeBlock } from './journal-reader.ts';
import { createMemoryLedger, type MemoryLedger } from './memory-ledger.ts';
import { Notebook, type Answer } from './model.fixture.ts';
import { randomRules, randomSteps } from './random-steps.fixture.ts';
import { createTown, EVENTS_PER_BLOCK, type Happened, type Town } from './town.fixture.ts';
import { FACT_TYPES, REFUSAL_CODES } from './vocabulary.fixture.ts';

const SEQUENCES = process.env['LASTRO_LONG'] === '1' ? 5_000 : 600;

/** No command of this version freezes or closes; see `refusals.test.ts` for what these do. */
const NOT_REACHABLE = ['account_closed', 'account_frozen'];

test('core answers as the model does, and nothing that must hold breaks at any step', () => {
  const seen = { steps: 0, refusals: new Set<string>(), facts: new Set<string>(['bank.opened']) };
  const property = fc.property(randomSteps, randomRules, (steps, rules) => {
    const town = createTown(rules);
    const model = new Notebook(rules.amountMax);
    for (const { envelope, fails } of steps) {
      const answer = fails ? giveUp(town, model, envelope) : submit(town, model, envelope);
      seen.steps += 1;
      if (answer?.is === 'refused') seen.refusals.add(answer.because.code);
      const fact = town.journal.at(-1)?.event.fact;
      if (fact !== undefined) seen.facts.add(fact.type);
      assertNone(differences(town.ledger, model));
      assertNone(brokenInvariants(town.ledger, town.journal));
    }
    expect(folded(town.journal)).toEqual(contentOf(town.ledger));
  });
  fc.assert(property, { numRuns: SEQUENCES });

  expect(seen.steps).toBeGreaterThan(5_000);
  expect([...seen.facts].toSorted()).toEqual(FACT_TYPES);
  const reachable = REFUSAL_CODES.filter((code) => !NOT_REACHABLE.includes(code));
  expect([...seen.refusals].toSorted()).toEqual(reachable);
});

/** Submits to both and compares the answers. */
function submit(town: Town, model: Notebook, envelope: Envelope): Answer {
  const decision = town.submit(envelope);
  const expected = model.answer(envelope);
  expect(answerOf(decision)).toEqual(expected);
  return expected;
}

function answerOf(decision: ReturnType<Town['submit']>): Answer {
  switch (decision.kind) {
    case 'replayed':
      // The bank's own first event is number 1, so the first command's is number 2.
      return { is: 'repeated', number: decision.seq - 2 };
    case 'reused':
      return { is: 'reused' };
    case 'decided': {
      const because = refusalOf(decision.fact);
      return because === undefined ? { is: 'done' } : { is: 'refused', because };
    }
  }
}

/** What the engine does with a command that threw. A command that was settled is not given up. */
function giveUp(town: Town, model: Notebook, envelope: Envelope): undefined {
  if (town.ledger.outcome(envelope.principal, envelope.id) !== undefined) return undefined;
  town.record(envelope, { type: 'command.failed' });
  model.give(envelope);
  return undefined;
}

/** Where ledger and notebook don't say the same. */
function differences(ledger: MemoryLedger, model: Notebook): string[] {
  const wrong: string[] = [];
  const compare = (what: string, ours: unknown, theirs: unknown) => {
    if (ours !== theirs) wrong.push(`${what}: core ${String(ours)}, model ${String(theirs)}`);
  };
  const places = model.places();
  compare('accounts', [...ledger.accounts.keys()].toSorted().join(), places.toSorted().join());
  for (const place of places) {
    const account = ledger.account(place);
    const balance = account && account.creditsPosted - account.debitsPosted;
    compare(`balance of ${place}`, balance, model.worth(place));
  }
  compare('products', ledger.products.size, model.goods.length);
  for (const { sku, name, price, edition } of model.goods) {
    const product = ledger.product(sku);
    compare(`product ${sku}`, product && [product.name, product.price].join(), `${name},${price}`);
    compare(`version of ${sku}`, product?.version, edition);
  }
  compare('transfers', ledger.transfers.size, model.moves.length);
  const last = model.moves.at(-1);
  const transfer = last && ledger.transfers.get(last.id);
  if (last !== undefined) {
    compare(`group of ${last.id}`, transfer?.transaction, last.group);
    compare(`amount of ${last.id}`, transfer?.amount, last.amount);
    compare(`balance after ${last.id}`, transfer?.fromBalance, model.worth(last.from));
    compare(`balance after ${last.id}`, transfer?.toBalance, model.worth(last.to));
  }
  compare('transactions', [...ledger.transactions.keys()].join(), model.groups.join());
  compare('orders', ledger.orders.size, model.purchases.length);
  for (const { id, refused, paid } of model.purchases) {
    const order = ledger.orders.get(id);
    compare(`order ${id}`, order?.status, refused ? 'refused' : 'completed');
    if (order?.status === 'completed') compare(`total of ${id}`, order.total, paid);
  }
  return wrong;
}

function assertNone(complaints: readonly string[]): void {
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
}

/** The ledger that the journal's text alone gives (I8). */
function folded(journal: readonly Happened[]): Content {
  const ledger = createMemoryLedger();
  for (let first = 0; first < journal.length; first += EVENTS_PER_BLOCK) {
    const block = journal.slice(first, first + EVENTS_PER_BLOCK);
    const header = {
      block: first / EVENTS_PER_BLOCK,
      id: 'attempt',
      previous: '0'.repeat(64),
      at: block[0]?.at ?? 0,
      firstSeq: first + 1,
      lastSeq: first + block.length,
    };
    const events = block.map(({ event }) => event);
    const read = decodeBlock(encodeBlock(header, events));
    expect(read.header).toEqual(header);
    for (const event of read.events) apply(ledger, event, read.header.at);
  }
  return contentOf(ledger);
}

type Content = ReturnType<typeof contentOf>;

function contentOf(ledger: MemoryLedger) {
  const { accounts, products, transfers, transactions, orders, outcomes } = ledger;
  return { accounts, products, transfers, transactions, orders, outcomes };
}
