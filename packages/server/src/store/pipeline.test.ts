import { Socket } from 'node:net';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { abandonDatabase, createBankDatabase } from '../../../../tests/harness/postgres.ts';
import { Pipeline } from './pipeline.ts';

async function openPipeline(answerTimeoutMs = 10_000): Promise<Pipeline> {
  const url = await createBankDatabase();
  const socket = new Socket();
  const client = new pg.Client({ connectionString: url, pipeline: true, stream: () => socket });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(async () => {
    await client.end().catch(() => undefined);
    await abandonDatabase(url);
  });
  return new Pipeline(client, socket, answerTimeoutMs);
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

it('is cut when the server is silent: all that was asked is rejected, and nothing more is answered', async () => {
  const pipeline = await openPipeline(200);
  await pipeline.send('select 1');
  const asked = [pipeline.send('select pg_sleep(20)'), pipeline.send('select 2')];
  const ends = await Promise.allSettled(asked);
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(pipeline.send('select 3')).rejects.toThrow();
});
