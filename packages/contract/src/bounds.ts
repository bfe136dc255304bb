/** Bounds of what goes over the wire. The rules of money themselves are `core`'s. */

/** 2^53 − 1: the largest amount or balance that is a JSON integer. */
export const WIRE_INTEGER_MAX = 9_007_199_254_740_991;

/** The largest amount unless the bank is configured otherwise. */
export const AMOUNT_MAX = 1_000_000_000_000;

export const PAGE_LIMIT_DEFAULT = 50;
export const PAGE_LIMIT_MAX = 1_000;

export const METADATA_PAIRS_MAX = 20;
export const METADATA_TEXT_MAX = 500;

export const BATCH_TRANSFERS_MAX = 1_000;
export const TRANSACTION_TRANSFERS_MAX = 1_000;
export const ORDER_LINES_MAX = 100;
export const HOLD_TRANSFERS_MAX = 100;

/** Seconds that the banks of a transaction have to agree, unless the request says otherwise. */
export const AGREE_WITHIN_DEFAULT = 5;
/** The most of it for a transaction that is refused when a bank is away. */
export const AGREE_WITHIN_MAX = 30;
/** For one that waits until the bank is back: unless the request says otherwise, and at most. */
export const QUEUE_WITHIN_DEFAULT = 3_600;
export const QUEUE_WITHIN_MAX = 86_400;

/** Seconds of `olderThan`: 366 days. */
export const OLDER_THAN_MAX = 31_622_400;

/** How far ahead a hold may expire, in seconds: 90 days. */
export const HOLD_TTL_MAX_SECONDS = 7_776_000;

/** Bytes of one request body. */
export const BODY_BYTES_MAX = 1_048_576;

/** Characters of an `Idempotency-Key`, without its quotes. */
export const IDEMPOTENCY_KEY_MIN = 8;
export const IDEMPOTENCY_KEY_MAX = 255;

/** Characters of a bootstrap key, at least. */
export const BOOTSTRAP_KEY_MIN = 32;

/** Seconds that a grant or a renewal of a lease lasts. */
export const LEASE_TTL_DEFAULT = 30;
export const LEASE_TTL_MAX = 600;

/** Seconds that a request for a lease may wait. */
export const LEASE_WAIT_DEFAULT = 0;
export const LEASE_WAIT_MAX = 30;

/** Characters of the name of who asks for a lease. */
export const LEASE_OWNER_MAX = 100;

/** Tokens that one header `Lastro-Lease` may hold. */
export const LEASE_TOKENS_MAX = 8;
