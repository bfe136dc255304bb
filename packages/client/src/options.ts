import type { CrossBankTransactionAnswer, HoldAnswer, OrderAnswer } from '@lastro/contract';

/** How to reach a bank. */
export interface LastroClientOptions {
  /** Such as `http://127.0.0.1:4000`; a path in front of `/v1` is kept. */
  readonly url: string;
  /** API key; without one only `livez` and `readyz` answer. */
  readonly key?: string;
  /** For every call that names none: from the call to its answer, retries included. Default 10 000. */
  readonly deadlineMs?: number;
  /** Connections kept open at most; calls beyond wait for a free one. Default 64. */
  readonly connectionsMax?: number;
  /** Language of the bank's texts in problem documents: `en` (default) or `pt-BR`. */
  readonly language?: 'en' | 'pt-BR';
  /** Makes the ids of commands that were given none. Default: UUIDv7. */
  readonly newId?: () => string;
  /** In [0, 1), for the jitter between tries. Default: `Math.random`. */
  readonly random?: () => number;
}

export interface CallOptions {
  /** Milliseconds from the call to its answer, retries included. */
  readonly deadlineMs?: number;
  /** Ends the call early: `unavailable` or `outcome_unknown` with code `aborted`. */
  readonly signal?: AbortSignal;
}

export interface CommandOptions extends CallOptions {
  /** The command's id where the body holds none (8–255 visible ASCII characters). Default: generated. */
  readonly idempotencyKey?: string;
  /** Tokens of the leases under which the command writes. */
  readonly leases?: readonly number[];
}

/** A page of a list. */
export interface Page<Item> {
  readonly data: readonly Item[];
  /** Hand it in as `cursor` for the next page; null on the last. */
  readonly next: string | null;
}

export interface PageQuery {
  /** 1 to 1000, default 50. */
  readonly limit?: number;
  readonly cursor?: string;
}

/** RFC 3339; `from` is included, `to` is not. */
interface PeriodQuery {
  readonly from?: string;
  readonly to?: string;
}

/** Metadata of the key has exactly the value; with several, all must. */
export type MetadataQuery = Readonly<Record<`metadata.${string}`, string>>;

/** `from` and `to` bound the opening. */
export interface AccountFilter extends PeriodQuery {
  readonly asset?: string;
}

/** `from` and `to` bound the booking; both amounts are included. */
export interface TransferFilter extends PeriodQuery {
  readonly account?: string;
  readonly minAmount?: number;
  readonly maxAmount?: number;
}

/** `olderThan`: only what the bank has known for longer than so many seconds. */
export interface CrossBankTransactionFilter {
  readonly state?: CrossBankTransactionAnswer['state'];
  readonly olderThan?: number;
}

export interface ConsentFilter {
  readonly account?: string;
  /** The one that may debit. */
  readonly bank?: string;
}

export interface HoldQuery extends PageQuery {
  readonly account?: string;
  readonly state?: HoldAnswer['state'];
}

export interface OrderQuery extends PageQuery {
  readonly status?: OrderAnswer['status'];
  /** An account of the bank, or `<bank>/<account>`. */
  readonly customer?: string;
}
