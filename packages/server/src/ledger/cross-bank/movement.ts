import type { TransactionTransfer } from '@lastro/contract';
import type { consortium } from '@lastro/core';
import { isLocal, localAccount, placeOf } from '../../http/cross-bank/place.ts';
import { ProblemError } from '../../http/problem.ts';
import type { AccountAssets } from './account-assets.ts';

/** Whether another bank has a part in it. */
export function isAcrossBanks({ from, to }: TransactionTransfer, bank: string): boolean {
  return !isLocal(from, bank) || !isLocal(to, bank);
}

/**
 * Refuses what a movement within the bank can't be asked for with. `place` is where it stands in the
 * body. Throws `invalid_request`.
 */
export function checkLocalMovement({ asset, consent }: TransactionTransfer, place: string): void {
  if (asset !== undefined) throw invalid(`${place}/asset`, ONLY_ACROSS);
  if (consent !== undefined) throw invalid(`${place}/consent`, ONLY_ACROSS);
}

/**
 * Refuses what a movement of a transaction across banks can't be asked for with: what banks don't
 * tell each other, and a consent where it has none to ask or lacks one. Throws `invalid_request`.
 */
export function checkLeg(movement: TransactionTransfer, bank: string, place: string): void {
  const { from, to, asset, consent } = movement;
  for (const member of ['metadata', 'ifVersion', 'ifBalanceAtLeast'] as const) {
    if (movement[member] !== undefined) throw invalid(`${place}/${member}`, ONLY_LOCAL);
  }
  const isOurs = isLocal(from, bank);
  if (isOurs && consent !== undefined) {
    throw invalid(`${place}/consent`, 'is for an account of another bank alone');
  }
  if (!isOurs && consent === undefined) {
    throw invalid(`${place}/consent`, 'is missing: `from` lies in another bank');
  }
  if (!isOurs && !isLocal(to, bank) && asset === undefined) {
    throw invalid(`${place}/asset`, 'is missing: neither account lies in this bank');
  }
}

const ONLY_ACROSS = 'is for transactions across banks alone';
const ONLY_LOCAL = 'is for transactions within the bank alone';

function invalid(pointer: string, detail: string): ProblemError {
  return new ProblemError('invalid_request', { errors: [{ pointer, detail }] });
}

/** What is counted by an account that isn't there: the ledger says that it isn't, and records it. */
const NOTHING = 'NONE/0';

/**
 * The legs that movements are, in their order. Their asset is what they say, else what their account
 * in this bank counts.
 */
export async function legsOf(
  assets: AccountAssets,
  movements: readonly TransactionTransfer[],
  bank: string,
): Promise<consortium.Leg[]> {
  const unsaid = movements.filter(({ asset }) => asset === undefined);
  const known = await assets.of(unsaid.map((movement) => ownAccountOf(movement, bank)));
  return movements.map((movement) => {
    const asset = movement.asset ?? known.get(ownAccountOf(movement, bank)) ?? NOTHING;
    return {
      from: placeOf(movement.from, bank),
      to: placeOf(movement.to, bank),
      amount: BigInt(movement.amount),
      asset,
      consent: movement.consent ?? null,
    };
  });
}

/** The account of it that lies in this bank. */
function ownAccountOf({ from, to }: TransactionTransfer, bank: string): string {
  return localAccount(isLocal(from, bank) ? from : to);
}
