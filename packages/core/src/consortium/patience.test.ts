import { expect, test } from 'vitest';
import { patientUntil } from './patience.ts';
import { BODY } from './step.fixture.ts';

const BEGUN_AT = 0x01_9a_00_00_00_00;

/** Begun at `BEGUN_AT`, with ten seconds to agree. */
function patience(end: string): number {
  const id = `alfa/019a0000-0000-7000-8000-00000000${end}`;
  return patientUntil({ ...BODY, id, decideBy: BEGUN_AT + 10_000 }) - BEGUN_AT;
}

test('each transaction waits for held funds for a part of its time, drawn by its id', () => {
  expect(patience('0000')).toBe(4_000);
  expect(patience('8000')).toBe(6_500);
  expect(patience('ffff')).toBeCloseTo(9_000, -1);
});

test('an id without a time waits until the end', () => {
  expect(patientUntil(BODY)).toBe(BODY.decideBy);
});
