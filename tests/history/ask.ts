import { ERRORS, isErrorCode, type ErrorCode } from '@lastro/contract';
import { commandHash } from '../../packages/server/src/http/command-id.ts';
import type { Answer, Invocation } from './history.ts';
import { chosenId, isRead, pathOf, methodOf, routeOf, type CommandRequest } from './request.ts';

/**
 * What an answer says about its command. `settled`: it was accepted or refused, for ever.
 * `untaken`: it had no effect and was not recorded. `unknown`: it may have had its effect.
 */
export type Verdict = 'settled' | 'reused' | 'untaken' | 'unknown';

/** One command that a client asked for once. A batch asks for several. */
export interface Ask {
  readonly invocation: Invocation;
  readonly request: CommandRequest;
  /** Its place in a batch; null: it came alone. */
  readonly index: number | null;
  /** Null when the bank was to choose. */
  readonly id: string | null;
  /** Route and body, the same text for what is the same request. */
  readonly identity: string;
  readonly hash: string;
  readonly verdict: Verdict;
  /** Of its problem; null when it was accepted or nothing was heard. */
  readonly code: ErrorCode | null;
  /** Its own answer, or its own line of the batch's. */
  readonly answer: Answer | null;
}

/** The commands that an invocation asked for; none when it read. */
export function asksOf(invocation: Invocation): readonly Ask[] {
  const { request, answer } = invocation;
  if (isRead(request)) return [];
  if (request.resource !== 'batch') {
    return [askOf(invocation, request, null, chosenId(request), answer)];
  }
  const { key, flaw } = request;
  return request.body.transfers.map((body, index) => {
    const one: CommandRequest = { resource: 'transfers', body, key: null, flaw };
    const id = body.id ?? (key === null ? null : `${key}#${index}`);
    return askOf(invocation, one, index, id, lineOf(answer, index));
  });
}

function askOf(
  invocation: Invocation,
  request: CommandRequest,
  index: number | null,
  id: string | null,
  answer: Answer | null,
): Ask {
  const identity = `${routeOf(request)} ${sorted(request.body)}`;
  const hash = commandHash(routeOf(request), request.body);
  const code = codeOf(answer);
  const verdict = verdictOf(request, answer, code);
  return { invocation, request, index, id, identity, hash, verdict, code, answer };
}

/** A batch's line as an answer of its own; a problem of the whole batch is each line's. */
function lineOf(answer: Answer | null, index: number): Answer | null {
  if (answer === null || answer.status !== 200) return answer;
  const { results } = answer.body as { results?: readonly unknown[] };
  return { ...answer, body: results?.[index] };
}

function codeOf(answer: Answer | null): ErrorCode | null {
  const body = answer?.body;
  if (typeof body !== 'object' || body === null || !('code' in body)) return null;
  return typeof body.code === 'string' && isErrorCode(body.code) ? body.code : null;
}

function verdictOf(
  { flaw }: CommandRequest,
  answer: Answer | null,
  code: ErrorCode | null,
): Verdict {
  if (answer === null) return 'unknown';
  if (code === null) return answer.status < 300 ? 'settled' : 'unknown';
  if (code === 'id_reused') return 'reused';
  if (code === flaw) return 'untaken';
  const { status } = ERRORS[code];
  if (status === 503 || status === 429) return 'untaken';
  if (status >= 500) return 'unknown';
  return EDGE.has(code) ? 'untaken' : 'settled';
}

/** What never reaches the engine, whoever sends it. */
const EDGE: ReadonlySet<ErrorCode> = new Set([
  'invalid_request',
  'invalid_json',
  'invalid_number',
  'invalid_id',
  'unauthorized',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'request_timeout',
  'body_too_large',
  'unsupported_media_type',
  'headers_too_large',
  'precondition_required',
]);

/** JSON with its members in order, so that equal bodies are equal texts. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** An invocation in words, for an explanation. */
export function inWords(invocation: Invocation): string {
  const { number, principal, request, tokens, start, end, answer } = invocation;
  const body = 'body' in request ? ` ${JSON.stringify(request.body)}` : '';
  const key = 'key' in request && request.key !== null ? ` key ${request.key}` : '';
  const under = tokens.length > 0 ? ` under ${tokens.join()}` : '';
  const got = answer === null ? 'nothing' : `${answer.status} ${JSON.stringify(answer.body)}`;
  return (
    `#${number} ${principal} ${methodOf(request)} ${pathOf(request)}${body}${key}${under} ` +
    `[${start.toFixed(2)}–${end.toFixed(2)} ms] got ${got}`
  );
}
