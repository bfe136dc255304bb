import type { consortium } from '@lastro/core';
import type { FindPeerKey, OwnKey, PeerKey } from '../messages/bank-keys.ts';
import type { PeerClient } from '../messages/peer-client.ts';

/**
 * The other banks that this one deals with.
 *
 * peer: a bank that an operator has added, with its address and its pinned keys.
 * probe: a small signed message, to see whether a peer is there.
 * offline: several probes in a row were missed; `unknown`: none has been answered or missed yet.
 */

export type PeerState = 'online' | 'offline' | 'unknown';

export interface Peer {
  readonly bank: string;
  /** Its configured address, like `https://beta.example`. */
  readonly url: string;
  readonly state: PeerState;
  /** Milliseconds since 1970: when it last proved to be there; null: not since this process started. */
  readonly lastContactAt: number | null;
  /** Pinned; at most two of them valid. */
  readonly keys: readonly PeerKey[];
}

/** Why a transaction with a peer is not begun now. */
export interface PeerObstacle {
  /** `peer_unknown`: nobody has added it; `peer_busy`: too much is under way with it. */
  readonly code: 'peer_unknown' | 'peer_offline' | 'peer_busy';
  readonly bank: string;
}

export interface PeerDirectory {
  readonly ownBank: string;
  /** This bank's own public address: what peers call and sign as their target. */
  readonly ownUrl: string;
  /** Calls the peers at their configured addresses; follows every change of them. */
  readonly client: PeerClient;
  /** The key that this bank signs with now; asked for each message, for it may rotate. */
  ownKey(): OwnKey;
  /** That one, and the one before or after it while this bank rotates. */
  ownKeys(): readonly OwnKey[];
  find(bank: string): Peer | undefined;
  all(): readonly Peer[];
  /** Pinned keys, two of a bank valid at once. */
  readonly findKey: FindPeerKey;
  /** On every verified contact, in either direction. */
  heard(bank: string): void;
  /**
   * Takes a place in the bounds of what is under way with each peer of the transaction; undefined:
   * taken. Nothing is taken where it is refused. Give it back with `release`, which may be repeated.
   * @param mustAnswer a peer that was not heard of since the start counts as away, too
   */
  admit(id: string, legs: readonly consortium.Leg[], mustAnswer: boolean): PeerObstacle | undefined;
  /** As `admit`, of what is under way already, whatever the bounds say: after a restart. */
  readmit(id: string, legs: readonly consortium.Leg[]): void;
  release(id: string): void;
  /** Calls the listener when a peer is online that was not. Returns what ends it. */
  onOnline(listener: (bank: string) => void): () => void;
}
