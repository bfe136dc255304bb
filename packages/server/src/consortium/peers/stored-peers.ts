import type { consortium } from '@lastro/core';
import type { Reads, Snapshot } from '../../store/reads.ts';
import { readPatiently } from '../../store/read-patiently.ts';
import { pinKeys, type FindPeerKey, type OwnKey, type PeerKey } from '../messages/bank-keys.ts';
import type { PeerClient } from '../messages/peer-client.ts';
import { Contacts } from './contacts.ts';
import { InFlightBounds, type InFlight, type InFlightLimits } from './in-flight-bounds.ts';
import type { OwnKeys } from './own-keys.ts';
import type { Peer, PeerDirectory, PeerObstacle } from './peer-directory.ts';
import {
  addressOf,
  deletePeerRow,
  lockPeerRows,
  peerKeysOf,
  PEERS_MAX,
  putPeerRow,
  readPeerRows,
  type PeerRow,
} from './peer-rows.ts';
import { isPinned, pin, type PinningFault } from './pinning.ts';

export interface StoredPeersParts {
  readonly bank: string;
  /** This bank's own public address. */
  readonly ownUrl: string;
  readonly ownKeys: OwnKeys;
  readonly reads: Reads;
  readonly client: PeerClient;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Probes in a row after which a peer is offline. */
  readonly missedMax: number;
}

/** A peer as its operator is shown it. */
export interface PeerDetails extends Peer {
  readonly row: PeerRow;
  readonly inFlight: InFlight;
  /** Why the last probe had no answer; null: it had, or none was sent. */
  readonly trouble: string | null;
}

export type PeerChangeFault = PinningFault | 'too_many_peers' | 'not_found';

type PeerChange = { readonly kind: 'changed' } | { readonly kind: PeerChangeFault };

const CHANGED: PeerChange = { kind: 'changed' };

/** Transactions under way with a peer unless its operator says otherwise. */
const IN_FLIGHT_COUNT_MAX = 256;

/** The table `peer` as this process knows it, joined with what it sees of the peers. */
export class StoredPeers implements PeerDirectory {
  readonly ownBank: string;
  readonly ownUrl: string;
  readonly client: PeerClient;
  readonly contacts: Contacts;
  readonly #parts: StoredPeersParts;
  readonly #bounds: InFlightBounds;
  readonly #listeners = new Set<(bank: string) => void>();
  #rows: ReadonlyMap<string, PeerRow> = new Map();
  #keys: ReadonlyMap<string, readonly PeerKey[]> = new Map();
  #findKey: FindPeerKey = () => undefined;
  #refreshesBegun = 0;
  #refreshTaken = 0;
  /** Is called when a peer was heard that isn't online. */
  #onUnexpected: (bank: string) => void = () => undefined;

  private constructor(parts: StoredPeersParts) {
    this.#parts = parts;
    this.ownBank = parts.bank;
    this.ownUrl = parts.ownUrl;
    this.client = parts.client;
    this.contacts = new Contacts(parts.missedMax);
    this.#bounds = new InFlightBounds(parts.bank, (bank) => this.#rows.get(bank)?.limits);
  }

  /** Reads the table, again where the database takes long to let a reader in. Rejects as it does. */
  static async open(parts: StoredPeersParts): Promise<StoredPeers> {
    const peers = new StoredPeers(parts);
    await readPatiently(() => peers.refresh());
    return peers;
  }

  readonly findKey: FindPeerKey = (keyId) => this.#findKey(keyId);

  ownKey(): OwnKey {
    return this.#parts.ownKeys.signing;
  }

  ownKeys(): readonly OwnKey[] {
    return this.#parts.ownKeys.all();
  }

  find(bank: string): PeerDetails | undefined {
    const row = this.#rows.get(bank);
    if (row === undefined) return undefined;
    const { state, lastContactAt, trouble } = this.contacts.of(bank);
    const keys = this.#keys.get(bank) ?? [];
    const inFlight = this.#bounds.of(bank);
    return { bank, url: row.url, state, lastContactAt, keys, row, inFlight, trouble };
  }

