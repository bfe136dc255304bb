import { publicKeyOf } from '../../store/public-key.ts';
import type { PinnedKey } from './peer-rows.ts';

/** Why keys are not pinned. */
export type PinningFault =
  | 'no_key'
  | 'too_many_keys'
  | 'same_key_twice'
  | 'key_malformed'
  | 'key_given_up';

/** Keys of a bank that are taken at the same time: two while it rotates. */
const VALID_KEYS_MAX = 2;

/**
 * The pinned keys after a bank was said to sign with exactly these. What was valid before and is not
 * among them is superseded where a new key takes its place, for the bank still stands by what it
 * promised; where none does, or the operator says so, it is revoked. What was given up is valid again
 * by the operator's word alone.
 */
export function pin(
  before: readonly PinnedKey[],
  publicKeys: readonly string[],
  by: 'bank' | 'operator' | 'operator_revoking',
): { readonly keys: readonly PinnedKey[] } | { readonly fault: PinningFault } {
  if (publicKeys.length === 0) return { fault: 'no_key' };
  if (publicKeys.length > VALID_KEYS_MAX) return { fault: 'too_many_keys' };
  if (new Set(publicKeys).size < publicKeys.length) return { fault: 'same_key_twice' };
  if (publicKeys.some((text) => publicKeyOf(text) === undefined)) return { fault: 'key_malformed' };
  const given = before.filter(({ publicKey }) => !publicKeys.includes(publicKey));
  const known = before.filter(({ publicKey }) => publicKeys.includes(publicKey));
  if (by === 'bank' && known.some(({ state }) => state !== 'valid'))
    return { fault: 'key_given_up' };
  const isRenewal = by !== 'operator_revoking' && known.length < publicKeys.length;
  const left = isRenewal ? ('superseded' as const) : ('revoked' as const);
  return {
    keys: [
      ...publicKeys.map((publicKey) => ({ publicKey, state: 'valid' as const })),
      ...given.map((key) => (key.state === 'valid' ? { ...key, state: left } : key)),
    ],
  };
}

/** Whether exactly these keys are valid already. */
export function isPinned(keys: readonly PinnedKey[], publicKeys: readonly string[]): boolean {
  const valid = keys.filter(({ state }) => state === 'valid').map(({ publicKey }) => publicKey);
  return valid.length === publicKeys.length && valid.every((text) => publicKeys.includes(text));
}
