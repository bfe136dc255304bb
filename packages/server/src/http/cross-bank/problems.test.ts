import { ERRORS } from '@lastro/contract';
import type { consortium } from '@lastro/core';
import { expect, test } from 'vitest';
import { abortProblem, obstacleProblem } from './problems.ts';

const poor = { code: 'insufficient_funds', account: 'bruno' } as const;

test('a bank’s refusal is named with the bank, before what only says that they did not come together', () => {
  expect(
    abortProblem([
      { bank: 'gama', reason: { code: 'too_late' } },
      { bank: 'beta', reason: { code: 'refused', refusal: poor } },
    ]),
  ).toEqual({ code: 'insufficient_funds', details: { account: 'bruno', bank: 'beta' } });
});

test('funds that were held until the end are a code of their own', () => {
  expect(abortProblem([{ bank: 'beta', reason: { code: 'funds_held' } }])).toEqual({
    code: 'funds_held',
    details: { bank: 'beta' },
  });
});

test('without a reason, time ran out', () => {
  expect(abortProblem([])).toEqual({
    code: 'transaction_aborted',
    details: { reason: 'out_of_time' },
  });
});

const REASONS: readonly consortium.NoReason[] = [
  { code: 'malformed', fault: 'too_many_banks' },
  { code: 'id_reused' },
  { code: 'decide_by_too_far' },
  { code: 'too_late' },
  { code: 'other_generation' },
  { code: 'register_away' },
  { code: 'below_floor' },
  { code: 'reconciling' },
];

test.each(REASONS)('what another bank says of $code is documented as a reason', (reason) => {
  const { code, details } = abortProblem([{ bank: 'beta', reason }]);
  expect([code, details.bank, details.reason]).toEqual([
    'transaction_aborted',
    'beta',
    reason.code,
  ]);
  expect(ERRORS.transaction_aborted.explanation).toContain(`\`${reason.code}\``);
});

test.each([
  [{ code: 'refused', refusal: poor }, 'insufficient_funds', { account: 'bruno' }],
  [{ code: 'funds_held' }, 'funds_held', {}],
  [{ code: 'peer_unknown', bank: 'beta' }, 'peer_unknown', { bank: 'beta' }],
  [{ code: 'peer_offline', bank: 'beta' }, 'peer_unavailable', { bank: 'beta' }],
  [{ code: 'peer_busy', bank: 'beta' }, 'peer_busy', { bank: 'beta' }],
  [{ code: 'register_away' }, 'register_unavailable', {}],
  [{ code: 'reconciling' }, 'reconciling', {}],
  [{ code: 'too_late' }, 'deadline_exceeded', {}],
] as const)('what was not begun because of %j is %s', (reason, code, details) => {
  expect(obstacleProblem(reason)).toEqual({ code, details });
});

test('what was not recorded may be sent again under its id, and has no effect', () => {
  for (const code of [
    'peer_unavailable',
    'peer_busy',
    'register_unavailable',
    'reconciling',
  ] as const) {
    expect([code, ERRORS[code].status, ERRORS[code].retryable]).toEqual([code, 503, true]);
  }
});
