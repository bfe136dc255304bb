/** The largest integer that a JSON reader everywhere keeps exact: 2^53 − 1. */
export const SAFE_MAX = 9_007_199_254_740_991n;

/** Upper bound of one amount in minor units unless a bank is configured otherwise. */
export const AMOUNT_MAX_DEFAULT = 1_000_000_000_000n;

/** Bound of the balance of `cash:` and `peer:` accounts, which leave on the wire as decimal strings. */
export const WIDE_BALANCE_MAX = 2n ** 62n;

/**
 * What may ever be debited from, and ever be credited to, one account: the sums are 64-bit in the
 * database. A thousand times the yearly turnover of a large country, in its cents.
 */
export const TURNOVER_MAX = 2n ** 62n;

/** Transfers in one transaction. */
export const TRANSACTION_TRANSFERS_MAX = 1_000;

/** Lines in one order, before lines of one sku are merged. */
export const ORDER_LINES_MAX = 100;

/** Transfers in one hold: all are captured in one block, without a bound on how many do so at once. */
export const HOLD_TRANSFERS_MAX = 100;

/** How long a hold lasts unless it says otherwise, in seconds. */
export const HOLD_TTL_DEFAULT_SECONDS = 86_400;

/** How far ahead a hold may expire, in seconds: 90 days. */
export const HOLD_TTL_MAX_SECONDS = 7_776_000;

/** How far ahead a consent may expire, in seconds: 366 days. */
export const CONSENT_TTL_MAX_SECONDS = 31_622_400;

/** How long one grant or renewal of a lease lasts at most, in seconds. */
export const LEASE_TTL_MAX_SECONDS = 600;

/** Leases of one account that are open, the one that is held included. */
export const LEASE_QUEUE_MAX = 1_000;
