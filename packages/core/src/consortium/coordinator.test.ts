import { describe, expect, test } from 'vitest';
import { afterRestart, NOTHING_REMEMBERED } from './protocol-state.ts';
import { step } from './step.ts';
import {
  APPLY_COMMIT,
  at,
  BODY,
  COMMIT,
  DECIDE_BY,
  GRACE_MS,
  HASH,
  ID,
  Side,
  SUBJECT,
} from './step.fixture.ts';

const ASKED = ['prepare to beta', 'prepare to gama'];

function begun(): Side {
  return new Side(at('alfa')).begin();
}

function decided(): Side {
  const side = begun();
  side.hearYes('beta').hearYes('gama');
  return side.take({ type: 'register.stands', now: 5, generation: 'g1', decision: COMMIT });
}

describe('begin', () => {
  test('its own holds and its promise are durable together, and then the others are asked', () => {
    const alfa = begun();
    expect(alfa.is).toBe('prepared');
    expect(alfa.ledger).toEqual(['hold']);
    expect(alfa.said).toEqual(ASKED);
  });

  test('what its own ledger refuses leaves nothing behind', () => {
    const alfa = new Side(at('alfa')).begin(0, 'insufficient_funds');
    expect(alfa.is).toBe('absent');
    expect(alfa.said).toEqual(['answer refused']);
  });

  test('held funds are tried again until decideBy, without a trace', () => {
    const alfa = new Side(at('alfa')).begin(0, 'funds_held');
    expect([alfa.is, alfa.said]).toEqual(['absent', []]);
    alfa.take({ type: 'wake', now: alfa.wakesAt ?? -1 }, 'funds_held');
    expect(alfa.ledger).toEqual(['hold']);
    expect(alfa.take({ type: 'wake', now: DECIDE_BY }).said).toEqual(['answer refused']);
    expect(alfa.take({ type: 'wake', now: DECIDE_BY + 1 }).effects).toEqual([]);
  });

  test('the same once more does nothing, and another body under the id is refused', () => {
    const alfa = begun().begin();
    expect(alfa.effects).toEqual([]);
    alfa.take({ type: 'begin', now: 0, signature: '', body: BODY, hash: 'another' });
    expect([alfa.is, alfa.said]).toEqual(['prepared', ['answer refused']]);
  });

  test.for([
    ['the register is away', at('alfa', { register: { generation: 'g1', is: 'away' } })],
    ['the register went back', at('alfa', { register: { generation: 'g1', is: 'closed' } })],
    ['the register is another one', at('alfa', { register: { generation: 'g2', is: 'open' } })],
    ['the bank was restored and has not reconciled', at('alfa', { reconciling: true })],
    ['the id lies below the floor', at('alfa', { floors: new Map([['alfa', ID]]) })],
    ['another bank coordinates the id', at('beta')],
  ] as const)('refused: %s', ([, here]) => {
    const side = new Side(here).begin();
    expect([side.is, side.ledger, side.said]).toEqual(['absent', [], ['answer refused']]);
  });

  test.for([
    ['too far ahead', DECIDE_BY - 60_001],
    ['past', DECIDE_BY],
  ] as const)('refused: decideBy is %s', ([, now]) => {
    expect(new Side(at('alfa')).begin(now).said).toEqual(['answer refused']);
  });
});

describe('votes', () => {
  test('all yes in time: a commit with every yes, the own one too, is to be created', () => {
    const alfa = begun().hearYes('gama');
    expect(alfa.said).toEqual([]);
    alfa.hearYes('beta', DECIDE_BY);
    expect(alfa.effects[0]).toEqual({
      type: 'register.create',
      generation: 'g1',
      decision: { ...COMMIT, yes: [COMMIT.yes[0], COMMIT.yes[2], COMMIT.yes[1]] },
    });
    expect(alfa.is).toBe('prepared');
  });

  test('one repeated yes is one yes', () => {
    expect(begun().hearYes('gama').hearYes('gama').said).toEqual([]);
  });

  test('the last yes after decideBy: an abort is to be created', () => {
    const alfa = begun()
      .hearYes('gama')
      .hearYes('beta', DECIDE_BY + 1);
    expect(alfa.said).toEqual(['create abort']);
  });

  test('a no aborts, and the client hears whose and why', () => {
    const reason = { code: 'too_late' } as const;
    const vote = { is: 'no', reason } as const;
    const alfa = begun().hear('beta', { type: 'vote', hash: HASH, vote });
    expect(alfa.said).toEqual(['create abort']);
    const decision = { is: 'abort' } as const;
    alfa.take({ type: 'register.stands', now: 5, generation: 'g1', decision });
    expect([alfa.is, alfa.ledger]).toEqual(['aborted', ['release']]);
    expect(alfa.effects).toContainEqual({
      type: 'answer',
      answer: { is: 'aborted', because: [{ bank: 'beta', reason }] },
    });
  });

  test('funds held elsewhere: only that bank is asked again, and soon', () => {
    const vote = { is: 'no', reason: { code: 'funds_held' } } as const;
    const alfa = begun().hearYes('gama').hear('beta', { type: 'vote', hash: HASH, vote });
    expect(alfa.said).toEqual([]);
    const now = alfa.wakesAt ?? -1;
    expect(alfa.take({ type: 'wake', now }).said).toEqual(['prepare to beta']);
  });

  test('funds held for too long: it gives up while others that want the same have time left', () => {
    const begunAt = 0x01_9a_00_00_00_00;
    const id = 'alfa/019a0000-0000-7000-8000-000000000000';
    const body = { ...BODY, id, decideBy: begunAt + 10_000 };
    const vote = { is: 'no', reason: { code: 'funds_held' } } as const;
    const hear = (now: number) => {
      const durable = { is: 'prepared', body, hash: HASH, signature: '' } as const;
      const message = { type: 'vote', hash: HASH, vote } as const;
      const event = { type: 'message', now, from: 'beta', message, signature: '' } as const;
      const here = at('alfa');
      const { effects } = step(here, { id, durable, memory: NOTHING_REMEMBERED }, event);
      return effects.map(({ type }) => type);
    };
    expect(hear(begunAt + 3_999)).toEqual(['wake']);
    expect(hear(begunAt + 4_000)).toEqual(['register.create', 'wake']);
  });

  test('a vote on another body, or of a stranger, counts for nothing and is told', () => {
    const vote = { is: 'yes', signature: '' } as const;
    const alfa = begun().hearYes('gama').hear('beta', { type: 'vote', hash: 'another', vote });
    expect(alfa.said).toEqual(['alarm other_hash']);
    expect(alfa.hearYes('delta').said).toEqual(['alarm not_a_participant']);
  });
});

