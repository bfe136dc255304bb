import { encodeData, type Event } from '@lastro/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { asksOf } from './ask.ts';
import { checkHistory, explain } from './check-history.ts';
import { Doctor } from './doctor.ts';
import type { Answer, History, Invocation } from './history.ts';
import type { CommandRequest, Request } from './request.ts';

// A checker that never fails proves nothing. A short history as a real bank made it passes; each
// copy of it with one lie in it must not.

const uuid = (number: number) => `00000000-0000-4000-9000-00000000000${number}`;
const plain = { key: null, flaw: null } as const;
const transfer = (id: string, from: string, to: string, amount: number): CommandRequest => ({
  resource: 'transfers',
  body: { id, from, to, amount },
  ...plain,
});

const paid = transfer(uuid(1), 'ana', 'bia', 10);
const ordered: CommandRequest = {
  resource: 'orders',
  body: { id: uuid(3), customer: 'ana', merchant: 'shop', lines: [{ sku: 'tea', quantity: 2 }] },
  ...plain,
};
const received: CommandRequest = {
  resource: 'receipts',
  sku: 'tea',
  body: { id: uuid(4), quantity: 5 },
  ...plain,
};

/** After the beginning, one after the other. */
const SCRIPT = {
  paid,
  bia: { resource: 'account', id: 'bia' },
  tooMuch: transfer(uuid(2), 'bia', 'ana', 1_000_000),
  paidAgain: { ...paid },
  reused: transfer(uuid(1), 'ana', 'bia', 11),
  malformed: { ...transfer(uuid(5), 'ana', 'bia', 1), flaw: 'invalid_request' },
  ordered,
  tea: { resource: 'product', id: 'tea' },
  received,
  books: { resource: 'trial balance' },
  feed: { resource: 'events', after: 0, limit: 1000 },
  statement: { resource: 'entries', id: 'ana' },
  last: transfer(uuid(6), 'ana', 'bia', 3),
} as const satisfies Record<string, Request>;

type Name = keyof typeof SCRIPT;

let doctor: Doctor<Name>;
let truth: History;

beforeAll(async () => {
  doctor = await Doctor.record(SCRIPT);
  ({ truth } = doctor);
});

function invocationOf(name: Name): Invocation {
  return doctor.invocationOf(name);
}

function withChanged(name: Name, change: Partial<Invocation>): History {
  return doctor.withChanged(name, change);
}

/** The truth, with members of one answer's body changed. */
function withBody(name: Name, change: (body: never) => object): History {
  return doctor.withBody(name, change(answerOf(name).body as never));
}

function answerOf(name: Name): Answer {
  return doctor.answerOf(name);
}

function seqOf(name: Name): number {
  return doctor.eventOf(name).seq;
}

function eventOf(name: Name): Event {
  return doctor.eventOf(name);
}

/** The truth without its last event, which is `last`. */
function withoutLast(): History {
  return doctor.withoutLast();
}

/** A journal with one event more, in a block of its own, as consistent as a journal can be. */
function withEvent({ command, fact }: Pick<Event, 'command' | 'fact'>): History {
  const newest = truth.blocks.at(-1)?.header;
  if (newest === undefined) throw new Error('no block');
  const [seq, block] = [newest.lastSeq + 1, newest.block + 1];
  const at = new Date(newest.at).toISOString();
  const data = JSON.parse(encodeData(fact)) as Record<string, unknown>;
  const header = { ...newest, block, firstSeq: seq, lastSeq: seq };
  return {
    ...truth,
    events: [...truth.events, { seq, block, type: fact.type, at, data }],
    blocks: [...truth.blocks, { header, events: [{ seq, command, fact }] }],
  };
}

/** The rules that a history breaks; what it says of them names the seed. */
function brokenIn(history: History): readonly string[] {
  const { violations } = checkHistory(history);
  if (violations.length > 0) expect(explain(7, violations)).toMatch(/^LASTRO_SEED=7: /);
  return violations.map(({ rule }) => rule);
}

test('the true history breaks nothing', () => {
  expect(brokenIn(truth)).toEqual([]);
  expect(checkHistory(truth).tally).toMatchObject({ replays: 1, unknown: 0 });
});

describe('what was acknowledged', () => {
  test('a lost transfer', () => {
    expect(brokenIn(withoutLast())).toContain('lost');
  });

  test('a lost transfer that was never answered is none', () => {
    const { invocations } = withChanged('last', { answer: null });
    expect(brokenIn({ ...withoutLast(), invocations })).toEqual([]);
  });

  test('a lost refusal', () => {
    const refused = { ...answerOf('tooMuch') };
    const { invocations } = withChanged('last', { answer: refused });
    expect(brokenIn({ ...withoutLast(), invocations })).toContain('lost');
  });
});

