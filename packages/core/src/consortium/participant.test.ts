import { describe, expect, test } from 'vitest';
import { afterRestart } from './protocol-state.ts';
import {
  APPLY_ABORT,
  APPLY_COMMIT,
  at,
  BODY,
  COMMIT,
  DECIDE_BY,
  GRACE_MS,
  ID,
  PREPARE,
  Side,
} from './step.fixture.ts';

const PATIENCE_ENDS = DECIDE_BY + GRACE_MS;

function prepared(): Side {
  return new Side(at('beta')).hear('alfa', PREPARE);
}

describe('prepare', () => {
  test('holds, in and out, stand before the yes leaves', () => {
    const beta = prepared();
    expect([beta.is, beta.ledger, beta.said]).toEqual(['prepared', ['hold'], ['yes to alfa']]);
    expect(beta.effects[0]).toEqual({
      type: 'hold',
      transfers: [
        { leg: 1, from: 'ana', to: 'peer:gama:BRL', amount: 5n, asset: 'BRL/2', consent: null },
      ],
    });
  });

  test('asked again it gives the same yes and holds nothing more, after a restart too', () => {
    const beta = prepared();
    beta.state = afterRestart(beta.state);
    beta.hear('alfa', PREPARE, 99_999);
    expect([beta.ledger, beta.said]).toEqual([[], ['yes to alfa']]);
  });

  test('another body under the id gets a no, and the promise stays', () => {
    const beta = prepared().hear('alfa', { type: 'prepare', body: BODY, hash: 'another' });
    expect(beta.is).toBe('prepared');
    expect(beta.said).toEqual(['alarm other_hash', 'no (id_reused) to alfa']);
  });

  test.for([
    ['refused', 'insufficient_funds'],
    ['funds_held', 'funds_held'],
  ] as const)('its ledger can refuse: %s', ([code, ledger]) => {
    const beta = new Side(at('beta')).hear('alfa', PREPARE, 0, ledger);
    expect([beta.is, beta.said]).toEqual(['absent', [`no (${code}) to alfa`]]);
    // A no is no promise: with funds it may become a yes.
    expect(beta.hear('alfa', PREPARE).said).toEqual(['yes to alfa']);
  });

  test.for([
    ['other_generation', at('beta', { register: { generation: 'g2', is: 'open' } }), 0],
    ['register_away', at('beta', { register: { generation: 'g1', is: 'closed' } }), 0],
    ['reconciling', at('beta', { reconciling: true }), 0],
    ['below_floor', at('beta', { floors: new Map([['alfa', ID]]) }), 0],
    ['decide_by_too_far', at('beta'), DECIDE_BY - 60_001],
    ['too_late', at('beta'), DECIDE_BY],
    ['malformed', at('delta'), 0],
  ] as const)('a no without asking the ledger: %s', ([code, here, now]) => {
    const side = new Side(here).hear('alfa', PREPARE, now);
    expect([side.ledger, side.said]).toEqual([[], [`no (${code}) to alfa`]]);
  });

  test('only the bank that the id names may ask', () => {
    const beta = new Side(at('beta')).hear('gama', PREPARE);
    expect([beta.is, beta.said]).toEqual(['absent', ['no (malformed) to gama']]);
    expect(prepared().hear('gama', PREPARE).said).toEqual(['no (malformed) to gama']);
  });
});

