import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apply } from './apply.ts';
import { LEASE_QUEUE_MAX } from './bounds.ts';
import type { Command, Envelope } from './command.ts';
import { refusalOf } from './event.ts';
import { brokenInvariants } from './invariants.fixture.ts';
import { encodeBlock } from './journal.ts';
import { decodeBlock } from './journal-reader.ts';
import { createMemoryLedger, type MemoryLedger } from './memory-ledger.ts';
import { Notebook, type Answer } from './model.fixture.ts';
import type { Moment, Pages } from './notebook.fixture.ts';
import { begin, randomRules, randomSteps } from './random-steps.fixture.ts';
import { REFUSAL_CASES } from './refusal-cases.fixture.ts';
import { createTown, fingerprint, type Happened, type Town } from './town.fixture.ts';
import { CONSORTIUM_WORDS, FACT_TYPES, REFUSAL_CODES } from './vocabulary.fixture.ts';

/** In parts, so that a busy machine meets the deadline of each. */
const PARTS = [1, 2, 3, 4];
const SEQUENCES_OF_PART = process.env['LASTRO_LONG'] === '1' ? 800 : 50;

const seen = { steps: 0, refusals: new Set<string>(), facts: new Set<string>(['bank.opened']) };

test.each(PARTS)(
  'core answers as the model does, and nothing that must hold breaks at any step, part %i',
  () => {
    const property = fc.property(randomSteps, randomRules, (steps, rules) => {
      const town = createTown(rules);
      const model = new Notebook(rules.amountMax);
      const check = () => {
        const fact = town.journal.at(-1)?.event.fact;
        if (fact !== undefined) seen.facts.add(fact.type);
        assertNone(differences(town, model));
        assertNone(brokenInvariants(town.ledger, town.journal));
      };
      for (const step of steps) {
        const envelope = begin(step, town);
        if (step.sweeps) sweep(town, model, check);
        const answer = step.fails ? giveUp(town, model, envelope) : submit(town, model, envelope);
        seen.steps += 1;
        if (answer?.is === 'refused') seen.refusals.add(answer.because.code);
        check();
      }
      expect(folded(town.journal)).toEqual(contentOf(town.ledger));
    });
    fc.assert(property, { numRuns: SEQUENCES_OF_PART });
  },
);

test('a lease that ran out goes to who waits for it, by the bank alone, in core and model', () => {
  const town = createTown();
  const model = new Notebook(town.rules.amountMax);
  const ask = (id: string): Command => {
    return { type: 'RequestLease', id, account: 'new', owner: 'robot', ttl: 1, wait: 30 };
  };
  for (const [index, command] of [
    REFUSAL_CASES.OpenAccount.accepted,
    ask('one'),
    ask('two'),
  ].entries()) {
    const envelope = { principal: 'p', id: `${index}`, hash: fingerprint(command), command };
    expect(submit(town, model, { ...envelope, leaseTokens: [] })).toEqual({ is: 'done' });
  }
  town.pass(5);
  sweep(town, model, () => assertNone(differences(town, model)));
  expect(town.journal.at(-1)?.event.fact).toMatchObject({ type: 'lease.passed', granted: 'two' });
  seen.facts.add('lease.passed');
});

test('as many as may wait for a lease wait for it, and core and model refuse the next', () => {
  const town = createTown();
  const model = new Notebook(town.rules.amountMax);
  const ask = (id: string): Command => {
    return { type: 'RequestLease', id, account: 'new', owner: 'robot', ttl: 600, wait: 30 };
  };
  const commands = [
    REFUSAL_CASES.OpenAccount.accepted,
    ...Array.from({ length: LEASE_QUEUE_MAX }, (_, index) => ask(`lease-${index}`)),
  ];
  const tell = (command: Command, id: string): Answer => {
    const hash = fingerprint(command);
    return submit(town, model, { principal: 'p', id, hash, command, leaseTokens: [] });
  };
  for (const [index, command] of commands.entries()) {
    expect(tell(command, `${index}`)).toEqual({ is: 'done' });
  }
  const full = { code: 'lease_queue_full', account: 'new' };
  expect(tell(ask('last'), 'last')).toEqual({ is: 'refused', because: full });
  seen.refusals.add(full.code);
  town.pass(30);
  // Those whose patience is over have left, whether it was recorded or not.
  expect(tell(ask('later'), 'later')).toEqual({ is: 'done' });
  assertNone(differences(town, model));
});

test('every fact and every refusal was met', () => {
  expect(seen.steps).toBeGreaterThan(5_000);
  const ofOneBank = (words: readonly string[]) =>
    words.filter((word) => !CONSORTIUM_WORDS.includes(word));
  expect([...seen.facts].toSorted()).toEqual(ofOneBank(FACT_TYPES));
  expect([...seen.refusals].toSorted()).toEqual(ofOneBank(REFUSAL_CODES));
});

/** Lets both record what is over, and compares what that was. */
function sweep(town: Town, model: Notebook, check: () => void): void {
  const moment = momentOf(town);
  const facts = town.sweep().map((fact) => {
    seen.facts.add(fact.type);
    if (fact.type === 'hold.expired') return `expired ${fact.hold}`;
    return fact.type === 'lease.passed' ? `passed ${fact.account}` : fact.type;
  });
  expect(facts).toEqual(model.sweep(moment));
  check();
}

function momentOf(town: Town): Moment {
  return { at: town.now(), seq: town.journal.length + 1 };
}

