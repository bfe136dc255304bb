/**
 * The exclusive right to write an account for a while, or the place in the queue for it. Its ticket
 * is the number of the event that asked for it, so the bank's one order is the order of service.
 */
export interface Lease {
  readonly id: string;
  readonly account: string;
  readonly owner: string;
  /** Seconds that a grant lasts. */
  readonly ttl: number;
  /** The `seq` of the request. */
  readonly ticket: number;
  /** Until when it may be granted, milliseconds since 1970. */
  readonly waitUntil: number;
  /** The `seq` of the grant, so that later tokens are larger; null: it waits. */
  readonly token: number | null;
  /** null: it waits. */
  readonly expiresAt: number | null;
}

export interface SettledLeases {
  /** What is still open, in ticket order. */
  readonly open: readonly Lease[];
  /** The one whose turn came; undefined: nobody's. */
  readonly granted: Lease | undefined;
}

/** Whether somebody holds the lease at `at`. */
export function isHeld(lease: Lease, at: number): boolean {
  return lease.expiresAt !== null && at < lease.expiresAt;
}

/** Whether it is held at `at`, or waits and may still be granted. */
export function isOpen(lease: Lease, at: number): boolean {
  return lease.token === null ? at < lease.waitUntil : isHeld(lease, at);
}

/**
 * What is left of an account's leases at `at`: those that are over are gone, and when nobody holds
 * it the first who still waits gets it, with the number of this event for a token.
 * `leases` are in ticket order.
 */
export function settleLeases(leases: readonly Lease[], at: number, seq: number): SettledLeases {
  const alive = leases.filter((lease) => isOpen(lease, at));
  const [next] = alive;
  if (next === undefined || alive.some(({ token }) => token !== null)) {
    return { open: alive, granted: undefined };
  }
  const granted = { ...next, token: seq, expiresAt: at + next.ttl * 1_000 };
  return { open: [granted, ...alive.slice(1)], granted };
}
