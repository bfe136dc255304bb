import { BODY_BYTES_MAX, type ErrorCode, type Scope } from '@lastro/contract';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import type { Logger } from 'pino';
import { closeIdleConnections } from './close-idle.ts';
import { answerClientError } from './client-error.ts';
import { answerError, answerFrameworkError, answerNotFound } from './error-handler.ts';
import { readJsonBytes } from './json-body.ts';
import { describeApi } from './openapi/describe-api.ts';
import { mayAct, type Authenticator, type Principal } from './principal.ts';
import { answerProblem } from './problem.ts';
import { createRequestIds } from './request-ids.ts';
import { RequestLog } from './request-log.ts';
import { CONTENT_TYPE_OPTIONS } from './security-headers.ts';
import { createTlsServer, type TlsCredentials } from './tls-server.ts';
import { createSerializerCompiler } from './serialization.ts';
import { type RouteTraffic, Traffic } from './traffic.ts';
import { createValidatorCompiler } from './validation.ts';

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal;
    /** Of the route that it matched. */
    traffic: RouteTraffic | undefined;
    /** The code of the problem that it was answered with. */
    problem: ErrorCode | undefined;
    /** What it failed of, when that was unexpected. */
    fault: Error | undefined;
  }
  interface FastifyContextConfig {
    /** What the caller's key must allow; without it a route is open to all. */
    scope?: Scope;
    /** Whether a request without a body means the same as `{}`. */
    bodyIsOptional?: boolean;
    /** Counts what is asked of the route; every route gets its own. */
    traffic?: RouteTraffic;
  }
  interface FastifyInstance {
    /** What was asked of every route so far. */
    readonly traffic: Traffic;
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
  /** Without them it speaks plain HTTP. */
  readonly tls?: TlsCredentials | undefined;
}

/** Bounds of one connection: nobody holds one open by sending slowly. */
const REQUEST_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

const AUTHORIZATION = 'authorization';

const NOBODY: Principal = { id: '', scope: 'read' };

/** The frame in which every resource lives: authentication, validation, errors, OpenAPI. */
export async function createApplication(parts: ApplicationParts): Promise<Application> {
  const loggerInstance: FastifyBaseLogger = parts.log;
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: createRequestIds(),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    // What arrives while it closes is still answered, for the engine stops after the listener.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 512 },
    clientErrorHandler: answerClientError,
    frameworkErrors: answerFrameworkError,
    ...serverOf(parts.tls),
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.setValidatorCompiler(createValidatorCompiler());
  app.setSerializerCompiler(createSerializerCompiler());
  app.decorateRequest('principal');
  app.decorateRequest('traffic');
  app.decorateRequest('problem');
  app.decorateRequest('fault');
  // A line names its request itself: a logger for each would cost every request, logged or not.
  app.setChildLoggerFactory((logger) => logger);
  closeIdleConnections(app);
  acceptJson(app);
  fillEmptyBodies(app);
  observe(app, parts.log);
  authenticate(app, parts.authenticator);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
  await describeApi(app, parts);
  return app;
}

function serverOf(tls: TlsCredentials | undefined): Pick<FastifyServerOptions, 'serverFactory'> {
  if (tls === undefined) return {};
  const bounds = {
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    keepAliveTimeoutMs: KEEP_ALIVE_TIMEOUT_MS,
  };
  return { serverFactory: (handler) => createTlsServer(tls, handler, bounds) };
}

function acceptJson(app: Application): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (
      request: FastifyRequest,
      bytes: Buffer,
      done: (error: Error | null, body?: unknown) => void,
    ) => {
      const { bodyIsOptional } = request.routeOptions.config;
      if (bytes.length === 0 && bodyIsOptional === true) return done(null, undefined);
      try {
        done(null, readJsonBytes(bytes));
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  );
}

/** Gives routes whose body may be left out an empty one, so that both are one command. */
function fillEmptyBodies(app: Application): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.bodyIsOptional !== true) return;
    route.preValidation = (request, _reply, done) => {
      if (request.body === undefined) request.body = {};
      done();
    };
  });
}

/** Counts and logs every answer, when it has left. */
function observe(app: Application, log: Logger): void {
  const traffic = new Traffic();
  const requestLog = new RequestLog(log);
  app.decorate('traffic', traffic);
  app.addHook('onRoute', (route) => {
    const method = Array.isArray(route.method) ? route.method.join('|') : route.method;
    route.config = { ...route.config, traffic: traffic.of(method, route.url) };
  });
  app.addHook('onResponse', (request, reply, done) => {
    const counts = request.traffic ?? traffic.unmatched;
    counts.record(reply.statusCode, reply.elapsedTime);
    requestLog.record(request, reply, counts, performance.now());
    done();
  });
}

function authenticate(app: Application, authenticator: Authenticator): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { scope, traffic } = request.routeOptions.config;
    request.traffic = traffic;
    request.principal = NOBODY;
    reply.header('x-request-id', request.id).header('x-content-type-options', CONTENT_TYPE_OPTIONS);
    if (scope === undefined) return done();
    reply.header('cache-control', 'no-store');
    const key = bearerOf(request);
    if (key === undefined) return answerProblem(request, reply, 'unauthorized');
    const found = authenticator.authenticate(key);
    if (!(found instanceof Promise)) return admit(request, reply, found, scope, done);
    return void found.then((principal) => admit(request, reply, principal, scope, done), done);
  });
}

function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  principal: Principal | undefined,
  scope: Scope,
  done: () => void,
): void {
  if (principal === undefined) return answerProblem(request, reply, 'unauthorized');
  if (!mayAct(principal, scope)) return answerProblem(request, reply, 'forbidden');
  request.principal = principal;
  return done();
}

/** The key of a request; undefined where there is none, or more than one. */
function bearerOf(request: FastifyRequest): string | undefined {
  const [scheme, key, more] = (request.headers.authorization ?? '').split(' ');
  const isBearer = scheme?.toLowerCase() === 'bearer' && key !== '' && more === undefined;
  return isBearer && !hasTwoAuthorizations(request.raw.rawHeaders) ? key : undefined;
}

/** Node keeps the first of two and drops the other; what stands in front of us may do the reverse. */
function hasTwoAuthorizations(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) count += 1;
  }
  return count > 1;
}
