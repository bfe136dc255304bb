import { createPrivateKey, createPublicKey, randomBytes, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { consortium } from '@lastro/core';
import { hashBody } from '../../packages/server/src/consortium/host/body-hash.ts';
import { encodeMessage } from '../../packages/server/src/consortium/host/message-text.ts';
import type { OwnKey } from '../../packages/server/src/consortium/messages/bank-keys.ts';
import { signRequest } from '../../packages/server/src/consortium/messages/sign-message.ts';
import { keyIdFor } from '../../packages/server/src/consortium/peers/key-fingerprint.ts';
import type { Method } from '../harness/http-caller.ts';

/** A request to a bank's endpoint as it goes over the wire. */
export interface Forged {
  readonly method: Method;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

/** What is signed, and how; a change of any of it is an attack of its own. */
export interface Signing {
  readonly key: OwnKey;
  readonly targetUri: string;
  readonly body: Buffer;
  /** Milliseconds since 1970. */
  readonly at?: number;
  readonly nonce?: string;
  readonly contentType?: string;
}

export const MESSAGES_PATH = '/consortium/v1/messages';
/** Soon, so that what nobody coordinates is ended soon. */
const DECIDE_WITHIN_MS = 5_000;

/** A bank's own key, out of the file in which it keeps it. */
export async function stolenKey(bank: string, file: string): Promise<OwnKey & { text: string }> {
  const privateKey = createPrivateKey(await readFile(file));
  const text = publicText(privateKey);
  return { privateKey, text, keyId: keyIdFor(bank, text) };
}

function publicText(key: KeyObject): string {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  if (x === undefined) throw new Error('no Ed25519 key');
  return x;
}

/** A signed request, right in everything. */
export async function signed(signing: Signing): Promise<Forged> {
  const { key, targetUri, body, at = Date.now(), contentType = 'application/json' } = signing;
  const nonce = signing.nonce ?? randomBytes(16).toString('base64url');
  const headers = await signRequest(
    { method: 'POST', targetUri, contentType, body },
    { key, at, nonce },
  );
  return { method: 'POST', path: MESSAGES_PATH, headers: { ...headers }, body };
}

/** A Prepare that its receiver would say yes to: `from` of the coordinator pays `to`. */
export function prepareOf(
  id: string,
  leg: { readonly from: string; readonly to: string },
  generation: string,
): string {
  const place = (text: string) => {
    const [bank = '', account = ''] = text.split('/');
    return { bank, account };
  };
  const body: consortium.CrossBankTransaction = {
    id,
    legs: [{ from: place(leg.from), to: place(leg.to), amount: 1n, asset: 'BRL/2', consent: null }],
    decideBy: Date.now() + DECIDE_WITHIN_MS,
    generation,
  };
  return encodeMessage({ id, message: { type: 'prepare', body, hash: hashBody(body) } });
}
