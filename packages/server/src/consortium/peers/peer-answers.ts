import type { OwnIdentity, PeerAnswer } from '@lastro/contract';
import { toJsonInteger, toTimestamp, toWideInteger } from '../../http/wire.ts';
import { fingerprintOf, keyIdFor } from './key-fingerprint.ts';
import type { OwnKeys } from './own-keys.ts';
import type { PeerDetails } from './stored-peers.ts';

export function presentPeer(peer: PeerDetails): PeerAnswer {
  const { bank, url, state, lastContactAt, trouble, row } = peer;
  return {
    bank,
    url,
    state,
    lastContactAt: lastContactAt === null ? null : toTimestamp(lastContactAt),
    trouble,
    keys: row.keys.map((key) => ({
      keyId: keyIdFor(bank, key.publicKey),
      publicKey: key.publicKey,
      fingerprint: fingerprintOf(key.publicKey),
      state: key.state,
    })),
    inFlight: presentInFlight(peer),
    addedAt: toTimestamp(row.addedAt),
  };
}

/** Every asset that has a bound or something under way. */
function presentInFlight({ inFlight, row }: PeerDetails): PeerAnswer['inFlight'] {
  const { countMax, valueMax } = row.limits;
  const assets = [...new Set([...valueMax.keys(), ...inFlight.values.keys()])].toSorted();
  return {
    count: inFlight.count,
    max: countMax,
    values: assets.map((asset) => {
      const max = valueMax.get(asset);
      return {
        asset,
        value: toWideInteger(inFlight.values.get(asset) ?? 0n),
        max: max === undefined ? null : toJsonInteger(max),
      };
    }),
  };
}

export function presentSelf(bank: string, url: string, ownKeys: OwnKeys): OwnIdentity {
  return {
    bank,
    url,
    keys: ownKeys.all().map(({ keyId, publicKey, role }) => ({
      keyId,
      publicKey,
      fingerprint: fingerprintOf(publicKey),
      role,
    })),
  };
}
