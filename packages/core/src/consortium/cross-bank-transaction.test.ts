import { describe, expect, test } from 'vitest';
import { SAFE_MAX } from '../bounds.ts';
import {
  coordinatorOf,
  othersOf,
  participantsOf,
  transactionFault,
  type CrossBankTransaction,
  type Leg,
} from './cross-bank-transaction.ts';
import { localTransfers } from './local-transfers.ts';
import { BODY, ID } from './step.fixture.ts';

function leg(from: string, to: string, amount: bigint, consent: string | null = null): Leg {
  const [fromBank = '', fromAccount = ''] = from.split('/');
  const [toBank = '', toAccount = ''] = to.split('/');
  return {
    from: { bank: fromBank, account: fromAccount },
    to: { bank: toBank, account: toAccount },
    amount,
    asset: 'BRL/2',
    consent,
  };
}

function withLegs(...legs: readonly Leg[]): CrossBankTransaction {
  return { ...BODY, legs };
}

/** `ana → peer:beta:BRL 5`, one line for each transfer of the bank. */
function movedAt(bank: string, body: CrossBankTransaction): string[] {
  return localTransfers(bank, body).map(
    ({ from, to, amount }) => `${from} → ${to} ${amount.toString()}`,
  );
}

test('the coordinator takes part even without a leg', () => {
  const body = withLegs(leg('gama/ana', 'beta/bia', 1n));
  expect(coordinatorOf(ID)).toBe('alfa');
  expect(participantsOf(body)).toEqual(['alfa', 'beta', 'gama']);
  expect(othersOf(body, 'beta')).toEqual(['alfa', 'gama']);
  expect(movedAt('alfa', body)).toEqual([]);
});

describe('what each bank writes', () => {
  const body = withLegs(
    leg('alfa/ana', 'delta/shop', 5n, 'consent-1'),
    leg('beta/bia', 'delta/shop', 7n),
    leg('gama/caio', 'delta/shop', 9n),
    leg('delta/shop', 'delta/tax', 2n),
    leg('delta/shop', 'alfa/ana', 1n),
  );

  test('A, B and C pay D, with change, and D pays within itself', () => {
    expect(movedAt('alfa', body)).toEqual(['ana → peer:delta:BRL 5', 'peer:delta:BRL → ana 1']);
    expect(movedAt('beta', body)).toEqual(['bia → peer:delta:BRL 7']);
    expect(movedAt('gama', body)).toEqual(['caio → peer:delta:BRL 9']);
    expect(movedAt('delta', body)).toEqual([
      'peer:alfa:BRL → shop 5',
      'peer:beta:BRL → shop 7',
      'peer:gama:BRL → shop 9',
      'shop → tax 2',
      'shop → peer:alfa:BRL 1',
    ]);
    expect(movedAt('zeta', body)).toEqual([]);
  });

  test('the consent is spent by the bank of the debited account alone', () => {
    expect(localTransfers('alfa', body)[0]?.consent).toBe('consent-1');
    expect(localTransfers('delta', body)[0]?.consent).toBeNull();
  });
});

test.for([
  ['malformed_id', { ...BODY, id: 'alfa/1' }],
  ['no_legs', withLegs()],
  ['too_many_legs', withLegs(...Array.from({ length: 1_001 }, () => BODY.legs[0]!))],
  ['malformed_bank', withLegs(leg('Alfa/ana', 'beta/bia', 1n))],
  ['amount_out_of_range', withLegs(leg('alfa/ana', 'beta/bia', 0n))],
  ['amount_out_of_range', withLegs(leg('alfa/ana', 'beta/bia', SAFE_MAX + 1n))],
  ['same_account', withLegs(leg('beta/bia', 'beta/bia', 1n))],
  ['one_bank_only', withLegs(leg('alfa/ana', 'alfa/bia', 1n))],
  [
    'too_many_banks',
    withLegs(...Array.from({ length: 32 }, (_, bank) => leg('alfa/ana', `b${bank}x/bia`, 1n))),
  ],
] as const)('no bank takes it: %s', ([fault, body]) => {
  expect(transactionFault(body)).toBe(fault);
});

test('a body that is well formed has no fault', () => {
  expect(transactionFault(BODY)).toBeUndefined();
});
