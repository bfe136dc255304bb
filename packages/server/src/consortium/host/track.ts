import type { consortium, CrossBankOrder, CrossBankRecord } from '@lastro/core';
import type { BeginRefusal } from '../../http/cross-bank-host.ts';
import type { Nonce } from '../messages/nonces.ts';
import type { Addressed } from './message-text.ts';

/** When something was recorded here. */
export interface Recorded {
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** How the client's command ended; of the transaction itself says `Track`. */
export type BeginEnd =
  /** It is on its way, or was before: under this id. */
  | { readonly kind: 'begun'; readonly id: string; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly reason: BeginRefusal; readonly replayed: boolean }
  | { readonly kind: 'reused' };

/** A client's command that is still to be recorded. */
export interface BeginTicket {
  readonly envelope: {
    readonly principal: string;
    readonly id: string;
    readonly hash: string;
    readonly leaseTokens: readonly number[];
  };
  readonly order: CrossBankOrder | null;
  readonly resolve: (end: BeginEnd) => void;
  readonly reject: (error: Error) => void;
}

/** Gathers what answers the messages of one request, as long as that is open. */
export interface Reply {
  readonly bank: string;
  readonly messages: Addressed[];
  isOpen: boolean;
  /** Until it rides in a block. */
  nonce: Nonce | undefined;
}

/** Something that happens to a transaction. */
export interface Happening {
  readonly event: (now: number) => consortium.ProtocolEvent;
  /** Null: answers go by the lane. */
  readonly reply: Reply | null;
  /** A Prepare: most likely nothing is recorded, and the block would say. */
  readonly isFirst: boolean;
  /** False: it could not be taken up, and may come again. */
  readonly done: (isTaken: boolean) => void;
}

/** One transaction that this process has in hand: one event at a time. */
export interface Track {
  readonly id: string;
  /** Undefined: what is recorded must be read first. */
  state: consortium.TransactionState | undefined;
  /** The state is a guess: that nothing is recorded. */
  isGuess: boolean;
  prepared: Recorded | undefined;
  decided: Recorded | undefined;
  readonly queue: Happening[];
  isBusy: boolean;
  timer: NodeJS.Timeout | undefined;
  ticket: BeginTicket | undefined;
  /** Called once, when it is decided here. */
  readonly waiting: Set<() => void>;
}

export function newTrack(id: string, state: consortium.TransactionState | undefined): Track {
  return {
    id,
    state,
    isGuess: false,
    prepared: undefined,
    decided: undefined,
    queue: [],
    isBusy: false,
    timer: undefined,
    ticket: undefined,
    waiting: new Set(),
  };
}

/** Takes over what is recorded; memory starts anew. */
export function takeRecord(
  track: Track,
  unknown: consortium.TransactionState,
  record: CrossBankRecord | undefined,
): consortium.TransactionState {
  track.isGuess = false;
  track.state = record === undefined ? unknown : { ...unknown, durable: record.durable };
  if (record === undefined) return track.state;
  const { durable, seq, at, decidedSeq } = record;
  track.prepared = { seq, at };
  if (isDecided(durable) && decidedSeq !== null) {
    track.decided ??= { seq: decidedSeq, at: durable.at };
  }
  return track.state;
}

export function isDecided(
  durable: consortium.Durable,
): durable is Extract<consortium.Durable, { readonly is: 'committed' | 'aborted' }> {
  return durable.is === 'committed' || durable.is === 'aborted';
}
