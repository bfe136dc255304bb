import { sign } from 'node:crypto';
import { httpbis, type SignConfig } from 'http-message-signatures';
import type { OwnKey } from './bank-keys.ts';
import { contentDigest } from './content-digest.ts';
import type { BankRequest, BankResponse, SignedHeaders } from './message.ts';
import {
  ALGORITHM,
  LABEL,
  LIFETIME_SECONDS_MAX,
  PARAMETERS,
  REQUEST_PROFILE,
  RESPONSE_PROFILE,
  type Profile,
} from './signature-profile.ts';

export interface SigningOptions {
  readonly key: OwnKey;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** 128 bits in base64url; a fresh one each time, also for a message that is sent again. */
  readonly nonce: string;
}

/** Signs a request: all headers that must go with it. */
export function signRequest(request: BankRequest, options: SigningOptions): Promise<SignedHeaders> {
  return signAs(REQUEST_PROFILE, request, options, (config, headers) =>
    httpbis.signMessage(config, { method: request.method, url: request.targetUri, headers }),
  );
}

/** Signs the response to the request that came with this signature. */
export function signResponse(
  response: BankResponse,
  to: { readonly method: string; readonly targetUri: string; readonly signature: string },
  options: SigningOptions,
): Promise<SignedHeaders> {
  const request = {
    method: to.method,
    url: to.targetUri,
    headers: { signature: to.signature },
  };
  return signAs(RESPONSE_PROFILE, response, options, (config, headers) =>
    httpbis.signMessage(config, { status: response.status, headers }, request),
  );
}

async function signAs(
  profile: Profile,
  content: { readonly contentType: string; readonly body: Uint8Array },
  { key, at, nonce }: SigningOptions,
  signWith: (
    config: SignConfig,
    covered: Record<string, string>,
  ) => Promise<{ readonly headers: Record<string, string | string[]> }>,
): Promise<SignedHeaders> {
  const covered = {
    'content-type': content.contentType,
    'content-digest': contentDigest(content.body),
  };
  const created = Math.floor(at / 1000);
  const config: SignConfig = {
    key: {
      id: key.keyId,
      alg: ALGORITHM,
      sign: (base) => Promise.resolve(sign(null, base, key.privateKey)),
    },
    name: LABEL,
    fields: [...profile.components],
    params: [...PARAMETERS],
    paramValues: {
      created: new Date(created * 1000),
      expires: new Date((created + LIFETIME_SECONDS_MAX) * 1000),
      nonce,
      tag: profile.tag,
    },
  };
  const { headers } = await signWith(config, covered);
  return {
    ...covered,
    'signature-input': textOf(headers['Signature-Input']),
    signature: textOf(headers['Signature']),
  };
}

function textOf(header: string | string[] | undefined): string {
  if (typeof header !== 'string') throw new Error('the signature is missing');
  return header;
}
