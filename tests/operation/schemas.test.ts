import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEagerCompiler } from '../../packages/server/src/http/serialization.ts';
import { createValidatorCompiler } from '../../packages/server/src/http/validation.ts';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { operationsOf, type Description } from './described-world.ts';

// Both are made when they are first needed, so that the start of a bank would not tell.

let bank: BankInProcess;
let description: Description;

beforeAll(async () => {
  bank = await startBankInProcess();
  const { body } = await bank.call<Description>('GET', '/openapi.json', undefined, { key: null });
  description = body;
});
afterAll(() => bank.stop());

/** With what its references lead to. */
function whole(schema: object): object {
  return { ...schema, components: description.components };
}

it('every answer has a writer', () => {
  const compile = createEagerCompiler();
  const seen = new Set<string>();
  for (const [name, { responses }] of operationsOf(description)) {
    for (const [httpStatus, { content = {} }] of Object.entries(responses)) {
      for (const { schema } of Object.values(content)) {
        const text = JSON.stringify(schema);
        if (seen.has(text)) continue;
        seen.add(text);
        const [method = '', url = ''] = name.split(' ');
        const write = compile({ method, url, httpStatus, schema: whole(schema) });
        expect(write, `${name} ${httpStatus}`).toBeTypeOf('function');
      }
    }
  }
  expect(seen.size).toBeGreaterThan(30);
});

it('every body has a judge', () => {
  const compile = createValidatorCompiler();
  let count = 0;
  for (const [name, { requestBody }] of operationsOf(description)) {
    for (const { schema } of Object.values(requestBody?.content ?? {})) {
      const [method = '', url = ''] = name.split(' ');
      const judge = compile({ schema: whole(schema), method, url, httpPart: 'body' });
      expect(judge(null), name).toBe(false);
      count += 1;
    }
  }
  expect(count).toBeGreaterThan(20);
});
