/** Bounds of the engine. */
export interface EngineLimits {
  /** Commands waiting for a block; beyond it: `overloaded`. */
  readonly queueLengthMax: number;
  /** Rows that one block may write, so that no block holds head for long. */
  readonly blockRowsMax: number;
  /** From submission until the caller gets an answer, whatever it is. */
  readonly commandTimeoutMs: number;
  /** Accounts and products kept in memory: two generations of this size. */
  readonly cacheGenerationSize: number;
  /** By how much our clock may differ from the database's. */
  readonly clockSkewMaxMs: number;
  /** How long a stop waits for what is queued. */
  readonly drainTimeoutMs: number;
}

export const ENGINE_LIMITS: EngineLimits = {
  queueLengthMax: 20_000,
  blockRowsMax: 8_000,
  commandTimeoutMs: 10_000,
  cacheGenerationSize: 100_000,
  clockSkewMaxMs: 1_000,
  drainTimeoutMs: 10_000,
};