describe('decision', () => {
  test('a commit is captured once and acknowledged as often as it comes', () => {
    const beta = prepared().hear('alfa', APPLY_COMMIT);
    expect([beta.is, beta.ledger, beta.said]).toEqual([
      'committed',
      ['capture'],
      ['acknowledge to alfa'],
    ]);
    beta.hear('alfa', APPLY_COMMIT);
    expect([beta.ledger, beta.said]).toEqual([[], ['acknowledge to alfa']]);
  });

  test('an abort gives back and is acknowledged', () => {
    const beta = prepared().hear('alfa', APPLY_ABORT);
    expect([beta.is, beta.ledger, beta.said]).toEqual([
      'aborted',
      ['release'],
      ['acknowledge to alfa'],
    ]);
  });

  test('an abort before its prepare leaves a tombstone, which keeps the prepare out', () => {
    const beta = new Side(at('beta')).hear('alfa', APPLY_ABORT);
    expect([beta.is, beta.ledger, beta.said]).toEqual(['aborted', [], ['acknowledge to alfa']]);
    beta.hear('alfa', PREPARE);
    expect([beta.is, beta.ledger, beta.said]).toEqual(['aborted', [], ['apply abort to alfa']]);
  });

  test.for([
    ['without one yes', { ...COMMIT, yes: COMMIT.yes.slice(1) }, 'incomplete_commit'],
    ['with one twice', { ...COMMIT, yes: [...COMMIT.yes, ...COMMIT.yes] }, 'incomplete_commit'],
    ['of another body', { ...COMMIT, hash: 'another' }, 'other_hash'],
  ] as const)('a commit %s is not obeyed, wherever it stands', ([, decision, alarm]) => {
    const beta = prepared();
    beta.hear('alfa', { type: 'apply', decision: { ...decision, body: BODY } });
    expect([beta.is, beta.ledger, beta.said]).toEqual(['prepared', [], [`alarm ${alarm}`]]);
    beta.take({ type: 'register.stands', now: 5, generation: 'g1', decision });
    expect([beta.is, beta.ledger, beta.said]).toEqual(['prepared', [], [`alarm ${alarm}`]]);
  });

  test('a decision against the applied one is told, never obeyed', () => {
    const committed = prepared().hear('alfa', APPLY_COMMIT).hear('alfa', APPLY_ABORT);
    expect([committed.is, committed.said]).toEqual(['committed', ['alarm contradiction']]);
    const aborted = prepared().hear('alfa', APPLY_ABORT).hear('alfa', APPLY_COMMIT);
    expect([aborted.is, aborted.said]).toEqual(['aborted', ['alarm contradiction']]);
  });

  test('who has no part in it can not end it', () => {
    const beta = prepared().hear('delta', APPLY_ABORT);
    expect([beta.is, beta.said]).toEqual(['prepared', ['alarm not_a_participant']]);
  });

  test('who forgot the promise writes what Apply carries, without holds, and says so', () => {
    const beta = new Side(at('beta')).hear('alfa', APPLY_COMMIT);
    expect([beta.is, beta.ledger]).toEqual(['committed', ['post']]);
    expect(beta.said).toEqual(['alarm rebuilt', 'acknowledge to alfa']);
    expect(beta.state.durable).toMatchObject({ rebuilt: true });
  });
});

describe('recovery', () => {
  test('before decideBy and the grace are over it only waits', () => {
    const beta = prepared().take({ type: 'wake', now: PATIENCE_ENDS - 1 });
    expect([beta.said, beta.wakesAt]).toEqual([[], PATIENCE_ENDS]);
  });

  test('then it asks, then it has an abort created, and obeys what stands instead', () => {
    const beta = prepared().take({ type: 'wake', now: PATIENCE_ENDS });
    expect(beta.said).toEqual(['ask to alfa', 'ask to gama', 'read']);
    beta.take({ type: 'wake', now: PATIENCE_ENDS + 500 });
    expect([beta.is, beta.ledger, beta.said]).toEqual(['prepared', [], ['create abort']]);
    beta.take({ type: 'register.stands', now: 99_999, generation: 'g1', decision: COMMIT });
    expect([beta.is, beta.ledger]).toEqual(['committed', ['capture']]);
  });

  test.for(['register.empty', 'register.away'] as const)('%s is no decision', (type) => {
    const beta = prepared().take({ type: 'wake', now: PATIENCE_ENDS });
    beta.take({ type, now: PATIENCE_ENDS + 1 });
    expect([beta.is, beta.effects]).toEqual(['prepared', []]);
  });

  test('a register that was seen going back is not asked', () => {
    const { state } = prepared().take({ type: 'wake', now: PATIENCE_ENDS });
    const beta = new Side(at('beta', { register: { generation: 'g1', is: 'closed' } }));
    beta.state = state;
    expect(beta.take({ type: 'wake', now: PATIENCE_ENDS + 500 }).said).toEqual([]);
    expect(beta.wakesAt).toBeGreaterThan(PATIENCE_ENDS + 500);
  });

  test('the register has forgotten it for good: it keeps its holds and calls for help', () => {
    const beta = prepared().take({ type: 'register.below_floor', now: PATIENCE_ENDS });
    expect([beta.is, beta.said]).toEqual(['prepared', ['alarm below_floor']]);
  });

  test('another participant that knows is believed, and the coordinator alone acknowledged', () => {
    const beta = prepared().hear('gama', APPLY_COMMIT);
    expect([beta.is, beta.ledger, beta.said]).toEqual(['committed', ['capture'], []]);
  });

  test('who does not know keeps silent', () => {
    expect(prepared().hear('gama', { type: 'ask' }).effects).toEqual([]);
  });
});