describe('decision', () => {
  test('what stands is captured once, the client answered, the others told', () => {
    const alfa = decided();
    expect([alfa.is, alfa.ledger]).toEqual(['committed', ['capture']]);
    expect(alfa.said).toEqual(['answer committed', 'apply commit to beta', 'apply commit to gama']);
    alfa.take({ type: 'register.stands', now: 6, generation: 'g1', decision: COMMIT });
    expect(alfa.effects).toEqual([]);
  });

  test('woken with every yes after the others had it aborted: it obeys', () => {
    const alfa = begun().hearYes('beta').hearYes('gama');
    expect(alfa.said).toEqual(['create commit']);
    const decision = { is: 'abort' } as const;
    alfa.take({ type: 'register.stands', now: 99_999, generation: 'g1', decision });
    expect([alfa.is, alfa.ledger]).toEqual(['aborted', ['release']]);
  });

  test('the register gives no answer: the same decision is tried again', () => {
    const alfa = begun().hearYes('beta').hearYes('gama');
    expect(alfa.take({ type: 'register.away', now: 5 }).effects).toEqual([]);
    expect(alfa.take({ type: 'wake', now: 200 }).said).toEqual(['create commit']);
    expect(alfa.take({ type: 'wake', now: DECIDE_BY + GRACE_MS }).said).toEqual([
      'ask to beta',
      'ask to gama',
      'create commit',
    ]);
  });

  test('an answer from before the register went back is none', () => {
    const alfa = begun().hearYes('beta').hearYes('gama');
    alfa.take({ type: 'register.stands', now: 5, generation: 'g0', decision: COMMIT });
    expect([alfa.is, alfa.effects]).toEqual(['prepared', []]);
  });

  test('after a restart it asks for everything again, and whether the decision stands', () => {
    const alfa = begun().hearYes('beta').hearYes('gama');
    alfa.state = afterRestart(alfa.state);
    expect(alfa.take({ type: 'wake', now: 200 }).said).toEqual([...ASKED, 'read']);
    alfa.state = afterRestart(alfa.state);
    expect(alfa.take({ type: 'wake', now: DECIDE_BY }).said).toEqual(['create abort']);
  });

  test('it tells those who have not acknowledged, until all have', () => {
    const alfa = decided().hear('beta', { type: 'acknowledge', decision: 'commit' });
    expect(alfa.take({ type: 'wake', now: 300 }).said).toEqual(['apply commit to gama']);
    alfa.hear('gama', { type: 'acknowledge', decision: 'commit' });
    expect(alfa.state.durable).toMatchObject({ settled: true });
    expect(alfa.take({ type: 'wake', now: 600 }).effects).toEqual([]);
  });

  test('who votes or asks after the decision is told it; a stranger is not', () => {
    expect(decided().hearYes('beta').said).toEqual(['apply commit to beta']);
    expect(decided().hear('gama', { type: 'ask' }).said).toEqual(['apply commit to gama']);
    expect(decided().hear('delta', { type: 'ask' }).said).toEqual(['alarm not_a_participant']);
  });

  test('restored from a copy without it: rebuilt from what another knows, and told on', () => {
    const alfa = new Side(at('alfa')).hear('beta', APPLY_COMMIT);
    expect([alfa.is, alfa.ledger]).toEqual(['committed', ['post']]);
    expect(alfa.said).toContain('alarm rebuilt');
    expect(alfa.said).toContain('apply commit to gama');
  });

  test('restored, and told of an undecided one: it watches until something stands', () => {
    const alfa = new Side(at('alfa', { reconciling: true })).hear('beta', {
      type: 'report',
      ...SUBJECT,
    });
    expect([alfa.is, alfa.ledger]).toEqual(['in_doubt', []]);
    const now = DECIDE_BY + GRACE_MS;
    expect(alfa.take({ type: 'wake', now }).said).toEqual(['ask to beta', 'ask to gama', 'read']);
    expect(alfa.take({ type: 'wake', now: now + 500 }).said).toEqual(['create abort']);
    alfa.take({ type: 'register.stands', now, generation: 'g1', decision: COMMIT });
    expect([alfa.is, alfa.ledger]).toEqual(['committed', ['post']]);
  });
});
