import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '@lastro/contract';
import { balance, NO_METADATA, type Account, type Command } from '@lastro/core';
import { ProblemError } from '../../http/problem.ts';
import { runCommand } from '../../http/run-command.ts';
import { ADJUSTMENT_ACCOUNT, envelopeOfSurface } from './accounts.ts';
import { readLock, type LockParts } from './locks.ts';

export interface SetBalanceParts extends LockParts {
  readonly readAccount: (id: string) => Promise<Account | undefined>;
}

export type SetBalanceResult = 'done' | 'locked' | 'bad_value' | 'busy';

/** Somebody was faster, or a lock came or went: look again. */
const MOVED_ON: ReadonlySet<ErrorCode> = new Set([
  'condition_failed',
  'account_leased',
  'lease_lost',
]);

const BAD_VALUES: ReadonlySet<ErrorCode> = new Set([
  'amount_out_of_range',
  'balance_out_of_range',
  'insufficient_funds',
]);

/** The balance moves under us only while others write the account; each of them got on. */
const TRIES_MAX = 50;

/**
 * Makes an account's balance `wanted` centavos by one transfer of the difference against the
 * adjustment account, at the version that the difference was computed from. `locked` also for an owner
 * whose lock ran out, until it takes the lock again or gives it back.
 */
export async function setBalance(
  parts: SetBalanceParts,
  account: string,
  wanted: bigint,
  owner: string,
): Promise<SetBalanceResult> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const held = await readLock(parts, account);
    if (held !== undefined && held.owner !== owner) return 'locked';
    if (held !== undefined) parts.pastHolders.remember(account, owner);
    // Its lock ran out: what it read under it may be old by now, whoever wrote since.
    else if (parts.pastHolders.has(account, owner)) return 'locked';
    const standing = await parts.readAccount(account);
    if (standing === undefined) throw new Error(`account ${account} is gone`);
    const difference = wanted - balance(standing);
    if (difference === 0n) return 'done';
    const tokens = held === undefined ? [] : [held.token];
    const command = adjustment(standing, difference);
    const result = await runCommand(parts.engine, envelopeOfSurface(randomUUID(), command, tokens));
    if (result.kind === 'accepted') return 'done';
    if (BAD_VALUES.has(result.code)) return 'bad_value';
    if (!MOVED_ON.has(result.code)) throw new ProblemError(result.code);
  }
  return 'busy';
}

function adjustment(account: Account, difference: bigint): Command {
  const common = { type: 'PostTransfer', id: randomUUID(), metadata: NO_METADATA } as const;
  const { id, version } = account;
  return difference > 0n
    ? {
        ...common,
        from: ADJUSTMENT_ACCOUNT,
        to: id,
        amount: difference,
        condition: { version: null, balanceAtLeast: null, creditedVersion: version },
      }
    : {
        ...common,
        from: id,
        to: ADJUSTMENT_ACCOUNT,
        amount: -difference,
        condition: { version, balanceAtLeast: null },
      };
}
