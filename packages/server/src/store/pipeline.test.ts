import { Socket } from 'node:net';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { abandonDatabase, createBankDatabase } from '../../../../tests/harness/postgres.ts';
import { Pipeline } from './pipeline.ts';

async function openPipeline(): Promise<Pipeline> {
  const url = await createBankDatabase();
  const socket = new Socket();
  const client = new pg.Client({ connectionString: url, pipeline: true, stream: () => socket });
  await client.connect();
  onTestFinished(async () => {
    await client.end();
    await abandonDatabase(url);
  });
  return new Pipeline(client, socket, 10_000);
}

it('answers in order, and rejects what PostgreSQL refuses alone', async () => {
  const pipeline = await openPipeline();
  const answers = await Promise.allSettled([
    pipeline.send<{ one: number }>('select 1 as one'),
    pipeline.send('select 1 / 0'),
    pipeline.send<{ two: string }>({ text: 'select $1 as two', values: ['2'] }),
  ]);
  expect(answers).toMatchObject([
    { status: 'fulfilled', value: { rows: [{ one: 1 }] } },
    { status: 'rejected', reason: { code: '22012' } },
    { status: 'fulfilled', value: { rows: [{ two: '2' }] } },
  ]);
});
