import { LastroClient } from '@lastro/client';
import type { BankKeeper } from '../bank-keeper.ts';
import type { WorldBank } from '../world.ts';

const deadlineMs = 60_000;

/** A bank of the demo that runs, and a client that may do everything there. */
export interface DemoBank {
  readonly world: WorldBank;
  readonly url: string;
  readonly client: LastroClient;
}

/** `keepers` in the order of the world. */
export function openBanks(
  world: readonly WorldBank[],
  keepers: readonly BankKeeper[],
  key: string,
): readonly DemoBank[] {
  return world.flatMap((bank, index) => {
    const keeper = keepers[index];
    if (keeper === undefined) return [];
    const { url } = keeper.ready;
    return [{ world: bank, url, client: new LastroClient({ url, key, deadlineMs }) }];
  });
}

export async function closeBanks(banks: readonly DemoBank[]): Promise<void> {
  await Promise.all(banks.map(({ client }) => client.close()));
}