describe('one effect', () => {
  test('a transfer posted twice, the second time under a new id', () => {
    const { command, fact } = eventOf('last');
    if (command === null || fact.type !== 'transfer.posted') throw new Error('no transfer');
    const again = { ...fact, transfer: { ...fact.transfer, id: uuid(7) } };
    const other = { ...command, id: uuid(7) };
    expect(brokenIn(withEvent({ command: other, fact: again }))).toContain('unasked');
    expect(brokenIn(withEvent({ command, fact: again }))).toContain('settled twice');
  });

  test('an event of a body that nobody sent', () => {
    const { command, fact } = eventOf('last');
    if (command === null) throw new Error('no command');
    const hash = 'f'.repeat(64);
    const doctored = {
      ...withoutLast(),
      ...pick(withEvent({ command: { ...command, hash }, fact })),
    };
    expect(brokenIn(doctored)).toContain('unasked');
  });

  test('a refused transfer with an effect', () => {
    const { answer } = invocationOf('tooMuch');
    expect(brokenIn(withChanged('last', { answer }))).toContain('wrong answer');
  });

  test.each([
    ['the database is away', 503, 'database_unavailable'],
    ['the queue is full', 503, 'overloaded'],
    ['the body is malformed', 400, 'invalid_request'],
    ['the id was used', 422, 'id_reused'],
  ])('“no effect, %s”, with an effect', (_, status, code) => {
    const answer = { status, body: { code, status }, isReplayed: false, etag: null };
    expect(brokenIn(withChanged('last', { answer }))).toContain('refused with effect');
  });

  test('an order beyond the stock', () => {
    const { command, fact } = eventOf('ordered');
    if (fact.type !== 'order.completed' || command === null) throw new Error('no order');
    const doctored = replaceFact('ordered', { ...fact, total: fact.total + 1n });
    expect(brokenIn(doctored)).toContain('other than the model');
  });

  test('a refusal where the model accepts', () => {
    const refusal = { code: 'insufficient_funds', account: 'ana' } as const;
    const doctored = replaceFact('last', { type: 'command.refused', refusal });
    expect(brokenIn(doctored)).toContain('other than the model');
  });
});

describe('one answer', () => {
  test('an amount that is another', () => {
    expect(brokenIn(withBody('last', () => ({ amount: 4 })))).toContain('wrong answer');
  });

  test('a number that is another’s', () => {
    const doctored = withBody('last', ({ seq }: { seq: number }) => ({ seq: seq - 1 }));
    expect(brokenIn(doctored)).toContain('wrong answer');
  });

  test('a wrong balance: the stock that a receipt left', () => {
    const doctored = withBody('received', ({ stock }: { stock: number }) => ({ stock: stock - 1 }));
    expect(brokenIn(doctored)).toContain('wrong answer');
  });

  test('another reason than the model’s', () => {
    const doctored = withBody('tooMuch', () => ({ code: 'balance_out_of_range' }));
    expect(brokenIn(doctored)).toContain('wrong answer');
  });

  test('two answers to one id', () => {
    const doctored = withBody('paidAgain', ({ seq }: { seq: number }) => ({ seq: seq + 1 }));
    expect(brokenIn(doctored)).toContain('two answers');
  });

  test('a repeat that is not marked, and a first that is', () => {
    const [paidAgain, last] = [answerOf('paidAgain'), answerOf('last')];
    const unmarked = withChanged('paidAgain', { answer: { ...paidAgain, isReplayed: false } });
    expect(brokenIn(unmarked)).toEqual(['wrong answer']);
    const marked = withChanged('last', { answer: { ...last, isReplayed: true } });
    expect(brokenIn(marked)).toEqual(['wrong answer']);
  });

  test('an id that is called reused and is not', () => {
    const { answer } = invocationOf('reused');
    const { invocations } = withChanged('last', { answer });
    expect(brokenIn({ ...withoutLast(), invocations })).toContain('wrong answer');
    expect(brokenIn(withChanged('paidAgain', { answer }))).toContain('repeat denied');
  });

  test('an id that is reused and gets the first one’s answer', () => {
    const { answer } = invocationOf('paidAgain');
    expect(brokenIn(withChanged('reused', { answer }))).toContain('wrong answer');
  });

  test('a malformed request that is taken', () => {
    const { answer } = invocationOf('last');
    expect(brokenIn(withChanged('malformed', { answer }))).toContain('wrong answer');
  });

  test('a bank that fails', () => {
    const answer = { status: 500, body: { code: 'internal_error' }, isReplayed: false, etag: null };
    expect(brokenIn(withChanged('last', { answer }))).toContain('wrong answer');
  });
});

describe('real time', () => {
  test('what came later in the order had finished before the earlier began', () => {
    const { start } = invocationOf('paid');
    const doctored = withChanged('ordered', { start: start - 2, end: start - 1 });
    expect(brokenIn(doctored)).toContain('order');
  });

  test('what overlaps may stand in any order', () => {
    const { start, end } = invocationOf('ordered');
    expect(brokenIn(withChanged('received', { start: (start + end) / 2 }))).toEqual([]);
  });
});

