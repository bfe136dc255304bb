import type { Command } from './command.ts';
import { NO_METADATA } from './metadata.ts';
import type { Refusal } from './refusal.ts';

// What the tables of refusals are made of.

export type CommandType = Command['type'];
export type CommandOf<Type extends CommandType> = Extract<Command, { type: Type }>;

/** One thing wrong with a command, and what it is refused with for that alone. */
export interface Fault<Type extends CommandType> {
  readonly change: Partial<CommandOf<Type>>;
  readonly leaseTokens?: readonly number[];
  readonly refusal: Refusal;
}

/** A command that a furnished town accepts, and its faults: the earlier one is the answer. */
export interface Case<Type extends CommandType> {
  readonly accepted: CommandOf<Type>;
  readonly faults: readonly Fault<Type>[];
}

export type Cases<Type extends CommandType> = { readonly [Each in Type]: Case<Each> };

export const metadata = NO_METADATA;
/** A wish of one unit from ana to bia. */
export const request = { id: 'n', from: 'ana', to: 'bia', amount: 1n, metadata, condition: null };

/** Every command: it comes with the token of a lease that nobody holds. */
export const lost = { change: {}, leaseTokens: [1], refusal: { code: 'lease_lost' } } as const;

export const amountRange: Refusal = { code: 'amount_out_of_range' };
export const taken: Refusal = { code: 'id_taken' };
export const mismatch: Refusal = { code: 'asset_mismatch' };
export const closed: Refusal = { code: 'account_closed', account: 'closed' };
export const shut: Refusal = { code: 'account_closed', account: 'shut' };
export const frozen: Refusal = { code: 'account_frozen', account: 'frozen' };
export const leased: Refusal = { code: 'account_leased', account: 'leased' };
export const crowded: Refusal = { code: 'account_leased', account: 'crowded' };

export const system = (account: string): Refusal => ({ code: 'system_account', account });
export const noAccount = (account: string): Refusal => ({ code: 'account_not_found', account });
export const noProduct = (sku: string): Refusal => ({ code: 'product_not_found', sku });
export const outOfRange = (account: string): Refusal => ({ code: 'balance_out_of_range', account });
export const poor = (account: string): Refusal => ({ code: 'insufficient_funds', account });
