import type { Lease } from '@lastro/core';
import type { LeaseRows } from '../store/row-types.ts';
import type { LoadedFacts } from './loaded-facts.ts';

/** The leases that one block sees and changes, by account. */
export class BlockLeases {
  readonly #before: LoadedFacts['leases'];
  readonly #changed = new Map<string, readonly Lease[]>();

  constructor(before: LoadedFacts['leases']) {
    this.#before = before;
  }

  of(account: string): readonly Lease[] {
    const open = this.#changed.get(account) ?? this.#before.get(account);
    if (open === undefined) throw new Error(`the leases of ${account} were not loaded`);
    return open;
  }

  put(account: string, open: readonly Lease[]): void {
    this.#changed.set(account, open);
  }

  /** What to write: leases that came or moved on, and those that are over. */
  rows(numberOf: (account: string) => number): LeaseRows {
    const open = [...this.#changed].flatMap(([account, leases]) => {
      const before = new Set(this.#before.get(account));
      const accountNumber = numberOf(account);
      return leases
        .filter((lease) => !before.has(lease))
        .map((lease) => ({ lease, accountNumber }));
    });
    const gone = [...this.#changed].flatMap(([account, leases]) => {
      const left = new Set(leases.map(({ ticket }) => ticket));
      const before = this.#before.get(account) ?? [];
      return before.map(({ ticket }) => ticket).filter((ticket) => !left.has(ticket));
    });
    return { open, gone };
  }
}
