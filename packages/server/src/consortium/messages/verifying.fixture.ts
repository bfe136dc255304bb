import { expect } from 'vitest';
import { pinKeys, type PeerKey } from './bank-keys.ts';
import { MESSAGE_REFUSALS, type MessageRefusalCode } from './message-refusal.ts';
import type { ReceivedRequest, SignedHeaders } from './message.ts';
import {
  aRequest,
  asReceived,
  newKeyPair,
  newNonce,
  RememberedNonces,
  type KeyPair,
} from './messages.fixture.ts';
import { signRequest } from './sign-message.ts';
import { verifyRequest } from './verify-message.ts';

export const NOW = Date.parse('2026-11-25T12:00:00Z');
export const alfa = newKeyPair('alfa');
export const gama = newKeyPair('gama');

interface Sent {
  readonly received: ReceivedRequest;
  readonly signed: SignedHeaders;
}

export async function send(key: KeyPair = alfa, at = NOW, nonce = newNonce()): Promise<Sent> {
  const request = aRequest();
  const signed = await signRequest(request, { key, at, nonce });
  return { received: asReceived(request, signed), signed };
}

interface Verifying {
  readonly keys?: readonly PeerKey[];
  readonly at?: number;
  readonly nonces?: RememberedNonces;
}

export function judge(received: ReceivedRequest, options: Verifying = {}) {
  return verifyRequest(received, {
    findKey: pinKeys(options.keys ?? [alfa.peerKey, gama.peerKey]),
    at: options.at ?? NOW,
    nonces: options.nonces ?? new RememberedNonces(),
  });
}

/** Refused with this code, and no nonce spent: the true message passes afterwards. */
export async function expectRefused(
  received: ReceivedRequest,
  code: MessageRefusalCode,
  options: Verifying = {},
): Promise<void> {
  const nonces = options.nonces ?? new RememberedNonces();
  const spent = nonces.spent.size;
  expect(await judge(received, { ...options, nonces })).toEqual({ kind: 'refused', code });
  expect(nonces.spent.size).toBe(spent);
  expect(MESSAGE_REFUSALS[code]).not.toBe('');
}

/** What an attacker can do who holds the message but no key. */
export function withHeaders(
  received: ReceivedRequest,
  changes: Readonly<Record<string, string | readonly string[] | undefined>>,
): ReceivedRequest {
  return { ...received, headers: { ...received.headers, ...changes } };
}

export function replaceIn(sent: Sent, from: string | RegExp, to: string): ReceivedRequest {
  const changed = sent.signed['signature-input'].replace(from, to);
  expect(changed).not.toBe(sent.signed['signature-input']);
  return withHeaders(sent.received, { 'signature-input': changed });
}
