import { ERRORS, isErrorCode, type Problem } from '@lastro/contract';
import type { Reply } from '../harness/http-caller.ts';

const INTERNALS =
  /\.ts:\d|node_modules|\n\s+at |\bselect\b.*\bfrom\b|\binsert into\b|\bviolates\b|pg_|FST_|SyntaxError|Unexpected token|postgres/i;

/**
 * What is wrong with an answer that should be a problem document of the status with one of the
 * codes; undefined when nothing is. A value, so that hundreds of answers are judged at once.
 */
export function faultOfProblem(
  reply: Reply<Partial<Problem> | undefined>,
  status: number,
  codes: readonly string[],
  secrets: readonly string[] = [],
): string | undefined {
  const { body, text, headers } = reply;
  const shown = `${reply.status} ${text.slice(0, 300)}`;
  if (reply.status !== status) return `expected ${status}: ${shown}`;
  if (!String(headers['content-type']).startsWith('application/problem+json')) {
    return `content type ${String(headers['content-type'])}: ${shown}`;
  }
  if (body === undefined || typeof body.code !== 'string') return `no code: ${shown}`;
  if (!isErrorCode(body.code)) return `a code that is not in the registry: ${shown}`;
  if (!codes.includes(body.code)) return `expected ${codes.join(' or ')}: ${shown}`;
  if (body.status !== status || ERRORS[body.code].status !== status) return `status: ${shown}`;
  if (body.type !== `/errors#${body.code}`) return `type: ${shown}`;
  if (body.title !== ERRORS[body.code].title.en) return `title: ${shown}`;
  if (body.retryable !== ERRORS[body.code].retryable) return `retryable: ${shown}`;
  const leak = INTERNALS.exec(text);
  if (leak !== null) return `shows internals (${leak[0]}): ${shown}`;
  if (secrets.some((secret) => text.includes(secret))) return `echoes a secret: ${shown}`;
  return undefined;
}
