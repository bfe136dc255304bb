import { createHash } from 'node:crypto';
import { keyIdOf } from '../messages/bank-keys.ts';

/** Characters of a digest that name a key among the few of one bank. */
const NAME_LENGTH = 16;

/** What two operators read to each other: SHA-256 over the key's 32 bytes, as SSH writes it. */
export function fingerprintOf(publicKey: string): string {
  return `SHA256:${digestOf(publicKey).toString('base64').replace(/=+$/, '')}`;
}

/** The id under which a bank signs with the key: it follows from the key, so that nobody has to tell it. */
export function keyIdFor(bank: string, publicKey: string): string {
  return keyIdOf(bank, digestOf(publicKey).toString('base64url').slice(0, NAME_LENGTH));
}

function digestOf(publicKey: string): Buffer {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest();
}
