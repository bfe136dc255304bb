import { createPublicKey, type KeyObject } from 'node:crypto';

/**
 * The public half of an Ed25519 key as text: 32 bytes in base64url without padding, as `x` of a JWK
 * (RFC 8037). Undefined for a key of another kind.
 */
export function publicKeyText(key: KeyObject): string | undefined {
  if (key.asymmetricKeyType !== 'ed25519') return undefined;
  const { x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  return typeof x === 'string' ? x : undefined;
}

/** The key that a text stands for; undefined where it is none. */
export function publicKeyOf(text: string): KeyObject | undefined {
  // Node reads base64 loosely, and two texts would be one key.
  if (Buffer.from(text, 'base64url').toString('base64url') !== text) return undefined;
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: text }, format: 'jwk' });
  } catch {
    return undefined;
  }
}
