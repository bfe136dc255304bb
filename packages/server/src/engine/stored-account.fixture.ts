import { NO_METADATA, type Account } from '@lastro/core';
import type { StoredAccount } from '../store/row-types.ts';

/** An account that was opened and not used. */
export function opened(number: number, id = `a${number}`): StoredAccount {
  const sums = { debitsPosted: 0n, creditsPosted: 0n, debitsPending: 0n, creditsPending: 0n };
  const account: Account = {
    id,
    asset: 'BRL',
    ...sums,
    creditLimit: 0n,
    maximumBalance: null,
    status: 'open',
    leaseToken: null,
    leaseUntil: null,
    isRebuilt: false,
    version: 1,
    createdAt: 1_790_000_000_000,
    metadata: NO_METADATA,
  };
  return { number, account };
}
