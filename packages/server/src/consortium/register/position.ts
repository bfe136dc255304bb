/** Where a register is. A bank pins the newest that it saw, and keeps it beside its ledger. */
export interface Position {
  readonly generation: string;
  readonly revision: bigint;
}

/**
 * Whether a register that is at `seen` can be the one that was at `pinned` before.
 * `went_back`: it has lost changes, as after a restore. `replaced`: it is another one, or empty (null).
 */
export function checkPin(
  pinned: Position,
  seen: Position | null,
): 'holds' | 'went_back' | 'replaced' {
  if (seen === null || seen.generation !== pinned.generation) return 'replaced';
  return seen.revision < pinned.revision ? 'went_back' : 'holds';
}

/** The pin after an answer: it only ever rises. */
export function advancePin(pin: Position | null, seen: Position): Position {
  return pin !== null && pin.revision > seen.revision ? pin : seen;
}
