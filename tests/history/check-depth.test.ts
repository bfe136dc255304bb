import { beforeAll, describe, expect, test } from 'vitest';
import { Doctor, rulesBrokenIn } from './doctor.ts';
import type { DepthRequest, Request } from './request.ts';

// The same as check-history.test.ts, for promises, corrections, the life of accounts, and leases.

const uuid = (number: number) =>
  `00000000-0000-4000-9000-${String(number).padStart(12, '0')}` as const;
const plain = { key: null, flaw: null } as const;
const keyed = (key: number, request: DepthRequest): Request => {
  return { ...request, key: `depth-key-${key}`, flaw: null };
};
const transfer = (id: string, from: string, to: string, amount: number): Request => ({
  resource: 'transfers',
  body: { id, from, to, amount },
  ...plain,
});
const hold = (id: string): Request => ({
  resource: 'holds',
  body: { id, from: 'ana', to: 'bia', amount: 10, ttl: 600 },
  ...plain,
});
const capture = (id: string): Request => ({
  resource: 'capture',
  hold: uuid(1),
  body: { id, amount: 7 },
  ...plain,
});
const [first, second, third] = [uuid(31), uuid(32), uuid(33)];
const lease = (id: string, wait: { wait?: number }): Request => ({
  resource: 'leases',
  account: 'caio',
  body: { id, owner: 'robot', ttl: 600, ...wait },
  ...plain,
});
const under = (tokenOf: string | undefined, id: string): Request => ({
  resource: 'transfers',
  body: { id, from: 'caio', to: 'bia', amount: 1 },
  ...plain,
  ...(tokenOf === undefined ? {} : { under: [tokenOf] }),
});
const back = (key: number, id: string) =>
  keyed(key, { resource: 'give back', account: 'caio', lease: id, body: {} });

const SCRIPT = {
  promised: hold(uuid(1)),
  seen: { resource: 'hold', id: uuid(1) },
  captured: capture(uuid(2)),
  capturedAgain: capture(uuid(3)),
  kept: hold(uuid(4)),
  other: hold(uuid(5)),
  ana: { resource: 'account', id: 'ana' },
  listed: { resource: 'hold list', limit: 20 },
  paid: transfer(uuid(10), 'ana', 'bia', 20),
  reversed: {
    resource: 'reversal',
    reverses: uuid(10),
    byAdmin: true,
    body: { id: uuid(11), amount: 8 },
    ...plain,
  },
  reversedBeyond: {
    resource: 'reversal',
    reverses: uuid(10),
    byAdmin: true,
    body: { id: uuid(12), amount: 13 },
    ...plain,
  },
  paidRead: { resource: 'transfer', id: uuid(10) },
  frozen: keyed(1, { resource: 'freeze', account: 'bia', body: {} }),
  debited: transfer(uuid(20), 'bia', 'ana', 1),
  leased: lease(first, {}),
  waited: lease(second, { wait: 20 }),
  waitedToo: lease(third, { wait: 20 }),
  queue: { resource: 'lease list', id: 'caio' },
  givenBack: back(2, first),
  oldToken: under(first, uuid(40)),
  noToken: under(undefined, uuid(41)),
  rightToken: under(second, uuid(42)),
  givenBackToo: back(3, second),
  givenBackLast: back(4, third),
  released: keyed(5, { resource: 'release', hold: uuid(4), body: {} }),
} satisfies Record<string, Request>;

let doctor: Doctor<keyof typeof SCRIPT>;

beforeAll(async () => {
  doctor = await Doctor.record(SCRIPT);
});

test('the true history breaks nothing, and what was to be refused was', () => {
  expect(rulesBrokenIn(doctor.truth)).toEqual([]);
  const refused = (
    ['capturedAgain', 'reversedBeyond', 'debited', 'oldToken', 'noToken'] as const
  ).map((name) => (doctor.answerOf(name).body as { code?: unknown }).code);
  expect(refused).toEqual([
    'hold_ended',
    'amount_exceeded',
    'account_frozen',
    'lease_lost',
    'account_leased',
  ]);
});

