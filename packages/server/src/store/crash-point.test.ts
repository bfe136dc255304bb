import { afterEach, expect, test } from 'vitest';
import { armCrashPoint, crashPoint, CRASH_POINTS } from './crash-point.ts';

afterEach(() => armCrashPoint(undefined));

const deaths: string[] = [];
const die = (point: string) => void deaths.push(point);

afterEach(() => void deaths.splice(0));

test('nothing dies that was not armed', () => {
  for (const point of CRASH_POINTS) crashPoint(point);
  armCrashPoint('commit-sent', die);
  for (const point of CRASH_POINTS) if (point !== 'commit-sent') crashPoint(point);
  expect(deaths).toEqual([]);
});

test('an armed point is the end at its n-th time, and what must come first comes first', () => {
  armCrashPoint('between-statements:3', die);
  const first = () => void deaths.push('first');
  crashPoint('between-statements', first);
  crashPoint('between-statements', first);
  expect(deaths).toEqual([]);
  crashPoint('between-statements', first);
  expect(deaths).toEqual(['first', 'between-statements']);
});

test('armed with nothing, it is disarmed', () => {
  armCrashPoint('draining', die);
  armCrashPoint('');
  crashPoint('draining');
  expect(deaths).toEqual([]);
});

test.each(['drainin', 'draining:0', 'draining:-1', 'draining:1:2', 'draining:', ':1'])(
  '%s is no crash point',
  (at) => {
    expect(() => armCrashPoint(at, die)).toThrow(/is no crash point/);
  },
);
