import { LEASE_TOKENS_MAX } from '@lastro/contract';
import { NO_LEASE_TOKENS } from '@lastro/core';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from './problem.ts';

const TOKEN = /^[1-9]\d{0,15}$/;

/**
 * The tokens of the header `Lastro-Lease`, separated by commas: under which leases a command writes.
 * Throws `invalid_request` for anything that can't be one.
 */
export function leaseTokens(request: FastifyRequest): readonly number[] {
  const header = request.headers['lastro-lease'];
  if (header === undefined) return NO_LEASE_TOKENS;
  const texts = (Array.isArray(header) ? header.join(',') : header).split(',');
  const tokens = texts.map((text) => text.trim());
  if (tokens.length > LEASE_TOKENS_MAX || !tokens.every((token) => TOKEN.test(token))) {
    throw new ProblemError('invalid_request', {
      detail: `Lastro-Lease holds the token of a lease, or up to ${LEASE_TOKENS_MAX} separated by commas`,
    });
  }
  return tokens.map(Number);
}