describe('holds', () => {
  test('a pending hold that reads as captured, and one that says another amount', () => {
    expect(rulesBrokenIn(doctor.withBody('seen', { state: 'captured' }))).toEqual(['wrong read']);
    expect(rulesBrokenIn(doctor.withBody('seen', { transfers: [] }))).toEqual(['wrong read']);
  });

  test('an account that doesn’t show what it promised', () => {
    const { held, available } = doctor.answerOf('ana').body as { held: number; available: number };
    const doctored = doctor.withBody('ana', { held: held - 10, available: available + 10 });
    expect(rulesBrokenIn(doctored)).toEqual(['wrong read']);
  });

  test('a list of holds without one', () => {
    const { data } = doctor.answerOf('listed').body as { data: readonly unknown[] };
    expect(rulesBrokenIn(doctor.withBody('listed', { data: data.slice(1) }))).toEqual([
      'wrong read',
    ]);
  });

  test('a capture that is answered with more than it posted', () => {
    const captured = [{ id: uuid(2), amount: 10 }];
    expect(rulesBrokenIn(doctor.withBody('captured', { captured }))).toEqual(['wrong answer']);
  });

  test('two captures accepted: recorded, and only answered', () => {
    const { fact } = doctor.eventOf('captured');
    const { seq } = doctor.eventOf('capturedAgain');
    expect(rulesBrokenIn(doctor.withFact(seq, fact))).toContain('other than the model');
    const answer = doctor.answerOf('captured');
    expect(rulesBrokenIn(doctor.withChanged('capturedAgain', { answer }))).toEqual([
      'wrong answer',
    ]);
  });

  test('a lost release', () => {
    expect(rulesBrokenIn(doctor.withoutLast())).toEqual(['lost']);
  });

  test('a release of another hold, and of one that had ended', () => {
    const { seq } = doctor.eventOf('released');
    for (const wrong of [uuid(5), uuid(1)]) {
      const doctored = doctor.withFact(seq, { type: 'hold.released', hold: wrong });
      expect(rulesBrokenIn(doctored)).toContain('other than the model');
    }
  });

  test('a hold that expires before its time, and one that expires twice', () => {
    const expired = doctor.truth.events.find(({ type }) => type === 'hold.expired');
    const { seq } = doctor.eventOf('released');
    const early = { type: 'hold.expired', hold: uuid(5) } as const;
    expect(rulesBrokenIn(doctor.withOwn(seq, early))).toContain('other than the model');
    const twice = { type: 'hold.expired', hold: String(expired?.data['hold']) } as const;
    expect(rulesBrokenIn(doctor.withOwn(seq, twice))).toContain('other than the model');
  });
});

describe('corrections and the life of accounts', () => {
  test('more taken back than was moved', () => {
    const { fact } = doctor.eventOf('reversed');
    if (fact.type !== 'transfer.reversed') throw new Error('no reversal');
    const { seq } = doctor.eventOf('reversedBeyond');
    const beyond = { ...fact, transfer: { ...fact.transfer, id: uuid(12), amount: 13n } };
    expect(rulesBrokenIn(doctor.withFact(seq, beyond))).toContain('other than the model');
    const doctored = doctor.withBody('reversedBeyond', { remaining: 13 });
    expect(rulesBrokenIn(doctored)).toEqual(['wrong answer']);
  });

  test('a transfer that doesn’t say what was taken back of it', () => {
    expect(rulesBrokenIn(doctor.withBody('paidRead', { reversed: 7 }))).toEqual(['wrong read']);
  });

  test('a debit after the answer to a freeze', () => {
    const { fact } = doctor.eventOf('paid');
    if (fact.type !== 'transfer.posted') throw new Error('no transfer');
    const ids = { id: uuid(20), from: 'bia', to: 'ana', amount: 1n };
    const debited = { ...fact, transfer: { ...fact.transfer, ...ids } };
    const { seq } = doctor.eventOf('debited');
    expect(rulesBrokenIn(doctor.withFact(seq, debited))).toContain('other than the model');
  });

  test('a freeze that is answered with another version', () => {
    const { version } = doctor.answerOf('frozen').body as { version: number };
    const doctored = doctor.withBody('frozen', { version: version + 1 });
    expect(rulesBrokenIn(doctored)).toContain('wrong answer');
  });
});

describe('leases', () => {
  test('a lease that is granted out of turn, or to nobody', () => {
    const { fact, seq } = doctor.eventOf('givenBack');
    if (fact.type !== 'lease.released') throw new Error('no release');
    for (const granted of [third, null]) {
      const doctored = doctor.withFact(seq, { ...fact, granted });
      expect(rulesBrokenIn(doctored)).toContain('other than the model');
    }
    const passed = { type: 'lease.passed', account: 'caio', granted: third } as const;
    expect(rulesBrokenIn(doctor.withOwn(seq, passed))).toContain('other than the model');
  });

  test('a write under an old token, and under none', () => {
    const { fact } = doctor.eventOf('rightToken');
    if (fact.type !== 'transfer.posted') throw new Error('no transfer');
    for (const [name, id] of [
      ['oldToken', uuid(40)],
      ['noToken', uuid(41)],
    ] as const) {
      const written = { ...fact, transfer: { ...fact.transfer, id } };
      const doctored = doctor.withFact(doctor.eventOf(name).seq, written);
      expect(rulesBrokenIn(doctored)).toContain('other than the model');
    }
    const unheld = doctor.withChanged('rightToken', { tokens: [] });
    expect(rulesBrokenIn(unheld)).toContain('other than the model');
  });

  test('a token that is another’s, and a lease that lasts longer than it does', () => {
    const { token } = doctor.answerOf('leased').body as { token: number };
    expect(rulesBrokenIn(doctor.withBody('waited', { token }))).toEqual(['wrong answer']);
    const doctored = doctor.withBody('leased', { expiresAt: '2099-01-01T00:00:00.000Z' });
    expect(rulesBrokenIn(doctored)).toEqual(['wrong answer']);
  });

  test('“not granted” for one who has it', () => {
    const { answer } = doctor.invocationOf('noToken');
    expect(rulesBrokenIn(doctor.withChanged('leased', { answer }))).toEqual(['wrong answer']);
  });

  test('a queue without one who waits, and in another order', () => {
    const { data } = doctor.answerOf('queue').body as { data: readonly unknown[] };
    expect(data).toHaveLength(3);
    for (const wrong of [data.slice(0, 2), data.slice(1), data.toReversed(), []]) {
      expect(rulesBrokenIn(doctor.withBody('queue', { data: wrong }))).toEqual(['wrong read']);
    }
  });
});
