import { fillBank, isFilled } from '../fill-bank.ts';
import type { DemoBank } from './demo-bank.ts';

/** Puts people and goods into the banks; resolves to those that had none before. Rejects with `LastroError`. */
export async function fillBanks(banks: readonly DemoBank[]): Promise<readonly DemoBank[]> {
  const filled = await Promise.all(
    banks.map(async (bank) => {
      const { client, world } = bank;
      await client.readyz();
      const isNew = !(await isFilled(client, world));
      await fillBank(client, world);
      return { bank, isNew };
    }),
  );
  return filled.filter(({ isNew }) => isNew).map(({ bank }) => bank);
}
