import { expect, it } from 'vitest';
import { ProblemError } from './problem.ts';
import { periodOf } from './period.ts';

function refusalOf(query: { from?: string; to?: string }): unknown {
  try {
    return periodOf(query);
  } catch (error) {
    return error instanceof ProblemError ? error.details.errors : error;
  }
}

it('reads bounds in any offset', () => {
  expect(periodOf({ from: '2026-03-01T00:00:00Z', to: '2026-03-01T00:00:00-03:00' })).toEqual({
    from: Date.UTC(2026, 2, 1),
    to: Date.UTC(2026, 2, 1, 3),
  });
  expect(periodOf({})).toEqual({ from: null, to: null });
});

it('takes a bound between two milliseconds for the later one', () => {
  expect(periodOf({ from: '1970-01-01T00:00:00.0012Z', to: '1970-01-01T00:00:00.00300Z' })).toEqual(
    { from: 2, to: 3 },
  );
});

it('takes a period without length', () => {
  const moment = '2026-03-01T00:00:00Z';
  expect(periodOf({ from: moment, to: moment })).toMatchObject({ from: Date.UTC(2026, 2, 1) });
});

it('refuses what the calendar lacks, and a period that ends before it begins', () => {
  const noMoment = [{ pointer: '#querystring/from', detail: 'is no moment of the calendar' }];
  expect(refusalOf({ from: '2016-12-31T23:59:60Z' })).toEqual(noMoment);
  expect(refusalOf({ from: '2026-03-01T00:00:00+24:00' })).toEqual(noMoment);
  expect(refusalOf({ from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' })).toEqual([
    { pointer: '#querystring/to', detail: 'is before from' },
  ]);
});
