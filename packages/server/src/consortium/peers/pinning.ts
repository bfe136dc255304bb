import { publicKeyOf } from '../../store/public-key.ts';
import type { PinnedKey } from './peer-rows.ts';

/** Why keys are not pinned. */
export type PinningFault =
  | 'no_key'
  | 'too_many_keys'
  | 'same_key_twice'
  | 'key_malformed'
  | 'key_revoked';

/** Keys of a bank that are taken at the same time: two while it rotates. */
const VALID_KEYS_MAX = 2;

/**
 * The pinned keys after a bank was said to sign with exactly these; what was valid before and is not
 * among them is revoked. A revoked key is valid again by the operator's word alone, never by that of
 * the bank, though it came under a key that is pinned.
 */
export function pin(
  before: readonly PinnedKey[],
  publicKeys: readonly string[],
  by: 'operator' | 'bank',
): { readonly keys: readonly PinnedKey[] } | { readonly fault: PinningFault } {
  if (publicKeys.length === 0) return { fault: 'no_key' };
  if (publicKeys.length > VALID_KEYS_MAX) return { fault: 'too_many_keys' };
  if (new Set(publicKeys).size < publicKeys.length) return { fault: 'same_key_twice' };
  if (publicKeys.some((text) => publicKeyOf(text) === undefined)) return { fault: 'key_malformed' };
  const revoked = before.filter(({ publicKey }) => !publicKeys.includes(publicKey));
  const isRevoked = before.some(
    ({ publicKey, state }) => state === 'revoked' && publicKeys.includes(publicKey),
  );
  if (isRevoked && by === 'bank') return { fault: 'key_revoked' };
  return {
    keys: [
      ...publicKeys.map((publicKey) => ({ publicKey, state: 'valid' as const })),
      ...revoked.map(({ publicKey }) => ({ publicKey, state: 'revoked' as const })),
    ],
  };
}

/** Whether exactly these keys are valid already. */
export function isPinned(keys: readonly PinnedKey[], publicKeys: readonly string[]): boolean {
  const valid = keys.filter(({ state }) => state === 'valid').map(({ publicKey }) => publicKey);
  return valid.length === publicKeys.length && valid.every((text) => publicKeys.includes(text));
}
