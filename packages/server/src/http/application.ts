import { BODY_BYTES_MAX, type Scope } from '@lastro/contract';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import type { Logger } from 'pino';
import { v7 as uuidV7 } from 'uuid';
import { answerClientError } from './client-error.ts';
import { answerError, answerFrameworkError, answerNotFound } from './error-handler.ts';
import { readJsonBytes } from './json-body.ts';
import { mayAct, type Authenticator, type Principal } from './principal.ts';
import { sendProblem } from './problem.ts';
import { createValidatorCompiler } from './validation.ts';

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal;
  }
  interface FastifyContextConfig {
    /** What the caller's key must allow; without it a route is open to all. */
    scope?: Scope;
  }
}

/** The application that routes are registered on. */
export type Application = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export interface ApplicationParts {
  readonly log: Logger;
  readonly authenticator: Authenticator;
  readonly bank: string;
  readonly version: string;
}

/** Bounds of one connection: nobody holds one open by sending slowly. */
const REQUEST_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

const NOBODY: Principal = { id: '', scope: 'read' };

/** The frame in which every resource lives: authentication, validation, errors, OpenAPI. */
export async function createApplication(parts: ApplicationParts): Promise<Application> {
  const loggerInstance: FastifyBaseLogger = parts.log;
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => uuidV7(),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { maxParamLength: 512 },
    clientErrorHandler: answerClientError,
    frameworkErrors: answerFrameworkError,
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.setValidatorCompiler(createValidatorCompiler());
  app.decorateRequest('principal');
  acceptJson(app);
  authenticate(app, parts.authenticator);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
  await describe(app, parts);
  return app;
}

function acceptJson(app: Application): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (_request: unknown, bytes: Buffer, done: (error: Error | null, body?: unknown) => void) => {
      try {
        done(null, readJsonBytes(bytes));
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  );
}

function authenticate(app: Application, authenticator: Authenticator): void {
  app.addHook('onRequest', async (request, reply) => {
    const { scope } = request.routeOptions.config;
    request.principal = NOBODY;
    if (scope === undefined) return undefined;
    reply.header('cache-control', 'no-store');
    const [scheme, key, more] = (request.headers.authorization ?? '').split(' ');
    if (
      scheme?.toLowerCase() !== 'bearer' ||
      key === undefined ||
      key === '' ||
      more !== undefined
    ) {
      return sendProblem(request, reply, 'unauthorized');
    }
    const found = authenticator.authenticate(key);
    const principal = found instanceof Promise ? await found : found;
    if (principal === undefined) return sendProblem(request, reply, 'unauthorized');
    if (!mayAct(principal, scope)) return sendProblem(request, reply, 'forbidden');
    request.principal = principal;
    return undefined;
  });
}

async function describe(app: Application, parts: ApplicationParts): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: `Lastro: bank ${parts.bank}`,
        description: 'Money and orders that always add up. Amounts are integers in minor units.',
        version: parts.version,
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    },
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}
