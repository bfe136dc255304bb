import { hash } from 'node:crypto';
import { IDEMPOTENCY_KEY_MAX, IDEMPOTENCY_KEY_MIN } from '@lastro/contract';
import type { FastifyRequest } from 'fastify';
import { v7 as uuidV7 } from 'uuid';
import { ProblemError } from './problem.ts';

/** Visible ASCII without quote and backslash. */
const KEY_CHARACTERS = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * The identity of a command: the body's `id`, else the `Idempotency-Key` header (bare or quoted),
 * else a new UUID. With both, `id` decides. Throws `invalid_id` for a malformed header.
 */
export function commandId(request: FastifyRequest, bodyId: string | undefined): string {
  if (bodyId !== undefined) return bodyId;
  return idempotencyKey(request) ?? uuidV7();
}

/** The request's `Idempotency-Key` without its quotes; undefined when there is none. */
export function idempotencyKey(request: FastifyRequest): string | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  const text = Array.isArray(header) ? header.join(',') : header;
  const isQuoted = text.length >= 2 && text.startsWith('"') && text.endsWith('"');
  const key = isQuoted ? text.slice(1, -1) : text;
  const fits = key.length >= IDEMPOTENCY_KEY_MIN && key.length <= IDEMPOTENCY_KEY_MAX;
  if (!fits || !KEY_CHARACTERS.test(key)) throw new ProblemError('invalid_id');
  return key;
}

/** SHA-256 over route and body, 64 hexadecimal digits; the order of members does not matter. */
export function commandHash(route: string, body: unknown): string {
  return hash('sha256', `${route}\n${canonical(body)}`, 'hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  // Written out: this runs for every command, and a list of pairs costs more than the hash.
  let members = '';
  for (const name of Object.keys(value).toSorted()) {
    const separator = members === '' ? '' : ',';
    members += `${separator}${JSON.stringify(name)}:${canonical(value[name])}`;
  }
  return `{${members}}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
