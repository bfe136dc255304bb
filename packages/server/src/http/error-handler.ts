import type { ErrorCode } from '@lastro/contract';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError, sendProblem, type ProblemDetails } from './problem.ts';
import { CONTENT_TYPE_OPTIONS } from './security-headers.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Turns whatever a route threw into a problem document; the unexpected is logged, never shown. */
export async function answerError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (error instanceof ProblemError) {
    return sendProblem(request, reply, error.code, error.details);
  }
  if (error.validation !== undefined) {
    return sendProblem(request, reply, 'invalid_request', validationDetails(error));
  }
  const known = knownCode(error);
  if (known !== undefined) return sendProblem(request, reply, known);
  // Logged with the answer, once it has left.
  request.fault = error;
  return sendProblem(
    request,
    reply,
    isDatabaseAway(error) ? 'database_unavailable' : 'internal_error',
  );
}

/** What fails before there is a route: a path that can't be decoded, or with an endless part. */
export function answerFrameworkError(
  cause: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  // No hook runs for it.
  reply.header('x-request-id', request.id).header('x-content-type-options', CONTENT_TYPE_OPTIONS);
  answerError(cause, request, reply).catch((fault: unknown) => {
    request.log.error({ requestId: request.id, fault: String(fault) }, 'answering failed');
    reply.raw.destroy();
  });
}

/** An unknown path, or a known one with another method. */
export async function answerNotFound(
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const url = request.url.split('?')[0] ?? '/';
  const allowed = METHODS.filter((method) => request.server.findRoute({ method, url }) !== null);
  // A wildcard route that found nothing comes here, too, with a method that is allowed.
  const isAllowed = allowed.some((method) => method === request.method);
  if (isAllowed || allowed.length === 0) return sendProblem(request, reply, 'not_found');
  reply.header('allow', allowed.join(', '));
  return sendProblem(request, reply, 'method_not_allowed');
}

function validationDetails(error: FastifyError): ProblemDetails {
  const root = error.validationContext === 'body' ? '' : `#${error.validationContext ?? ''}`;
  const errors = (error.validation ?? []).slice(0, 10).map(({ instancePath, message, params }) => {
    const unknown = params['additionalProperty'];
    const missing = params['missingProperty'];
    const name =
      typeof unknown === 'string'
        ? `/${unknown}`
        : typeof missing === 'string'
          ? `/${missing}`
          : '';
    return {
      pointer: `${root}${instancePath}${name}`,
      detail: typeof unknown === 'string' ? 'is not a known member' : (message ?? 'is not valid'),
    };
  });
  return { errors };
}

function knownCode(error: FastifyError): ErrorCode | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return 'body_too_large';
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return 'unsupported_media_type';
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return 'invalid_json';
    // No id is as long as that.
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return 'invalid_request';
    default:
      return error.statusCode === 400 ? 'invalid_request' : undefined;
  }
}

/** Errors of connections and of a server that can't answer now, as the driver reports them. */
function isDatabaseAway(error: Error & { code?: string; severity?: string }): boolean {
  const code = error.code ?? '';
  // 28 and 3D: the server answers, but lets nobody in, or lacks the database.
  if (/^(?:08|28|3D|53|57|58)/.test(code) || code === '25006') return true;
  if (/^E(?:CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH)$/.test(code)) return true;
  return /timeout exceeded when trying to connect|Connection terminated|not queryable/.test(
    error.message,
  );
}
