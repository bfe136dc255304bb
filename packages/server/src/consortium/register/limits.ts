/** Bounds of one process's use of the register; each in its unit. */
export interface RegisterLimits {
  /** A call's deadline where its caller names none. */
  readonly callTimeoutMs: number;
  /** One try; then the next, at another endpoint where there is one. */
  readonly attemptTimeoutMs: number;
  /** Calls under way, creates apart. */
  readonly callsMax: number;
  /** Creates that wait to travel together. */
  readonly queueClaimsMax: number;
  readonly queueBytesMax: number;
  /** Transactions of creates under way: while one is committed the next one gathers. */
  readonly batchesMax: number;
  readonly pauseFirstMs: number;
  readonly pauseLongestMs: number;
}

export const REGISTER_LIMITS: RegisterLimits = {
  callTimeoutMs: 5_000,
  attemptTimeoutMs: 2_000,
  callsMax: 1_000,
  queueClaimsMax: 10_000,
  queueBytesMax: 64 * 1024 * 1024,
  batchesMax: 2,
  pauseFirstMs: 10,
  pauseLongestMs: 500,
};
