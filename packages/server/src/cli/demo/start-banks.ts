import { BankKeeper, type BankKeeperEvents } from '../bank-keeper.ts';
import type { BankProcessOptions } from '../bank-process.ts';

/**
 * Starts all banks at once and resolves, in their order, when every one is ready. When one can't start the others
 * are ended, and it rejects as that one did: with `CliError`, or with the signal's reason.
 */
export async function startBanks(
  banks: readonly BankProcessOptions[],
  events: BankKeeperEvents,
  signal: AbortSignal,
): Promise<readonly BankKeeper[]> {
  const failing = new AbortController();
  const either = AbortSignal.any([signal, failing.signal]);
  const started = await Promise.all(
    banks.map(async (bank) => {
      try {
        return await BankKeeper.start(bank, events, either);
      } catch (error) {
        failing.abort(error);
        return undefined;
      }
    }),
  );
  const keepers = started.filter((keeper) => keeper !== undefined);
  if (either.aborted) await Promise.all(keepers.map((keeper) => keeper.stop()));
  either.throwIfAborted();
  return keepers;
}
