import { expect, test } from 'vitest';
import { available, balanceMax, balanceMin, openAccount, type Account } from './account.ts';
import { SAFE_MAX, TURNOVER_MAX, WIDE_BALANCE_MAX } from './bounds.ts';
import { NO_LEASE_TOKENS } from './command.ts';
import { NO_METADATA } from './metadata.ts';
import { movementRefusal } from './movement.ts';
import type { Terms } from './terms.ts';

const terms: Terms = { rules: { amountMax: SAFE_MAX }, at: 1_000, leaseTokens: NO_LEASE_TOKENS };

function account(id: string, more: Partial<Account> = {}): Account {
  return { ...openAccount(id, 'BRL/2', 0n, 0, NO_METADATA), ...more };
}

/** The code when `amount` is to leave `from` for an account with room for it. */
function leaving(from: Account, amount: bigint) {
  return movementRefusal(from, account('cash:BRL', { creditLimit: null }), amount, terms)?.code;
}

/** The code when `amount` is to reach `to` from an account that has it. */
function reaching(to: Account, amount: bigint) {
  return movementRefusal(account('cash:BRL', { creditLimit: null }), to, amount, terms)?.code;
}

interface Bound {
  readonly title: string;
  readonly account: Account;
  /** What may just move; one unit more may not. */
  readonly most: bigint;
}

const debits: readonly (Bound & { readonly code: string })[] = [
  {
    title: 'the balance of an account without credit',
    account: account('a', { creditsPosted: 7n, debitsPosted: 2n }),
    most: 5n,
    code: 'insufficient_funds',
  },
  {
    title: 'balance and credit limit',
    account: account('a', { creditsPosted: 7n, creditLimit: 10n }),
    most: 17n,
    code: 'insufficient_funds',
  },
  {
    title: 'what is left of the credit limit',
    account: account('a', { debitsPosted: 4n, creditLimit: 10n }),
    most: 6n,
    code: 'insufficient_funds',
  },
  {
    title: 'no unit that is promised away, and none that is promised to it',
    account: account('a', { creditsPosted: 7n, debitsPending: 3n, creditsPending: 100n }),
    most: 4n,
    code: 'insufficient_funds',
  },
  {
    title: 'the whole range with the largest credit limit',
    account: account('a', { creditLimit: SAFE_MAX }),
    most: SAFE_MAX,
    code: 'insufficient_funds',
  },
  {
    title: 'the whole range without limit, promises counted',
    account: account('a', { creditLimit: null, creditsPosted: 7n, debitsPending: 3n }),
    most: SAFE_MAX + 4n,
    code: 'balance_out_of_range',
  },
  {
    title: 'the wide range of cash',
    account: account('cash:USD', { creditLimit: null }),
    most: WIDE_BALANCE_MAX,
    code: 'balance_out_of_range',
  },
];

test.each(debits)('a debit may take $title', ({ account: from, most, code }) => {
  expect(leaving(from, most)).toBeUndefined();
  expect(leaving(from, most + 1n)).toBe(code);
});

const credits: readonly Bound[] = [
  { title: 'up to 2^53 − 1', account: account('a', { creditsPosted: 7n }), most: SAFE_MAX - 7n },
  {
    title: 'with room for what is promised to it',
    account: account('a', { creditsPending: 5n, debitsPending: 100n }),
    most: SAFE_MAX - 5n,
  },
  {
    title: 'less its credit limit, so that available stays within the bound too',
    account: account('a', { creditLimit: 50n }),
    most: SAFE_MAX - 50n,
  },
  {
    title: 'up to its maximum balance, with room for what is promised to it',
    account: account('a', { maximumBalance: 50n, creditsPosted: 7n, creditsPending: 3n }),
    most: 40n,
  },
  {
    title: 'less its credit limit where its maximum balance is higher than that leaves',
    account: account('a', { maximumBalance: SAFE_MAX, creditLimit: 50n }),
    most: SAFE_MAX - 50n,
  },
  {
    title: 'back from below zero',
    account: account('a', { creditLimit: 50n, debitsPosted: 50n }),
    most: SAFE_MAX,
  },
  {
    title: 'without limit',
    account: account('a', { creditLimit: null, debitsPosted: SAFE_MAX }),
    most: 2n * SAFE_MAX,
  },
  {
    title: 'on a wide account',
    account: account('peer:beta:BRL', { creditsPosted: 7n }),
    most: WIDE_BALANCE_MAX - 7n,
  },
];

