import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Application } from '../../http/application.ts';
import { sendProblem } from '../../http/problem.ts';
import type { FindPeerKey, OwnKey } from './bank-keys.ts';
import { MESSAGE_REFUSALS } from './message-refusal.ts';
import type { Nonce, NonceStore } from './nonces.ts';
import { targetUriAt, type PeerAddress } from './peer-address.ts';
import { signResponse } from './sign-message.ts';
import { verifyRequest } from './verify-message.ts';

export interface SignedEndpointParts {
  /** This bank's own public address: what peers sign as their target; never the Host header. */
  readonly ownAddress: PeerAddress;
  readonly ownKey: () => OwnKey;
  readonly findKey: FindPeerKey;
  readonly nonces: NonceStore;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** 128 fresh bits in base64url. */
  readonly newNonce: () => string;
}

/** What a bank has certainly sent. */
export interface SignedRequest {
  readonly from: string;
  readonly keyId: string;
  readonly nonce: Nonce;
  readonly body: Buffer;
}

export interface SignedAnswer {
  readonly status: 200 | 400 | 409 | 503;
  /** JSON. */
  readonly body: Uint8Array;
}

const CONTENT_TYPE = 'application/json';

/**
 * Registers a path that banks post signed messages to. What is not signed by a pinned key gets 401 and
 * no signature: whoever it is learns nothing that could be shown to somebody else.
 */
export async function registerSignedEndpoint(
  app: Application,
  path: string,
  parts: SignedEndpointParts,
  answer: (request: SignedRequest) => Promise<SignedAnswer>,
): Promise<void> {
  await app.register((scope: Application, _options: object, done: () => void) => {
    // The signature is over the bytes as they came.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      CONTENT_TYPE,
      { parseAs: 'buffer' },
      (_request: FastifyRequest, bytes: Buffer, parsed: (error: null, body: Buffer) => void) =>
        parsed(null, bytes),
    );
    scope.post(path, { schema: { hide: true } }, (request, reply) =>
      answerSigned(request, reply, parts, answer),
    );
    done();
  });
}

async function answerSigned(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: SignedEndpointParts,
  answer: (request: SignedRequest) => Promise<SignedAnswer>,
): Promise<FastifyReply> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const received = {
    method: request.method,
    targetUri: targetUriAt(parts.ownAddress, request.url),
    headers: request.raw.headersDistinct,
    body,
  };
  const { findKey, nonces, clock } = parts;
  const verdict = await verifyRequest(received, { findKey, nonces, at: clock() });
  if (verdict.kind === 'refused') {
    const detail = `${verdict.code}: ${MESSAGE_REFUSALS[verdict.code]}`;
    return sendProblem(request, reply, 'unauthorized', { detail });
  }
  const { bank: from, nonce } = verdict;
  const said = await answer({ from, keyId: nonce.keyId, nonce, body });
  const headers = await signResponse(
    { status: said.status, contentType: CONTENT_TYPE, body: said.body },
    { method: 'POST', targetUri: received.targetUri, signature: signatureOf(request) },
    { key: parts.ownKey(), at: clock(), nonce: parts.newNonce() },
  );
  return reply
    .code(said.status)
    .headers({ ...headers })
    .send(Buffer.from(said.body));
}

/** There and alone, for the request has been verified. */
function signatureOf(request: FastifyRequest): string {
  return request.raw.headersDistinct['signature']?.[0] ?? '';
}
