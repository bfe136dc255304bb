import type { EventAnswer } from '@lastro/contract';
import type { CommandMark } from '@lastro/core';
import type { Ask } from './ask.ts';
import type { Withdrawal } from './withdrawals.ts';

/** An event that settled a command. */
export interface Settling {
  readonly event: EventAnswer;
  readonly mark: CommandMark;
}

/** The same with those who can have brought it about. */
export interface Recorded extends Settling {
  /** Asks for this very command that may have had an effect; if none may, all; at least one. */
  readonly asks: readonly Ask[];
  /** Before this time it did not stand: when the first of them began. */
  readonly began: number;
  /** From this time on it stood: when the first answer told so; Infinity: none did. */
  readonly knownFrom: number;
  /** Of which request for a lease a server took the ticket back; null: it is what was asked for. */
  readonly withdrawn: Withdrawal | null;
}

export function toldOf({ event: { seq, type, data }, mark }: Settling): string {
  return `event ${seq} (${type} ${JSON.stringify(data)}) of ${mark.principal}`;
}
