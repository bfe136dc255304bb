import type { PeerState } from './peer-directory.ts';

/** What probes have shown of one peer. */
interface Contact {
  readonly state: PeerState;
  /** Probes in a row that had no answer. */
  readonly missed: number;
  readonly lastContactAt: number | null;
  /** Ids of own keys that it takes, as it last said. */
  readonly knownKeys: readonly string[];
  /** Why the last probe had no answer; null: it had. */
  readonly trouble: string | null;
}

const NEVER: Contact = {
  state: 'unknown',
  missed: 0,
  lastContactAt: null,
  knownKeys: [],
  trouble: null,
};

/** Which peers are there. Only an answered probe proves that one can be reached. */
export class Contacts {
  readonly #missedMax: number;
  readonly #contacts = new Map<string, Contact>();

  /** @param missedMax probes in a row after which a peer is offline */
  constructor(missedMax: number) {
    this.#missedMax = missedMax;
  }

  of(bank: string): Contact {
    return this.#contacts.get(bank) ?? NEVER;
  }

  /** It has proved to be there, be it only as a caller. */
  heard(bank: string, at: number): void {
    this.#contacts.set(bank, { ...this.of(bank), lastContactAt: at });
  }

  /** It has answered a probe. Whether it wasn't online before. */
  answered(bank: string, at: number, knownKeys: readonly string[]): boolean {
    const wasOnline = this.of(bank).state === 'online';
    this.#contacts.set(bank, {
      state: 'online',
      missed: 0,
      lastContactAt: at,
      knownKeys,
      trouble: null,
    });
    return !wasOnline;
  }

  /** A probe had no answer. Whether it is offline by this. */
  missed(bank: string, trouble: string): boolean {
    const before = this.of(bank);
    const missed = before.missed + 1;
    const isOffline = missed >= this.#missedMax;
    const state = isOffline ? 'offline' : before.state;
    this.#contacts.set(bank, { ...before, missed, state, trouble });
    return isOffline && before.state !== 'offline';
  }

  forget(bank: string): void {
    this.#contacts.delete(bank);
  }
}
