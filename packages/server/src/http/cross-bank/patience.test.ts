import { expect, test } from 'vitest';
import { ProblemError } from '../problem.ts';
import { patienceOf } from './patience.ts';

const NOW = Date.parse('2026-03-02T14:00:00Z');
const at = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();

test.each([
  [{}, 'reject', 5],
  [{ within: 30 }, 'reject', 30],
  [{ deadline: at(12) }, 'reject', 12],
  [{ onUnavailable: 'queue' }, 'queue', 3_600],
  [{ onUnavailable: 'queue', within: 86_400 }, 'queue', 86_400],
  [{ onUnavailable: 'queue', deadline: at(86_400) }, 'queue', 86_400],
] as const)('%j is to %s within %i s', (written, onUnavailable, seconds) => {
  expect(patienceOf(written, NOW)).toEqual({ onUnavailable, withinMs: seconds * 1_000 });
});

test('a deadline that has passed leaves no time, for the repeat of what was begun before it', () => {
  expect(patienceOf({ deadline: at(-10) }, NOW).withinMs).toBe(0);
});

test.each([
  [{ within: 31 }],
  [{ onUnavailable: 'queue', within: 86_401 }],
  [{ deadline: at(31) }],
  [{ onUnavailable: 'queue', deadline: at(86_401) }],
  [{ within: 5, deadline: at(5) }],
  [{ deadline: '2026-12-31T23:59:60Z' }],
] as const)('%j is refused', (written) => {
  expect(() => patienceOf(written, NOW)).toThrow(ProblemError);
});
