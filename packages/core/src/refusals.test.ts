import { describe, expect, test } from 'vitest';
import type { Command } from './command.ts';
import { refusalOf } from './event.ts';
import { REFUSAL_CASES } from './refusal-cases.fixture.ts';
import type { Refusal } from './refusal.ts';
import { createFurnishedTown } from './furnished-town.fixture.ts';
import { REFUSAL_CODES } from './vocabulary.fixture.ts';

interface Row {
  readonly title: string;
  readonly command: Command;
  readonly leaseTokens: readonly number[] | undefined;
  readonly refusal: Refusal;
}

const cases = Object.values(REFUSAL_CASES);

/** One fault a row. */
const rows: readonly Row[] = cases.flatMap(({ accepted, faults }) =>
  faults.map(({ change, leaseTokens, refusal }) => ({
    title: `${accepted.type} with ${show({ ...change, leaseTokens })}: ${refusal.code}`,
    command: { ...accepted, ...change } as Command,
    leaseTokens,
    refusal,
  })),
);

/** Every two faults of a command that don't concern the same member. */
const pairs: readonly Row[] = cases.flatMap(({ accepted, faults }) =>
  faults.flatMap((first, index) =>
    faults
      .slice(index + 1)
      .filter((second) => !Object.keys(second.change).some((name) => name in first.change))
      .map((second) => ({
        title: `${accepted.type} with ${show(first.change)} and ${show(second.change)}`,
        command: { ...accepted, ...first.change, ...second.change } as Command,
        leaseTokens: first.leaseTokens ?? second.leaseTokens,
        refusal: first.refusal,
      })),
  ),
);

function show(change: object): string {
  return JSON.stringify(change, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
}

describe('a command without fault is accepted', () => {
  test.each(cases.map(({ accepted }) => accepted))('$type', (command) => {
    expect(createFurnishedTown().refusal(command)).toBeUndefined();
  });
});

const UNTOUCHED = [
  'accounts',
  'products',
  'transfers',
  'holds',
  'openLeases',
  'reversals',
  'cancellations',
  'crossBanks',
  'consents',
] as const;

describe('one fault gives its refusal and moves nothing', () => {
  test.each(rows)('$title', ({ command, leaseTokens, refusal }) => {
    const town = createFurnishedTown();
    const untouched = createFurnishedTown().ledger;
    expect(refusalOf(town.tell(command, leaseTokens))).toEqual(refusal);
    for (const what of UNTOUCHED) {
      expect(town.ledger[what]).toEqual(untouched[what]);
    }
    expect(town.ledger.outcomes.size).toBe(untouched.outcomes.size + 1);
  });
});

test('of two faults the earlier one in the table is the answer', () => {
  const wrong = pairs.filter(({ command, leaseTokens, refusal }) => {
    const found = createFurnishedTown().refusal(command, leaseTokens);
    return show({ found }) !== show({ found: refusal });
  });
  expect(wrong.map(({ title }) => title)).toEqual([]);
  expect(pairs.length).toBeGreaterThan(600);
});

test('every refusal code is in the table', () => {
  const codes = new Set<string>(rows.map(({ refusal }) => refusal.code));
  // What only another bank is refused with is in `share-refusal.test.ts`.
  const toPeers = [
    'consent_exceeded',
    'consent_expired',
    'consent_required',
    'transaction_aborted',
  ];
  expect(REFUSAL_CODES.filter((code) => !codes.has(code))).toEqual(toPeers);
});
