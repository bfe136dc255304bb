import { isSystemAccount, type HoldLeg, type Transfer } from '@lastro/core';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The rule, where it does not hold. */
export function unless(holds: boolean, rule: string): readonly string[] {
  return holds ? [] : [rule];
}

export function idBreaches(...ids: readonly string[]): readonly string[] {
  return unless(
    ids.every((id) => UUID.test(id)),
    'an id is a UUID in lower case',
  );
}

/** `cash`: the one system account that such a transfer may touch, on one of its sides. */
export function transferBreaches(transfer: Transfer, cash: string | undefined): readonly string[] {
  return [...idBreaches(transfer.id), ...sideBreaches(transfer, cash)];
}

export function sideBreaches({ from, to }: HoldLeg, cash: string | undefined): readonly string[] {
  const isOwned = (account: string) => account !== cash && isSystemAccount(account);
  return [from, to]
    .filter(isOwned)
    .map((account) => `${account} is moved by its owner’s commands alone`);
}
