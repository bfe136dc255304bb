import { expect, test } from 'vitest';
import { NOTHING_REMEMBERED, type Durable, type TransactionState } from './protocol-state.ts';
import { removalFloor } from './removal-floor.ts';
import { at, SUBJECT } from './step.fixture.ts';

const { settings } = at('alfa');
const DAY = settings.removalAfterMs;

function state(id: string, durable: Durable): TransactionState {
  return { id, durable, memory: NOTHING_REMEMBERED };
}

function aborted(since: number, settled: boolean): Durable {
  return { is: 'aborted', subject: SUBJECT, because: [], at: since, settled };
}

const PREPARED: Durable = { is: 'prepared', ...SUBJECT, signature: '' };

test('nothing is removed before all have applied it for long enough', () => {
  expect(removalFloor([], settings, DAY)).toBeNull();
  expect(removalFloor([state('a/1', aborted(0, true))], settings, DAY - 1)).toBeNull();
  expect(removalFloor([state('a/1', aborted(0, true))], settings, DAY)).toBe('a/1');
  expect(removalFloor([state('a/1', aborted(0, false))], settings, 9 * DAY)).toBeNull();
});

test.for([
  ['undecided', PREPARED],
  ['not acknowledged by all', aborted(0, false)],
  ['too young', aborted(5 * DAY, true)],
] as const)('the floor stays below one that is %s', ([, kept]) => {
  const own = [state('a/1', aborted(0, true)), state('a/2', kept), state('a/3', aborted(0, true))];
  expect(removalFloor(own, settings, 5 * DAY)).toBe('a/1');
});
