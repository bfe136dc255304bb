import type { PeerPosition } from '@lastro/contract';
import { available, balance, type Account } from '@lastro/core';
import { toJsonInteger, toTimestamp, toWideInteger } from '../../http/wire.ts';
import { toAccount, type AccountRow } from '../../store/read-rows.ts';
import type { Snapshot } from '../../store/reads.ts';
import type { Peer } from './peer-directory.ts';

/** Assets that one bank deals in with another. */
const POSITIONS_MAX = 1_000;

/** Where this bank counts what it owes one peer: one account for each asset. */
export async function readPeerAccounts(reads: Snapshot, bank: string): Promise<Account[]> {
  // After `:` comes `;`: exactly the ids that begin with the peer's.
  const rows = await reads.rows<AccountRow>(
    `select number, id, asset, debits_posted, credits_posted, debits_pending, credits_pending,
            credit_limit, maximum_balance, status, lease_token, lease_until, version, created_at,
            metadata
       from account where id > $1 and id < $2 order by id limit ${POSITIONS_MAX}`,
    [`peer:${bank}:`, `peer:${bank};`],
  );
  return rows.map(toAccount);
}

/** What this bank owes the peer in the asset; below zero: what the peer owes it. */
export async function readPosition(reads: Snapshot, bank: string, asset: string): Promise<bigint> {
  const accounts = await readPeerAccounts(reads, bank);
  const account = accounts.find((one) => one.asset === asset);
  return account === undefined ? 0n : balance(account);
}

/** Whether anything is owed or promised, one way or the other. */
export function isOpen({ debitsPending, creditsPending, ...account }: Account): boolean {
  const owed = account.creditsPosted - account.debitsPosted;
  return owed !== 0n || debitsPending !== 0n || creditsPending !== 0n;
}

export function presentPosition(
  { bank, state, lastContactAt }: Peer,
  accounts: readonly Account[],
  inFlight: readonly string[],
): PeerPosition {
  return {
    bank,
    state,
    lastContactAt: lastContactAt === null ? null : toTimestamp(lastContactAt),
    positions: accounts.map((account) => {
      const { asset, creditLimit, debitsPending, creditsPending } = account;
      const left = available(account);
      return {
        asset,
        position: toWideInteger(balance(account)),
        exposureLimit: creditLimit === null ? null : toJsonInteger(creditLimit),
        available: left === null ? null : toWideInteger(left),
        promisedIn: toWideInteger(debitsPending),
        promisedOut: toWideInteger(creditsPending),
      };
    }),
    inFlight: [...inFlight],
  };
}
