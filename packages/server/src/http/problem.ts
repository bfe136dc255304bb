import { ERRORS, problemType, type ErrorCode, type Problem } from '@lastro/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { languageOf, type Language } from './language.ts';

/** Members of a problem beside what the registry says. */
export type ProblemDetails = Partial<
  Omit<Problem, 'type' | 'title' | 'status' | 'code' | 'retryable' | 'requestId'>
>;

const RETRY_AFTER_SECONDS = '1';

/** Of a 423 only a new command can succeed later; of the others the same one. */
const WAITING_HELPS: ReadonlySet<number> = new Set([423, 429, 503]);

/** Thrown by a route to answer with a problem; expected refusals of commands are values instead. */
export class ProblemError extends Error {
  readonly code: ErrorCode;
  readonly details: ProblemDetails;

  constructor(code: ErrorCode, details: ProblemDetails = {}) {
    super(code);
    this.name = 'ProblemError';
    this.code = code;
    this.details = details;
  }
}

/** The problem document of a code, its title in the reader's language. */
export function problemOf(
  code: ErrorCode,
  details: ProblemDetails,
  requestId: string,
  language: Language,
): Problem {
  const { status, retryable, title } = ERRORS[code];
  return {
    type: problemType(code),
    title: title[language],
    status,
    code,
    retryable,
    ...details,
    requestId,
  };
}

/** Answers with a problem, from where nothing is returned: a hook. */
export function answerProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  code: ErrorCode,
  details: ProblemDetails = {},
): void {
  const language = languageOf(request.headers['accept-language']);
  const problem = problemOf(code, details, request.id, language);
  request.problem = code;
  if (WAITING_HELPS.has(problem.status)) {
    reply.header('retry-after', RETRY_AFTER_SECONDS);
  }
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  // Serialized here: the route's schemas describe it, but must never cut a member off.
  reply
    .code(problem.status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(problem);
}

export async function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  code: ErrorCode,
  details: ProblemDetails = {},
): Promise<FastifyReply> {
  answerProblem(request, reply, code, details);
  return reply;
}
