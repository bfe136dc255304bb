import { verify } from 'node:crypto';
import { httpbis, type VerifyConfig } from 'http-message-signatures';
import type { FindPeerKey, PeerKey } from './bank-keys.ts';
import { checkDigest } from './content-digest.ts';
import { refuse, type MessageRefused } from './message-refusal.ts';
import type {
  ReceivedHeaders,
  ReceivedRequest,
  ReceivedResponse,
  SignedHeaders,
} from './message.ts';
import type { Nonce, NonceStore } from './nonces.ts';
import {
  checkTimes,
  keepNonceUntil,
  readSignatureInput,
  REQUEST_PROFILE,
  RESPONSE_PROFILE,
  type Profile,
  type SignatureParameters,
} from './signature-profile.ts';

/** Who has certainly sent this. */
export interface Verified {
  readonly kind: 'verified';
  readonly bank: string;
  /** Spent already; what has an effect carries it into its block. */
  readonly nonce: Nonce;
}

export interface VerifyingOptions {
  readonly findKey: FindPeerKey;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const SIGNATURE = /^[a-z*][a-z0-9_.*-]*=:[A-Za-z0-9+/]{86}==:$/;
const SEVERAL_SIGNATURES = /:,\s*[a-z*]/;

/** The library's own look at the clock is switched off: `checkTimes` judges by the time it is given. */
const ANY_TIME = Number.MAX_SAFE_INTEGER;

/**
 * Judges a request of another bank. Nothing is looked up, kept or spent before the signature holds; the
 * nonce is spent last. Rejects only as `nonces` does.
 */
export async function verifyRequest(
  request: ReceivedRequest,
  options: VerifyingOptions & { readonly nonces: NonceStore },
): Promise<Verified | MessageRefused> {
  const { method, targetUri, headers, body } = request;
  const judged = await judge(REQUEST_PROFILE, { headers, body }, options, (config, signed) =>
    httpbis.verifyMessage(config, { method, url: targetUri, headers: { ...signed } }),
  );
  if (judged.kind === 'refused') return judged;
  const isFirst = await options.nonces.spend(judged.nonce);
  return isFirst ? judged : refuse('nonce_replayed');
}

/** Judges what a bank answered to the request that was sent to it with these headers. */
export async function verifyResponse(
  response: ReceivedResponse,
  to: {
    readonly bank: string;
    readonly method: string;
    readonly targetUri: string;
    readonly signature: string;
  },
  options: VerifyingOptions,
): Promise<Verified | MessageRefused> {
  const { status, headers, body } = response;
  const request = {
    method: to.method,
    url: to.targetUri,
    headers: { signature: to.signature },
  };
  const judged = await judge(RESPONSE_PROFILE, { headers, body }, options, (config, signed) =>
    httpbis.verifyMessage(config, { status, headers: { ...signed } }, request),
  );
  if (judged.kind === 'refused' || judged.bank === to.bank) return judged;
  return refuse('wrong_bank');
}

type VerifyWith = (config: VerifyConfig, signed: SignedHeaders) => Promise<boolean | null>;

async function judge(
  profile: Profile,
  { headers, body }: { readonly headers: ReceivedHeaders; readonly body: Uint8Array },
  { findKey, at }: VerifyingOptions,
  verifyWith: VerifyWith,
): Promise<Verified | MessageRefused> {
  const signed = readHeaders(headers);
  if ('kind' in signed) return signed;
  const parameters = readSignatureInput(signed['signature-input'], profile);
  if (parameters.kind === 'refused') return parameters;
  const refusedSignature = checkSignatureForm(signed.signature);
  if (refusedSignature !== undefined) return refusedSignature;
  const key = findKey(parameters.keyId);
  if (key === undefined) return refuse('unknown_key');
  if (key.state !== 'valid') return refuse('key_revoked');
  const refused =
    checkTimes(parameters, Math.floor(at / 1000)) ?? checkBody(signed['content-digest'], body);
  if (refused !== undefined) return refused;
  if (!(await isSigned(key, signed, verifyWith))) return refuse('signature_invalid');
  return { kind: 'verified', bank: key.bank, nonce: nonceOf(parameters) };
}

function readHeaders(headers: ReceivedHeaders): SignedHeaders | MessageRefused {
  const names = ['content-type', 'content-digest', 'signature-input', 'signature'];
  const found = names.map((name) => headers[name] ?? []).map((value) => [value].flat());
  if (found.some((values) => values.length > 1)) return refuse('header_repeated');
  const [contentType, contentDigest, signatureInput, signature] = found.map(([value]) => value);
  if (
    contentType === undefined ||
    contentDigest === undefined ||
    signatureInput === undefined ||
    signature === undefined
  ) {
    return refuse('signature_missing');
  }
  return {
    'content-type': contentType,
    'content-digest': contentDigest,
    'signature-input': signatureInput,
    signature,
  };
}

function checkSignatureForm(signature: string): MessageRefused | undefined {
  if (SIGNATURE.test(signature)) return undefined;
  return refuse(SEVERAL_SIGNATURES.test(signature) ? 'signature_repeated' : 'signature_malformed');
}

function checkBody(digest: string, body: Uint8Array): MessageRefused | undefined {
  const verdict = checkDigest(digest, body);
  switch (verdict) {
    case 'matches':
      return undefined;
    case 'malformed':
      return refuse('digest_malformed');
    case 'differs':
      return refuse('digest_mismatch');
  }
}

/** The algorithm is that of the pinned key, whatever the message says. */
async function isSigned(
  key: PeerKey,
  signed: SignedHeaders,
  verifyWith: VerifyWith,
): Promise<boolean> {
  const config: VerifyConfig = {
    all: true,
    tolerance: ANY_TIME,
    keyLookup: () =>
      Promise.resolve({
        verify: (base, signature) => Promise.resolve(verify(null, base, key.publicKey, signature)),
      }),
  };
  try {
    return (await verifyWith(config, signed)) === true;
  } catch {
    // What the library can't take apart is not signed.
    return false;
  }
}

function nonceOf(parameters: SignatureParameters): Nonce {
  const { keyId, nonce } = parameters;
  return { keyId, value: nonce, keepUntil: keepNonceUntil(parameters) };
}
