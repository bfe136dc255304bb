import { createHash, timingSafeEqual } from 'node:crypto';

const FORM = /^sha-256=:([A-Za-z0-9+/]{43}=):$/;

/** `Content-Digest` of RFC 9530, with the one algorithm of the profile. */
export function contentDigest(body: Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}

/** Whether the header has the profile's form and is that of the body. */
export function checkDigest(header: string, body: Uint8Array): 'matches' | 'malformed' | 'differs' {
  const [, said] = FORM.exec(header) ?? [];
  if (said === undefined) return 'malformed';
  const actual = createHash('sha256').update(body).digest();
  return timingSafeEqual(Buffer.from(said, 'base64'), actual) ? 'matches' : 'differs';
}
