import assert from 'node:assert/strict';
import type { KeyObject } from 'node:crypto';

/** The key that this bank signs with now. */
export interface OwnKey {
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

/**
 * A public key of a bank, pinned at its registration.
 * `valid`: its messages are taken; two at once while a bank rotates. `superseded`: the bank has newer
 * ones; only what it promised under this one still counts. `revoked`: nothing does, ever again.
 */
export interface PeerKey {
  readonly bank: string;
  readonly keyId: string;
  readonly publicKey: KeyObject;
  readonly state: 'valid' | 'superseded' | 'revoked';
}

/** Finds a pinned key by its id, which is never an address to fetch one from. */
export type FindPeerKey = (keyId: string) => PeerKey | undefined;

const VALID_KEYS_MAX = 2;

const KEY_ID = /^([a-z][a-z0-9-]{1,30})#([A-Za-z0-9._-]{1,40})$/;

/** `alfa#2026-08`: the bank, and its own name for the key. */
export function keyIdOf(bank: string, name: string): string {
  const keyId = `${bank}#${name}`;
  assert(KEY_ID.test(keyId), `no id of a key: ${keyId}`);
  return keyId;
}

/**
 * The pinned keys of all peers. Throws for a set that can't be right: an id of another bank, one id
 * twice, another kind than Ed25519, more than two valid keys of one bank.
 */
export function pinKeys(keys: readonly PeerKey[]): FindPeerKey {
  const byId = new Map<string, PeerKey>();
  const valid = new Map<string, number>();
  for (const key of keys) {
    assert(KEY_ID.exec(key.keyId)?.[1] === key.bank, `${key.keyId} is no key of ${key.bank}`);
    assert(!byId.has(key.keyId), `${key.keyId} stands twice`);
    assert(key.publicKey.asymmetricKeyType === 'ed25519', `${key.keyId} is not Ed25519`);
    byId.set(key.keyId, key);
    if (key.state !== 'valid') continue;
    const count = (valid.get(key.bank) ?? 0) + 1;
    assert(count <= VALID_KEYS_MAX, `${key.bank} has more than ${VALID_KEYS_MAX} valid keys`);
    valid.set(key.bank, count);
  }
  return (keyId) => byId.get(keyId);
}
