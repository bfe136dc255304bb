import { IDEMPOTENCY_KEY_MAX, IDEMPOTENCY_KEY_MIN, Problem } from '@lastro/contract';
import type { FastifySchema, RouteOptions } from 'fastify';
import { reasonOf } from '../answers.ts';
import { componentOf, isObject, withPlaceHolders, type JsonObject } from './component-schemas.ts';

/** What a route is documented with; all but its answers it said itself. */
export interface DescribedRoute {
  readonly schema: FastifySchema;
  readonly url: string;
}

const PROBLEM = componentOf(Problem);
const PROBLEM_MEDIA_TYPE = 'application/problem+json';
const NO_DATABASE = 503;
const UNKNOWN = 504;
const IF_MATCH_REQUIRED = 428;
const LEASED = 423;

const IDEMPOTENCY_KEY = {
  type: 'string',
  minLength: IDEMPOTENCY_KEY_MIN,
  maxLength: IDEMPOTENCY_KEY_MAX,
  description:
    'Identity of the command where the body has no `id`, bare or in quotes: sent again, it gets ' +
    'the same answer and has its effect once.',
};

const IF_MATCH = {
  type: 'string',
  pattern: '^"[1-9][0-9]*"$',
  description: 'The ETag that was read, so that no change is lost.',
  examples: ['"1"'],
};

const LASTRO_LEASE = {
  type: 'string',
  pattern: '^[1-9][0-9]*( *, *[1-9][0-9]*)*$',
  description:
    'Token of the lease under which the command writes, or several separated by commas. Each must be ' +
    'that of a lease which is held on an account of this command, else 423 `lease_lost`.',
  examples: ['4711'],
};

const REQUEST_ID = { type: 'string', description: 'Also in problem documents and in the log.' };
const RETRY_AFTER = { type: 'string', description: 'Seconds to wait before trying again.' };
const REPLAYED = {
  type: 'string',
  const: 'true',
  description: 'There when the command was settled before: this is its recorded answer.',
};
const ETAG = { type: 'string', description: 'Its version, for If-Match.' };

/** Adds to what a route says of itself all that follows from how it is served. */
export function describeRoute(
  given: FastifySchema | undefined,
  url: string,
  route: RouteOptions,
): DescribedRoute {
  if (given === undefined || given.hide === true) return { schema: { hide: true }, url };
  const method = String(route.method);
  const scope = route.config?.scope;
  const answers = answersOf(given, scope);
  const { description = '' } = given;
  const takesId = answers.has(UNKNOWN) || description.includes('Idempotency-Key');
  const takesLease = answers.has(LEASED) || description.includes('Lastro-Lease');
  const headers = {
    ...(takesId ? { 'Idempotency-Key': IDEMPOTENCY_KEY } : {}),
    ...(method === 'PATCH' ? { 'If-Match': IF_MATCH } : {}),
    ...(takesLease ? { 'Lastro-Lease': LASTRO_LEASE } : {}),
  };
  const schema: FastifySchema = {
    operationId: operationIdOf(method, url),
    ...given,
    ...(given.body === undefined ? {} : { body: withPlaceHolders(given.body) }),
    ...(Object.keys(headers).length === 0
      ? {}
      : {
          headers: {
            type: 'object',
            properties: headers,
            required: answers.has(IF_MATCH_REQUIRED) ? ['If-Match'] : [],
          },
        }),
    ...(scope === undefined ? { security: [] } : {}),
    ...(scope === undefined ? {} : { description: withScope(given.description, scope) }),
    response: Object.fromEntries(
      [...answers].map(([status, answer]) => [
        status,
        describeAnswer(status, answer, answers.has(UNKNOWN)),
      ]),
    ),
  };
  return { schema, url };
}

/** `POST /v1/transfers/batch` → `postTransfersBatch`; `:id` → `ById`. */
function operationIdOf(method: string, url: string): string {
  const words = url
    .replace(/^\/v1/, '')
    .replace(/\.\w+$/, '')
    .split('/')
    .map((part) => (part.startsWith(':') ? `by-${part.slice(1)}` : part))
    .flatMap((part) => part.split('-'))
    .filter((word) => word !== '');
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return `${method.toLowerCase()}${name}`;
}

function withScope(description: string | undefined, scope: string): string {
  const needs = `Needs a key of scope \`${scope}\`.`;
  return description === undefined ? needs : `${description}\n\n${needs}`;
}

/** The answers that a route names, and those that follow from its key and from what it reads. */
function answersOf(given: FastifySchema, scope: string | undefined): Map<number, JsonObject> {
  const named = isObject(given.response) ? Object.entries(given.response) : [];
  const all = new Map<number, JsonObject>();
  for (const [status, answer] of named) {
    if (isObject(answer)) all.set(Number(status), answer);
  }
  const readsInput = [given.params, given.querystring, given.body].some(
    (part) => part !== undefined,
  );
  const implied = [
    ...(scope === undefined ? [] : [401, 500, NO_DATABASE]),
    ...(scope === 'write' || scope === 'admin' ? [403] : []),
    ...(readsInput ? [400] : []),
    ...(given.body === undefined ? [] : [408, 413, 415]),
  ];
  for (const status of implied) {
    if (!all.has(status)) all.set(status, { ...Problem, description: reasonOf(status) });
  }
  return new Map([...all].toSorted(([one], [other]) => one - other));
}

function describeAnswer(status: number, answer: JsonObject, isCommand: boolean): JsonObject {
  const { description = reasonOf(status), content, ...schema } = answer;
  const headers = {
    'X-Request-Id': REQUEST_ID,
    ...(status === NO_DATABASE || status === LEASED ? { 'Retry-After': RETRY_AFTER } : {}),
    ...(isCommand && status < 400 ? { 'Idempotency-Replayed': REPLAYED } : {}),
    ...(status < 400 && hasVersion(schema) ? { ETag: ETAG } : {}),
  };
  if (content !== undefined) return { description, headers, content: withPlaceHolders(content) };
  if (schema['type'] === 'null') return { type: 'null', description, headers };
  const mediaType = componentOf(schema) === PROBLEM ? PROBLEM_MEDIA_TYPE : 'application/json';
  return { description, headers, content: { [mediaType]: { schema: withPlaceHolders(schema) } } };
}

/** Whether the thing that is answered names one of its members as its ETag. */
function hasVersion({ properties }: JsonObject): boolean {
  if (!isObject(properties)) return false;
  return Object.values(properties).some(
    (member) => isObject(member) && String(member['description']).includes('ETag'),
  );
}