  all(): readonly PeerDetails[] {
    return [...this.#rows.keys()].flatMap((bank) => this.find(bank) ?? []);
  }

  heard(bank: string): void {
    if (!this.#rows.has(bank)) return;
    this.contacts.heard(bank, this.#parts.clock());
    if (this.contacts.of(bank).state !== 'online') this.#onUnexpected(bank);
  }

  admit(
    id: string,
    legs: readonly consortium.Leg[],
    mustAnswer: boolean,
  ): PeerObstacle | undefined {
    for (const bank of banksOf(legs)) {
      if (bank === this.ownBank) continue;
      if (!this.#rows.has(bank)) return { code: 'peer_unknown', bank };
      const { state } = this.contacts.of(bank);
      const isAway = mustAnswer ? state !== 'online' : state === 'offline';
      if (isAway) return { code: 'peer_offline', bank };
    }
    const full = this.#bounds.take(id, legs);
    return full === undefined ? undefined : { code: 'peer_busy', bank: full };
  }

  readmit(id: string, legs: readonly consortium.Leg[]): void {
    this.#bounds.force(id, legs);
  }

  release(id: string): void {
    this.#bounds.release(id);
  }

  onOnline(listener: (bank: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** For the one who probes. */
  onUnexpected(listener: (bank: string) => void): void {
    this.#onUnexpected = listener;
  }

  /** A probe was answered; `knownKeys`: ids of own keys that the peer takes. */
  answered(bank: string, knownKeys: readonly string[]): void {
    if (!this.#rows.has(bank)) return;
    const isBack = this.contacts.answered(bank, this.#parts.clock(), knownKeys);
    if (isBack) for (const listener of this.#listeners) listener(bank);
  }

  /** Reads the table again: another process may have changed it. */
  async refresh(): Promise<void> {
    const begun = (this.#refreshesBegun += 1);
    const rows = await readPeerRows(this.#parts.reads);
    // Answers overtake each other: an older picture never takes the place of a newer one.
    if (begun < this.#refreshTaken) return;
    this.#refreshTaken = begun;
    const keys = new Map(rows.map((row) => [row.bank, peerKeysOf(row)]));
    this.#findKey = pinKeys([...keys.values()].flat());
    this.#keys = keys;
    for (const bank of this.#rows.keys()) if (!keys.has(bank)) this.contacts.forget(bank);
    this.#rows = new Map(rows.map((row) => [row.bank, row]));
    const addresses = rows.flatMap((row) => {
      const address = addressOf(row);
      return address === undefined ? [] : [[row.bank, address] as const];
    });
    await this.client.configure(new Map(addresses));
  }

  /** Adds a peer, or gives one that stands another address and exactly these keys (see `pin`). */
  put(
    bank: string,
    url: string,
    publicKeys: readonly string[],
    by: 'operator' | 'operator_revoking' = 'operator',
  ): Promise<PeerChange> {
    return this.#change(async (change, rows) => {
      const before = rows.find((row) => row.bank === bank);
      if (before === undefined && rows.length >= PEERS_MAX) return { kind: 'too_many_peers' };
      const pinned = pin(before?.keys ?? [], publicKeys, by);
      if ('fault' in pinned) return { kind: pinned.fault };
      const limits = before?.limits ?? { countMax: IN_FLIGHT_COUNT_MAX, valueMax: new Map() };
      await putPeerRow(change, { bank, url, keys: pinned.keys, limits });
      return CHANGED;
    });
  }

  /** Takes the keys that the bank itself announced under one that is pinned. */
  async follow(bank: string, publicKeys: readonly string[]): Promise<PeerChange> {
    const known = this.#rows.get(bank);
    if (known !== undefined && isPinned(known.keys, publicKeys)) return CHANGED;
    return this.#changeRow(bank, (row) => {
      const pinned = pin(row.keys, publicKeys, 'bank');
      return 'fault' in pinned ? { kind: pinned.fault } : { ...row, keys: pinned.keys };
    });
  }

  setLimits(bank: string, change: (limits: InFlightLimits) => InFlightLimits): Promise<PeerChange> {
    return this.#changeRow(bank, (row) => ({ ...row, limits: change(row.limits) }));
  }

  /** Whether nothing is open with it was judged before. */
  remove(bank: string): Promise<PeerChange> {
    return this.#change(async (change) =>
      (await deletePeerRow(change, bank)) ? CHANGED : { kind: 'not_found' },
    );
  }

  /** Puts a peer back that was removed. */
  restore(row: PeerRow): Promise<PeerChange> {
    return this.#change(async (change) => {
      await putPeerRow(change, row);
      return CHANGED;
    });
  }

  #changeRow(
    bank: string,
    changed: (row: PeerRow) => PeerRow | { readonly kind: PinningFault },
  ): Promise<PeerChange> {
    return this.#change(async (change, rows) => {
      const before = rows.find((row) => row.bank === bank);
      if (before === undefined) return { kind: 'not_found' };
      const after = changed(before);
      if ('kind' in after) return after;
      await putPeerRow(change, after);
      return CHANGED;
    });
  }

  async #change(
    change: (snapshot: Snapshot, rows: readonly PeerRow[]) => Promise<PeerChange>,
  ): Promise<PeerChange> {
    const made = await this.#parts.reads.inTransaction(async (snapshot) => {
      await lockPeerRows(snapshot);
      return change(snapshot, await readPeerRows(snapshot));
    });
    await this.refresh();
    return made;
  }
}

function banksOf(legs: readonly consortium.Leg[]): ReadonlySet<string> {
  return new Set(legs.flatMap(({ from, to }) => [from.bank, to.bank]));
}