test.each(credits)('a credit fits $title', ({ account: to, most }) => {
  expect(reaching(to, most)).toBeUndefined();
  expect(reaching(to, most + 1n)).toBe('balance_out_of_range');
});

test('an account with the largest credit limit can take back only what it owes', () => {
  const owing = account('a', { creditLimit: SAFE_MAX, debitsPosted: 3n });
  expect(reaching(owing, 3n)).toBeUndefined();
  expect(reaching(owing, 4n)).toBe('balance_out_of_range');
});

test('a frozen account receives and does not pay; a closed one does neither', () => {
  const frozen = account('a', { status: 'frozen', creditsPosted: 9n });
  const closed = account('b', { status: 'closed', creditsPosted: 9n });
  expect(reaching(frozen, 1n)).toBeUndefined();
  expect(leaving(frozen, 1n)).toBe('account_frozen');
  expect(reaching(closed, 1n)).toBe('account_closed');
  expect(leaving(closed, 1n)).toBe('account_closed');
});

test('a lease stops both sides, but for who comes with its token, until its moment', () => {
  const leased = account('a', { creditsPosted: 9n, leaseToken: 7, leaseUntil: 1_001 });
  expect(leaving(leased, 1n)).toBe('account_leased');
  expect(reaching(leased, 1n)).toBe('account_leased');
  const other = account('b');
  const under = (leaseTokens: readonly number[], at = 1_000) =>
    movementRefusal(leased, other, 1n, { ...terms, at, leaseTokens })?.code;
  expect(under([6, 8])).toBe('account_leased');
  expect(under([6, 7])).toBeUndefined();
  expect(under([], 1_001)).toBeUndefined();
});

test('what was ever moved fits in 64 bits, promises counted', () => {
  const busy = account('a', {
    debitsPosted: TURNOVER_MAX - 5n,
    creditsPosted: TURNOVER_MAX - 5n,
    creditLimit: 100n,
  });
  expect(leaving(busy, 5n)).toBeUndefined();
  expect(leaving(busy, 6n)).toBe('balance_out_of_range');
  expect(leaving({ ...busy, debitsPending: 2n }, 4n)).toBe('balance_out_of_range');
  expect(reaching(busy, 5n)).toBeUndefined();
  expect(reaching(busy, 6n)).toBe('balance_out_of_range');
  expect(reaching({ ...busy, creditsPending: 2n }, 4n)).toBe('balance_out_of_range');
});

test('the refusal names the account whose bound it is', () => {
  const [a, b] = [account('a'), account('b', { creditsPosted: SAFE_MAX })];
  expect(movementRefusal(a, b, 1n, terms)).toEqual({ code: 'insufficient_funds', account: 'a' });
  const refusal = { code: 'balance_out_of_range', account: 'b' };
  expect(movementRefusal({ ...a, creditsPosted: 1n }, b, 1n, terms)).toEqual(refusal);
});

test('bounds of what an account can show', () => {
  const unlimited = account('a', { creditLimit: null });
  expect(available(unlimited)).toBeNull();
  expect([balanceMin(unlimited), balanceMax(unlimited)]).toEqual([-SAFE_MAX, SAFE_MAX]);
  expect(balanceMin(account('cash:BRL'))).toBe(-WIDE_BALANCE_MAX);
  expect(SAFE_MAX).toBe(BigInt(Number.MAX_SAFE_INTEGER));
});
