/** Durations of the protocol, in milliseconds. They decide when to ask, never what is true. */
export interface ProtocolSettings {
  /** How far ahead `decideBy` may lie. */
  readonly decideByAheadMaxMs: number;
  /** How long after `decideBy` a bank leaves the decision to the coordinator. */
  readonly graceMs: number;
  /** How long the others get to answer `ask` before the register is asked to decide. */
  readonly askMs: number;
  /** First pause before something is sent again; it doubles up to `resendMaxMs`. */
  readonly resendMs: number;
  readonly resendMaxMs: number;
  /** Longest pause before a bank is asked again whose funds were held. */
  readonly heldRetryMs: number;
  /** How long a decision stays in the register after all have applied it: the horizon of backups. */
  readonly removalAfterMs: number;
}

/** What a step may know of the bank that it happens in, besides the transaction's own state. */
export interface Standpoint {
  readonly bank: string;
  readonly settings: ProtocolSettings;
  /** The pinned generation, and how the register stands; `closed`: it was seen going back. */
  readonly register: {
    readonly generation: string;
    readonly is: 'open' | 'away' | 'closed';
  };
  /** Restored from an old copy and not through with asking the peers. Durable. */
  readonly reconciling: boolean;
  /** For each coordinator the highest id whose decision was removed. */
  readonly floors: ReadonlyMap<string, string>;
}