/** Submits to both and compares the answers. */
function submit(town: Town, model: Notebook, envelope: Envelope): Answer {
  const moment = momentOf(town);
  const decision = town.submit(envelope);
  const expected = model.answer(envelope, moment);
  expect(answerOf(town, decision)).toEqual(expected);
  return expected;
}

function answerOf(town: Town, decision: ReturnType<Town['submit']>): Answer {
  switch (decision.kind) {
    case 'replayed': {
      const settled = town.journal.filter(({ event }) => event.command !== null);
      return {
        is: 'repeated',
        number: settled.findIndex(({ event }) => event.seq === decision.seq),
      };
    }
    case 'reused':
      return { is: 'reused' };
    case 'postponed':
      throw new Error('the model is of one bank');
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
function differences(town: Town, model: Notebook): string[] {
  const { ledger } = town;
  const { pages } = model;
  pages.moment = { at: town.now(), seq: 0 };
  const wrong: string[] = [];
  const compare = (what: string, ours: unknown, theirs: unknown) => {
    if (ours !== theirs) wrong.push(`${what}: core ${String(ours)}, model ${String(theirs)}`);
  };
  const places = pages.places();
  compare('accounts', [...ledger.accounts.keys()].toSorted().join(), places.toSorted().join());
  for (const place of places) {
    const expected = expectedLine(pages, place);
    const isSame = lineOf(town, place).every((value, index) => value === expected[index]);
    if (!isSame) compare(place, lineOf(town, place).join(), expected.join());
  }
  compare('products', ledger.products.size, pages.goods.length);
  for (const { sku, name, price, edition } of pages.goods) {
    const product = ledger.product(sku);
    compare(`product ${sku}`, product && [product.name, product.price].join(), `${name},${price}`);
    compare(`version of ${sku}`, product?.version, edition);
  }
  compare('transfers', ledger.transfers.size, pages.moves.length);
  const last = pages.moves.at(-1);
  const transfer = last && ledger.transfers.get(last.id);
  if (last !== undefined) {
    compare(`group of ${last.id}`, transfer?.transaction, last.group);
    compare(`amount of ${last.id}`, transfer?.amount, last.amount);
    compare(`balance after ${last.id}`, transfer?.fromBalance, pages.worth(last.from));
    compare(`balance after ${last.id}`, transfer?.toBalance, pages.worth(last.to));
    compare(`what ${last.id} reverses`, ledger.reversals.get(last.id)?.reverses, last.undoes);
  }
  compare('transactions', [...ledger.transactions.keys()].join(), pages.groups.join());
  compare('orders', ledger.orders.size, pages.purchases.length);
  for (const { id, refused, paid, undoneBy } of pages.purchases) {
    const order = ledger.orders.get(id);
    compare(`order ${id}`, order?.status, refused ? 'refused' : 'completed');
    if (order?.status === 'completed') compare(`total of ${id}`, order.total, paid);
    compare(`cancellation of ${id}`, ledger.cancellations.get(id)?.id, undoneBy);
  }
  compare('holds', ledger.holds.size, pages.promises.length);
  for (const { id, until, became } of pages.promises) {
    const hold = ledger.holds.get(id);
    compare(`hold ${id}`, hold && (hold.end?.state ?? null), became);
    compare(`expiry of ${id}`, hold?.expiresAt, until);
  }
  return wrong;
}

/** All that is to be said of an account; a lease that is over is as good as none. */
function lineOf({ ledger, now }: Town, id: string): readonly unknown[] {
  const account = ledger.account(id);
  if (account === undefined) return ['missing'];
  const { debitsPending, creditsPending, status, creditLimit, maximumBalance } = account;
  const balance = account.creditsPosted - account.debitsPosted;
  const { leaseToken, leaseUntil, version } = account;
  const lease = leaseUntil !== null && now() < leaseUntil ? [leaseToken, leaseUntil] : [null, null];
  const sums = [balance, debitsPending, creditsPending, creditLimit, maximumBalance];
  return [...sums, status, version, ...lease];
}

function expectedLine(pages: Pages, id: string): readonly unknown[] {
  const opening = pages.opening(id);
  const turn = pages.turn(id);
  const sums = [pages.worth(id), pages.promised(id, 'from'), pages.promised(id, 'to')];
  const limits = [pages.overdraft(id), opening?.ceiling ?? null];
  const rest = [opening?.state ?? 'open', pages.version(id)];
  return [...sums, ...limits, ...rest, turn?.token ?? null, turn?.until ?? null];
}

function assertNone(complaints: readonly string[]): void {
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
}

/** The ledger that the journal's text alone gives (I8); a block for every moment. */
function folded(journal: readonly Happened[]): Content {
  const ledger = createMemoryLedger();
  const moments = [...new Set(journal.map(({ at }) => at))];
  for (const [number, at] of moments.entries()) {
    const events = journal.filter((one) => one.at === at).map(({ event }) => event);
    const [firstSeq, lastSeq] = [events.at(0)?.seq ?? 0, events.at(-1)?.seq ?? 0];
    const previous = '0'.repeat(64);
    const header = { block: number, id: 'attempt', previous, at, firstSeq, lastSeq };
    const read = decodeBlock(encodeBlock(header, events));
    expect(read.header).toEqual(header);
    for (const event of read.events) apply(ledger, event, read.header.at);
  }
  return contentOf(ledger);
}

type Content = readonly (readonly [string, ReadonlyMap<string, unknown>])[];

/** Everything that a ledger holds, by the name of what it is. */
function contentOf(ledger: MemoryLedger): Content {
  return Object.entries(ledger).filter(
    (entry): entry is [string, ReadonlyMap<string, unknown>] => entry[1] instanceof Map,
  );
}
