import type { TransferRequest } from '@lastro/contract';
import type { Condition } from '@lastro/core';

/** What a wanted transfer demands of the debited account; null: nothing. */
export function conditionOf(
  body: Pick<TransferRequest, 'ifVersion' | 'ifBalanceAtLeast'>,
): Condition | null {
  const { ifVersion, ifBalanceAtLeast } = body;
  if (ifVersion === undefined && ifBalanceAtLeast === undefined) return null;
  return {
    version: ifVersion ?? null,
    balanceAtLeast: ifBalanceAtLeast === undefined ? null : BigInt(ifBalanceAtLeast),
  };
}
