import type { FindPeerKey, OwnKey } from './bank-keys.ts';
import type { MessageRefusalCode } from './message-refusal.ts';
import type { PeerAnswer, PeerClient, PostOptions } from './peer-client.ts';
import { signRequest } from './sign-message.ts';
import { verifyResponse } from './verify-message.ts';

export interface MessengerOptions {
  readonly client: PeerClient;
  /** Asked for each message, so that a rotation needs no restart. */
  readonly ownKey: () => OwnKey;
  readonly findKey: FindPeerKey;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** 128 fresh bits in base64url. */
  readonly newNonce: () => string;
}

export type Delivery =
  /** The peer itself said this to this very message. */
  | { readonly kind: 'answered'; readonly status: number; readonly body: Buffer }
  | Extract<PeerAnswer, { readonly kind: 'failed' }>
  /** Something answered that can't prove to be the peer; what it says is nothing. */
  | {
      readonly kind: 'unproven';
      readonly code: MessageRefusalCode;
      readonly status: number;
      readonly effect: 'unknown';
    };

const CONTENT_TYPE = 'application/json';

/**
 * Signs a message with a fresh nonce, sends it once, and believes the answer only when the peer has
 * signed it for this message. To send it again is to call again.
 */
export async function deliver(
  { client, ownKey, findKey, clock, newNonce }: MessengerOptions,
  to: { readonly bank: string; readonly path: string },
  body: Uint8Array,
  options: PostOptions = {},
): Promise<Delivery> {
  const targetUri = client.targetUri(to.bank, to.path);
  if (targetUri === undefined) return { kind: 'failed', code: 'peer_unknown', effect: 'none' };
  const headers = await signRequest(
    { method: 'POST', targetUri, contentType: CONTENT_TYPE, body },
    { key: ownKey(), at: clock(), nonce: newNonce() },
  );
  const answer = await client.post(to.bank, to.path, { headers: { ...headers }, body }, options);
  if (answer.kind === 'failed') return answer;
  const request = { bank: to.bank, method: 'POST', targetUri, signature: headers.signature };
  const verdict = await verifyResponse(answer, request, { findKey, at: clock() });
  if (verdict.kind === 'verified') {
    return { kind: 'answered', status: answer.status, body: answer.body };
  }
  return { kind: 'unproven', code: verdict.code, status: answer.status, effect: 'unknown' };
}
