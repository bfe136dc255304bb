import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import {
  componentSchemas,
  isObject,
  withReferences,
  type JsonObject,
} from './component-schemas.ts';
import { describeRoute } from './describe-route.ts';

export interface ApiParts {
  readonly bank: string;
  readonly version: string;
}

const DESCRIPTION = `Money and orders that always add up.

Amounts are integers in minor units (\`BRL/2\`: centavos). Every command has an identity, its \`id\` or
the Idempotency-Key: sent again it gets the same answer and has its effect once. A refusal is a problem
document (RFC 9457) with a stable \`code\`, listed at [/errors](/errors). 503: not submitted, no effect.
504 \`outcome_unknown\`: send the same request with the same id, and it gets the one outcome.`;

const TAGS = [
  { name: 'accounts', description: 'Places where units of one asset are counted.' },
  { name: 'leases', description: 'The exclusive right to write an account for a while.' },
  { name: 'transfers', description: 'One amount from one account to another; cash in and out.' },
  { name: 'transactions', description: 'Several transfers, all or none, also across banks.' },
  { name: 'consents', description: 'The right of another bank to debit an account.' },
  { name: 'holds', description: 'Transfers that are promised now, and kept or given up later.' },
  { name: 'corrections', description: 'New transfers that take earlier ones back.' },
  { name: 'products', description: 'Prices, and stock that is counted as money is.' },
  { name: 'orders', description: 'Money and goods in one transaction.' },
  { name: 'reports', description: 'What the orders add up to.' },
  { name: 'books', description: 'Trial balance and the check of every invariant.' },
  { name: 'peers', description: 'The other banks of the consortium that this one deals with.' },
  { name: 'commands', description: 'What became of a command.' },
  { name: 'events', description: 'Everything that happened, in its one order.' },
  { name: 'journal', description: 'The hashed and signed blocks of events.' },
  { name: 'api keys', description: 'Who may do what.' },
  { name: 'operation', description: 'For those who run the bank.' },
];

/** Describes every route registered from here on, and serves the description at `/openapi.json`. */
export async function describeApi(app: FastifyInstance, parts: ApiParts): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: `Lastro: bank ${parts.bank}`,
        description: DESCRIPTION,
        version: parts.version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/', description: 'This bank.' }],
      tags: TAGS,
      components: {
        securitySchemes: {
          key: {
            type: 'http',
            scheme: 'bearer',
            description: 'An API key of the bank: `Authorization: Bearer <key>`.',
          },
        },
      },
      security: [{ key: [] }],
    },
    transform: ({ schema, url, route }) => describeRoute(schema, url, route),
  });
  let text: string | undefined;
  app.get(
    '/openapi.json',
    {
      schema: {
        summary: 'This description, OpenAPI 3.1',
        tags: ['operation'],
        response: { 200: { type: 'object', additionalProperties: true, description: 'Done.' } },
      },
    },
    (_request, reply) => {
      text ??= JSON.stringify(apiDescription(app));
      return reply
        .type('application/json; charset=utf-8')
        .serializer((body: string) => body)
        .send(text);
    },
  );
}

/** The whole description, its shared schemas under their names. */
export function apiDescription(app: Pick<FastifyInstance, 'swagger'>): JsonObject {
  const described = withReferences(app.swagger());
  if (!isObject(described)) throw new Error('the description is no object');
  const components = isObject(described['components']) ? described['components'] : {};
  return { ...described, components: { ...components, schemas: componentSchemas() } };
}
