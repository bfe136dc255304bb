import { sign, verify } from 'node:crypto';
import type { consortium } from '@lastro/core';
import type { FindPeerKey, OwnKey } from '../messages/bank-keys.ts';

// A yes travels farther than the message that brings it: within the decision it proves to banks that
// never heard it that its bank has promised. So it is signed by itself, over what it promises.

const FORM = /^([a-z][a-z0-9-]{1,30}#[A-Za-z0-9._-]{1,40}):([A-Za-z0-9_-]{86})$/;

/** A bank's yes to a body: `<key id>:<Ed25519 signature in base64url>`. */
export function signYes({ keyId, privateKey }: OwnKey, id: string, hash: string): string {
  const signature = sign(null, textOf(id, hash), privateKey).toString('base64url');
  return `${keyId}:${signature}`;
}

/** Whether it is that bank's yes to this body, by a pinned key that was not revoked: a promise outlives its key. */
export function isYes(
  findKey: FindPeerKey,
  { bank, signature }: consortium.Yes,
  id: string,
  hash: string,
): boolean {
  const [, keyId, bytes] = FORM.exec(signature) ?? [];
  if (keyId === undefined || bytes === undefined) return false;
  const key = findKey(keyId);
  if (key === undefined || key.bank !== bank || key.state === 'revoked') return false;
  return verify(null, textOf(id, hash), key.publicKey, Buffer.from(bytes, 'base64url'));
}

function textOf(id: string, hash: string): Buffer {
  return Buffer.from(`lastro-yes-1\n${id}\n${hash}\n`, 'utf8');
}
