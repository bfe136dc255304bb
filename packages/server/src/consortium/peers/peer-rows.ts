import type { Snapshot } from '../../store/reads.ts';
import { publicKeyOf } from '../../store/public-key.ts';
import type { PeerKey } from '../messages/bank-keys.ts';
import { parsePeerAddress, type PeerAddress } from '../messages/peer-address.ts';
import type { InFlightLimits } from './in-flight-bounds.ts';
import { keyIdFor } from './key-fingerprint.ts';

/** A key that was pinned, as the table holds it. */
export interface PinnedKey {
  readonly publicKey: string;
  readonly state: PeerKey['state'];
}

/** A peer as its operator has set it up. */
export interface PeerRow {
  readonly bank: string;
  readonly url: string;
  /** At most two of them valid, newest first. */
  readonly keys: readonly PinnedKey[];
  readonly limits: InFlightLimits;
  /** Milliseconds since 1970. */
  readonly addedAt: number;
}

interface StoredRow {
  bank: string;
  url: string;
  keys: readonly PinnedKey[];
  in_flight_max: number;
  in_flight_values: Readonly<Record<string, string>>;
  added_at: number;
}

/** Banks that one bank may deal with. */
export const PEERS_MAX = 100;

/** Keys kept of one peer: those that it gave up are remembered, so that none of them comes back. */
const KEYS_KEPT_MAX = 20;

export async function readPeerRows(reads: Snapshot): Promise<PeerRow[]> {
  const rows = await reads.rows<StoredRow>(
    `select bank, url, keys, in_flight_max, in_flight_values, added_at
       from peer order by bank limit ${PEERS_MAX}`,
  );
  return rows.map((row) => ({
    bank: row.bank,
    url: row.url,
    keys: row.keys,
    limits: {
      countMax: row.in_flight_max,
      valueMax: new Map(
        Object.entries(row.in_flight_values).map(([asset, value]) => [asset, BigInt(value)]),
      ),
    },
    addedAt: row.added_at,
  }));
}

/** Adds the peer, or puts this in the place of what stood there; when it was added stays. */
export async function putPeerRow(change: Snapshot, row: Omit<PeerRow, 'addedAt'>): Promise<void> {
  const values = Object.fromEntries(
    [...row.limits.valueMax].map(([asset, value]) => [asset, value.toString()]),
  );
  await change.rows(
    `insert into peer (bank, url, keys, in_flight_max, in_flight_values)
     values ($1, $2, $3, $4, $5)
     on conflict (bank) do update
       set url = excluded.url, keys = excluded.keys, in_flight_max = excluded.in_flight_max,
           in_flight_values = excluded.in_flight_values`,
    [
      row.bank,
      row.url,
      JSON.stringify(row.keys.slice(0, KEYS_KEPT_MAX)),
      row.limits.countMax,
      JSON.stringify(values),
    ],
  );
}

/** One change of peers at a time, over all processes of the bank. */
export async function lockPeerRows(change: Snapshot): Promise<void> {
  await change.rows('lock table peer in exclusive mode');
}

/** False when there is no such peer. */
export async function deletePeerRow(change: Snapshot, bank: string): Promise<boolean> {
  const rows = await change.rows('delete from peer where bank = $1 returning bank', [bank]);
  return rows.length > 0;
}

export function addressOf({ url }: Pick<PeerRow, 'url'>): PeerAddress | undefined {
  return parsePeerAddress(url) ?? undefined;
}

/** The row's keys for judging signatures; what is no key is left out. */
export function peerKeysOf({ bank, keys }: Pick<PeerRow, 'bank' | 'keys'>): readonly PeerKey[] {
  return keys.flatMap(({ publicKey: text, state }) => {
    const publicKey = publicKeyOf(text);
    return publicKey === undefined ? [] : [{ bank, keyId: keyIdFor(bank, text), publicKey, state }];
  });
}
