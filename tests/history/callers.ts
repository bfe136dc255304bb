import type { NewApiKeyAnswer } from '@lastro/contract';
import type { TestBank } from '../harness/bank-in-process.ts';
import { CALLERS, type CallerName } from './small-world.ts';
import type { Caller } from './recorder.ts';

/** A key for everybody who calls. */
export async function createCallers(bank: TestBank): Promise<ReadonlyMap<CallerName, Caller>> {
  const callers = new Map<CallerName, Caller>();
  for (const { name, scope } of CALLERS) {
    if (name === 'admin') {
      callers.set(name, { principal: 'admin', key: bank.adminKey });
      continue;
    }
    const created = await bank.call<NewApiKeyAnswer>('POST', '/v1/api-keys', { name, scope });
    if (created.status !== 201) throw new Error(created.text);
    callers.set(name, { principal: created.body.id, key: created.body.key });
  }
  return callers;
}
