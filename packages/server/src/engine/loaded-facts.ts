import type {
  Consent,
  Correctable,
  CrossBankRecord,
  Hold,
  Lease,
  PostedGroup,
  StandingOrder,
} from '@lastro/core';
import type { Known } from './row-cache.ts';

/**
 * What the commands of one block need besides accounts and products, as of the block before. Loaded
 * for each try anew: these rows are seldom asked for twice.
 */
export interface LoadedFacts {
  readonly holds: Map<string, Known<Hold>>;
  /** By account. */
  readonly leases: Map<string, readonly Lease[]>;
  readonly correctables: Map<string, Known<Correctable>>;
  readonly groups: Map<string, Known<PostedGroup>>;
  readonly orders: Map<string, Known<StandingOrder>>;
  readonly crossBanks: Map<string, Known<CrossBankRecord>>;
  readonly consents: Map<string, Known<Consent>>;
}

export function noLoadedFacts(): LoadedFacts {
  return {
    holds: new Map(),
    leases: new Map(),
    correctables: new Map(),
    groups: new Map(),
    orders: new Map(),
    crossBanks: new Map(),
    consents: new Map(),
  };
}

/** The row when it is known to stand; undefined when it is absent or nobody looked. */
export function presentIn<Row>(known: Known<Row> | undefined): Row | undefined {
  return known === 'absent' ? undefined : known;
}