describe('reads', () => {
  test('a stale account', () => {
    const doctored = withBody('bia', ({ balance }: { balance: number }) => ({
      balance: balance - 10,
      available: balance - 10,
      version: 2,
    }));
    expect(brokenIn(doctored)).toEqual(['wrong read']);
  });

  test('the same account, if it was sent before the transfer was known', () => {
    const { start } = invocationOf('paid');
    const body = { ...(answerOf('bia').body as object), balance: 200, available: 200, version: 2 };
    const answer = { ...answerOf('bia'), body };
    expect(brokenIn(withChanged('bia', { start: start - 0.001, answer }))).toEqual([]);
  });

  test('a wrong balance, and one from the future', () => {
    const wrong = withBody('bia', ({ balance }: { balance: number }) => ({ balance: balance + 1 }));
    expect(brokenIn(wrong)).toEqual(['wrong read']);
    const future = withBody('bia', ({ balance }: { balance: number }) => ({
      balance: balance + 3,
      available: balance + 3,
      version: 4,
    }));
    expect(brokenIn(future)).toEqual(['wrong read']);
  });

  test('a product that was not sold, and one that is not found', () => {
    const unsold = withBody('tea', () => ({ stock: 40, sold: 0 }));
    expect(brokenIn(unsold)).toEqual(['wrong read']);
    const answer = { status: 404, body: { code: 'not_found' }, isReplayed: false, etag: null };
    expect(brokenIn(withChanged('tea', { answer }))).toEqual(['wrong read']);
  });

  test('books of another moment', () => {
    const doctored = withBody('books', ({ seq, block }: { seq: number; block: number }) => ({
      seq: seq - 1,
      block: block - 1,
    }));
    expect(brokenIn(doctored)).toEqual(['wrong read']);
  });

  test('a page of the feed without one event, and one that ends too early', () => {
    const hole = withBody('feed', ({ data }: { data: readonly unknown[] }) => ({
      data: data.toSpliced(3, 1),
    }));
    expect(brokenIn(hole)).toEqual(['wrong read']);
    const short = withBody(
      'feed',
      ({ data, next }: { data: readonly unknown[]; next: number }) => ({
        data: data.slice(0, -1),
        next: next - 1,
      }),
    );
    expect(brokenIn(short)).toEqual(['wrong read']);
  });

  test('a statement that lacks an entry', () => {
    const doctored = withBody('statement', ({ data }: { data: readonly unknown[] }) => ({
      data: data.slice(1),
    }));
    expect(brokenIn(doctored)).toEqual(['wrong read']);
  });
});

describe('the journal', () => {
  test('a gap', () => {
    const gap = { ...truth, events: truth.events.toSpliced(5, 1) };
    expect(brokenIn(gap)).toContain('journal');
    expect(brokenIn({ ...truth, blocks: truth.blocks.toSpliced(5, 1) })).toContain('journal');
  });

  test('a feed that says something else than the blocks', () => {
    const events = truth.events.map((event) =>
      event.seq === seqOf('last') ? { ...event, data: { ...event.data, amount: 4 } } : event,
    );
    expect(brokenIn({ ...truth, events })).toContain('journal');
  });
});

test('a batch is as many asks as transfers, each with its own line', () => {
  const same = { from: 'a', to: 'b', amount: 1 };
  const transfers = [uuid(1), uuid(2), uuid(3)].map((id) => ({ id, ...same }));
  const refused = ['id_reused', 'overloaded'].map((code) => ({ code }));
  const results = [{ id: uuid(1), status: 'posted' }, ...refused];
  const answer = { status: 200, body: { results }, isReplayed: false, etag: null };
  const request: Request = { resource: 'batch', body: { transfers }, ...plain };
  const asks = asksOf({ ...invocationOf('paid'), request, answer });
  expect(asks.map(({ verdict }) => verdict)).toEqual(['settled', 'reused', 'untaken']);
});

function replaceFact(name: Name, fact: Event['fact']): History {
  return doctor.withFact(seqOf(name), fact);
}

/** A journal whose last event is another one in its place. */
function pick({ events, blocks }: History): Pick<History, 'events' | 'blocks'> {
  const [lastEvent, lastBlock] = [events.at(-1), blocks.at(-1)];
  const [oldEvent, oldBlock] = [events.at(-2), blocks.at(-2)];
  if (!lastEvent || !lastBlock || !oldEvent || !oldBlock) throw new Error('too short');
  const { seq, block } = oldEvent;
  const moved = lastBlock.events.map((event) => ({ ...event, seq }));
  return {
    events: [...events.slice(0, -2), { ...lastEvent, seq, block }],
    blocks: [...blocks.slice(0, -2), { header: oldBlock.header, events: moved }],
  };
}
