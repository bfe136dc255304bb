import type { Rules } from './rules.ts';

/** What a decision depends on beside the ledger and the command. */
export interface Terms {
  readonly rules: Rules;
  /** Block time, milliseconds since 1970. */
  readonly at: number;
  /** Of the leases under which the command writes. */
  readonly leaseTokens: readonly number[];
}
