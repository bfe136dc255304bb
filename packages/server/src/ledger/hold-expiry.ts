import { HOLD_TTL_DEFAULT_SECONDS, type Expiry } from '@lastro/core';
import { ProblemError } from '../http/problem.ts';

interface WrittenExpiry {
  readonly ttl?: number;
  readonly expiresAt?: string;
}

/** When a hold is to end; undefined where the request does not say. Throws `invalid_request`. */
export function writtenExpiry({ ttl, expiresAt }: WrittenExpiry): Expiry | undefined {
  if (ttl !== undefined && expiresAt !== undefined) throw invalid('stands beside ttl: give one');
  if (ttl !== undefined) return { ttl };
  if (expiresAt === undefined) return undefined;
  const at = Date.parse(expiresAt);
  // The format lets through what no calendar has: a leap second, an offset of 24 hours.
  if (Number.isNaN(at)) throw invalid('is no moment of the calendar');
  return { at };
}

/** When a hold is to end: a day from now unless the request says otherwise. */
export function expiryOf(written: WrittenExpiry): Expiry {
  return writtenExpiry(written) ?? { ttl: HOLD_TTL_DEFAULT_SECONDS };
}

function invalid(detail: string): ProblemError {
  return new ProblemError('invalid_request', { errors: [{ pointer: '/expiresAt', detail }] });
}
