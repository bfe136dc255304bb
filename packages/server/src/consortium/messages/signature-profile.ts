import { refuse, type MessageRefused } from './message-refusal.ts';

/**
 * The one form of signature that banks send each other: a profile of RFC 9421, section 1.4. What
 * differs in any way is refused, so that nothing is left to what a parser makes of it.
 */

export const LABEL = 'bank';
export const ALGORITHM = 'ed25519';

/** The longest that a signature may be valid, and how far two banks' clocks may be apart. */
export const LIFETIME_SECONDS_MAX = 60;
const CLOCK_TOLERANCE_SECONDS = 30;

/** In the order in which they stand in Signature-Input. */
export const PARAMETERS = ['created', 'expires', 'nonce', 'keyid', 'alg', 'tag'] as const;

export interface Profile {
  readonly tag: string;
  /** Components as RFC 9421 writes them, without quotes around what has no parameter. */
  readonly components: readonly string[];
}

export const REQUEST_PROFILE: Profile = {
  tag: 'lastro-request-1',
  components: ['@method', '@target-uri', 'content-digest', 'content-type'],
};

/** A response is bound to its request by that one's signature, and with it by its nonce. */
export const RESPONSE_PROFILE: Profile = {
  tag: 'lastro-response-1',
  components: [
    '@status',
    'content-digest',
    'content-type',
    '"@method";req',
    '"@target-uri";req',
    `"signature";req;key="${LABEL}"`,
  ],
};

export interface SignatureParameters {
  /** Seconds since 1970. */
  readonly created: number;
  readonly expires: number;
  /** 128 bits in base64url. */
  readonly nonce: string;
  readonly keyId: string;
}

const ONE_SIGNATURE = /^([a-z*][a-z0-9_.*-]*)=\(([^()]*)\)((?:;[a-z]+=(?:"[^"\\]*"|\d+))*)$/;
const PARAMETER = /;([a-z]+)=(?:"([^"\\]*)"|(\d+))/g;
const SEVERAL = /,\s*[a-z*][a-z0-9_.*-]*=/;
const NONCE = /^[A-Za-z0-9_-]{22}$/;
const SECONDS = /^[1-9]\d{0,10}$/;

/** Reads Signature-Input, or says why it is not of the profile. */
export function readSignatureInput(
  header: string,
  profile: Profile,
): ({ readonly kind: 'read' } & SignatureParameters) | MessageRefused {
  const [, label, components, parameters = ''] = ONE_SIGNATURE.exec(header) ?? [];
  if (label === undefined) {
    return refuse(SEVERAL.test(header) ? 'signature_repeated' : 'signature_malformed');
  }
  const found = [...parameters.matchAll(PARAMETER)];
  if (found.map(([, name]) => name).join() !== PARAMETERS.join()) {
    return refuse('signature_malformed');
  }
  const [created = '', expires = '', nonce = '', keyId = '', algorithm, tag] = found.map(
    ([, , text, digits]) => text ?? digits,
  );
  if (label !== LABEL || tag !== profile.tag) return refuse('profile_mismatch');
  if (components !== componentList(profile)) return refuse('components_mismatch');
  if (algorithm !== ALGORITHM) return refuse('algorithm_not_allowed');
  if (!SECONDS.test(created) || !SECONDS.test(expires) || !NONCE.test(nonce)) {
    return refuse('signature_malformed');
  }
  return { kind: 'read', created: Number(created), expires: Number(expires), nonce, keyId };
}

/** @param at seconds since 1970 */
export function checkTimes(
  { created, expires }: SignatureParameters,
  at: number,
): MessageRefused | undefined {
  const lifetime = expires - created;
  if (lifetime < 1 || lifetime > LIFETIME_SECONDS_MAX) return refuse('lifetime_too_long');
  if (created > at + CLOCK_TOLERANCE_SECONDS) return refuse('signature_from_future');
  if (expires < at - CLOCK_TOLERANCE_SECONDS) return refuse('signature_expired');
  return undefined;
}

/** When a message with these parameters is certainly refused as expired; milliseconds since 1970. */
export function keepNonceUntil({ expires }: SignatureParameters): number {
  return (expires + CLOCK_TOLERANCE_SECONDS + 1) * 1000;
}

/**
 * When a message was signed whose nonce is kept until then, by its sender's clock and to the second; of one that
 * lives shorter than it may, somewhat earlier. Milliseconds since 1970.
 */
export function signedAt(keepUntil: number): number {
  return keepUntil - (LIFETIME_SECONDS_MAX + CLOCK_TOLERANCE_SECONDS + 1) * 1000;
}

function componentList({ components }: Profile): string {
  return components.map((name) => (name.startsWith('"') ? name : `"${name}"`)).join(' ');
}
