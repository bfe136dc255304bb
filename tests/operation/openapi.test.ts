import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApplication } from '../../packages/server/src/http/application.ts';
import { ROUTES, nameOf } from '../acceptance/every-route.ts';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { operationsOf, type Description, type Operation } from './described-world.ts';

let bank: BankInProcess;
let description: Description;
let operations: readonly (readonly [string, Operation])[];

beforeAll(async () => {
  bank = await startBankInProcess();
  description = (await bank.call<Description>('GET', '/openapi.json', undefined, { key: null }))
    .body;
  operations = operationsOf(description);
});
afterAll(() => bank.stop());

/** The routes that were asked for, as the bank counts them by their pattern. */
async function patternsAsked(): Promise<string[]> {
  const { text } = await bank.call('GET', '/metrics');
  const asked = text.matchAll(/^lastro_http_requests_total\{method="(\w+)",route="(\/v1[^"]*)"/gm);
  return [...asked].map(([, method, route]) => `${method} ${route?.replace(/:(\w+)/g, '{$1}')}`);
}

it('is OpenAPI 3.1 that needs no key to be read', () => {
  expect(description.openapi).toBe('3.1.0');
});

it('describes every route that answers, and no other', async () => {
  for (const { method, path, body } of ROUTES) await bank.call(method, path, body);
  await bank.call('GET', '/v1/status');
  await bank.call('GET', '/v1/reports/orders');
  await bank.call('GET', '/v1/journal/head');
  await bank.call('GET', '/v1/journal/blocks/0');
  await bank.call('GET', '/v1/journal/checkpoints');
  const described = operations.map(([name]) => name).filter((name) => name.includes(' /v1'));
  expect((await patternsAsked()).toSorted()).toEqual(described.toSorted());
});

it('describes a route as soon as it is registered', async () => {
  const authenticator = { authenticate: () => undefined };
  const log = pino({ level: 'silent' });
  const app = await createApplication({ log, authenticator, bank: 'test', version: '0' });
  app.get('/v1/new/:id', { config: { scope: 'read' }, schema: { summary: 'New' } }, () => 'new');
  await app.ready();
  const { body } = await app.inject('/openapi.json');
  const { paths } = JSON.parse(body) as Description;
  expect(Object.keys(paths)).toEqual(['/openapi.json', '/v1/new/{id}']);
  await app.close();
});

it('says of every route what it is for, who may, and what each answer means', () => {
  const tags = new Set(description.tags.map(({ name }) => name));
  for (const [name, operation] of operations) {
    expect(operation.summary, name).toMatch(/\w/);
    expect(
      operation.tags?.every((tag) => tags.has(tag)),
      name,
    ).toBe(true);
    const isOpen = !name.includes(' /v1');
    expect(operation.security, name).toEqual(isOpen ? [] : undefined);
    for (const [status, { description: meaning }] of Object.entries(operation.responses)) {
      expect(meaning, `${name} ${status}`).toMatch(/\w.*\./);
      expect(meaning, `${name} ${status}`).not.toBe('Default Response');
    }
  }
  const ids = operations.map(([, { operationId }]) => operationId);
  expect(ids.every((id) => id !== undefined && /^[a-z][A-Za-z]+$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});

it('gives refusals below /v1 as problem documents', () => {
  for (const [name, { responses }] of operations.filter(([where]) => where.includes(' /v1'))) {
    for (const [status, { content }] of Object.entries(responses)) {
      if (Number(status) < 400) continue;
      expect(content, `${name} ${status}`).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
    }
  }
});

it('documents the answers that were seen', async () => {
  const byPattern = new Map(operations);
  const seen: [string, number][] = [];
  for (const route of ROUTES) {
    const { method, path, body, scope } = route;
    const pattern = [...byPattern.keys()].find((name) => matches(name, method, path));
    if (pattern === undefined) throw new Error(`${nameOf(route)} is not described`);
    const answers = [
      await bank.call(method, path, body),
      await bank.call(method, path, body, { key: null }),
      ...(body === undefined
        ? []
        : [
            await bank.call(method, path, undefined, { raw: '{', headers: JSON_TYPE }),
            await bank.call(method, path, undefined, { raw: 'x', headers: TEXT_TYPE }),
            await bank.call(method, path, undefined, {
              raw: `"${'x'.repeat(1_100_000)}"`,
              headers: JSON_TYPE,
            }),
          ]),
    ];
    for (const { status } of answers) seen.push([pattern, status]);
    expect(scope).toBeDefined();
  }
  for (const [name, status] of seen) {
    expect(Object.keys(byPattern.get(name)?.responses ?? {}), name).toContain(String(status));
  }
});

const JSON_TYPE = { 'content-type': 'application/json' };
const TEXT_TYPE = { 'content-type': 'text/plain' };

/** Of two patterns that fit, the one without a parameter comes first in the document's routes. */
function matches(name: string, method: string, path: string): boolean {
  const [its, pattern = ''] = name.split(' ');
  const expression = new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
  return its === method && expression.test(path) && (pattern === path || !path.endsWith('/batch'));
}

it('names every parameter of a path', () => {
  for (const [name, { parameters = [] }] of operations) {
    const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter ?? '');
    const declared = parameters.filter((one) => one.in === 'path').map((one) => one.name);
    expect(declared.toSorted(), name).toEqual(inPath.toSorted());
  }
});

function isCommand(name: string): boolean {
  if (!/^(?:POST|PATCH|DELETE) /.test(name) || name.endsWith('/peers/rotate')) return false;
  return !name.includes('/api-keys') && name !== 'DELETE /v1/peers/{bank}';
}

it('documents the Idempotency-Key and Lastro-Lease of commands and the If-Match of changes', () => {
  const takes = (header: string) =>
    operations
      .filter(([, { parameters }]) => parameters?.some(({ name }) => name === header) === true)
      .map(([name]) => name);
  expect(takes('If-Match').toSorted()).toEqual([
    'PATCH /v1/accounts/{id}',
    'PATCH /v1/products/{sku}',
  ]);
  const commands = operations
    .map(([name]) => name)
    .filter(isCommand)
    .toSorted();
  expect(takes('Idempotency-Key').toSorted()).toEqual(commands);
  // What is known of a peer is no account.
  const ofPeers = ['POST /v1/peers', 'POST /v1/peers/{bank}/limits'];
  expect([...takes('Lastro-Lease'), ...ofPeers].toSorted()).toEqual(commands);
});

it('has references that lead somewhere, schemas that compile and examples that fit them', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajvFormats.default(ajv);
  const { schemas } = description.components;
  ajv.addSchema({ $id: 'document', components: { schemas } });
  for (const [, reference] of JSON.stringify(description).matchAll(/"\$ref":"([^"]*)"/g)) {
    expect(reference).toMatch(/^#\/components\/schemas\/\w+$/);
    expect(Object.keys(schemas)).toContain(reference?.split('/').at(-1));
  }
  for (const [name, { examples = [] }] of Object.entries(schemas)) {
    const validate = ajv.getSchema(`document#/components/schemas/${name}`);
    if (validate === undefined) throw new Error(`${name} does not compile`);
    for (const example of examples) {
      expect(validate(example), `${name}: ${ajv.errorsText(validate.errors)}`).toBe(true);
    }
  }
  for (const name of [
    'AccountRequest',
    'TransferRequest',
    'ProductRequest',
    'OrderRequest',
    'Hold',
  ]) {
    expect(schemas[name]?.examples, name).toHaveLength(1);
  }
  expect(JSON.stringify(description)).not.toContain('x-component');
});
