import type { StatusAnswer } from '@lastro/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { eventually } from '../harness/eventually.ts';
import { dropDatabase } from '../harness/postgres.ts';
import { atOnce, openAccount } from '../harness/seeding.ts';

const TRANSFERS = 40;
const REFUSED = 7;

let bank: BankInProcess;

beforeAll(async () => {
  bank = await startBankInProcess();
  await openAccount(bank, 'alice', 1_000);
  await openAccount(bank, 'bob');
  const id = '01980000-0000-7000-8000-00000000aaaa';
  const transfer = { from: 'alice', to: 'bob', amount: 1 };
  await atOnce(TRANSFERS - 1, () => bank.call('POST', '/v1/transfers', transfer));
  await bank.call('POST', '/v1/transfers', { ...transfer, id });
  await bank.call('POST', '/v1/transfers', { ...transfer, id });
  await bank.call('POST', '/v1/transfers', { ...transfer, id, amount: 2 });
  await atOnce(REFUSED, () => bank.call('POST', '/v1/transfers', { ...transfer, amount: 5_000 }));
});
afterAll(() => bank.stop());

const readStatus = async () => (await bank.call<StatusAnswer>('GET', '/v1/status')).body;

/** The metrics by their whole name, labels included. */
async function scrape(): Promise<ReadonlyMap<string, number>> {
  const { text, headers, status } = await bank.call('GET', '/metrics', undefined, { key: null });
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      // What has no value yet is Nan: the lag of an event loop that was just asked, say.
      const [, name, value] = /^(\w+(?:\{[^}]*\})?) (-?[\d.e+-]+|Nan)$/.exec(line) ?? [];
      if (name === undefined) throw new Error(`not a sample: ${line}`);
      return [name, Number(value)] as const;
    }),
  );
}

it('tells what became of the commands, and how fast', async () => {
  const status = await readStatus();
  // Two accounts and a deposit come first.
  expect(status).toMatchObject({
    bank: 'test',
    writing: true,
    inFlight: 0,
    completed: TRANSFERS + 3,
    refused: { insufficient_funds: REFUSED },
    seq: TRANSFERS + 3 + REFUSED,
  });
  expect(status.block).toBe(status.blocks);
  expect(status.blockSize.p50).toBeGreaterThanOrEqual(1);
  expect(status.blockSize.p99).toBeLessThanOrEqual(TRANSFERS);
  const { p50, p95, p99 } = status.latencyMs;
  expect(p50).toBeGreaterThan(0);
  expect(p95).toBeGreaterThanOrEqual(p50);
  expect(p99).toBeGreaterThanOrEqual(p95);
  await eventually('the rate shows them', async () => (await readStatus()).commandsPerSecond > 0);
});

it('needs a key for status, and none for metrics', async () => {
  const { status } = await bank.call('GET', '/v1/status', undefined, { key: null });
  expect(status).toBe(401);
});

it('exposes the same counts to Prometheus', async () => {
  const metrics = await scrape();
  const status = await readStatus();
  const commands = (outcome: string, code: string) =>
    metrics.get(`lastro_commands_total{outcome="${outcome}",code="${code}"}`);
  expect(commands('accepted', '')).toBe(status.completed);
  expect(commands('refused', 'insufficient_funds')).toBe(REFUSED);
  expect(metrics.get('lastro_replays_total')).toBe(1);
  expect(metrics.get('lastro_reused_ids_total')).toBe(1);
  expect(metrics.get('lastro_blocks_total')).toBe(status.blocks);
  expect(metrics.get('lastro_head_block')).toBe(status.block);
  expect(metrics.get('lastro_head_seq')).toBe(status.seq);
  expect(metrics.get('lastro_in_flight')).toBe(0);
  expect(metrics.get('lastro_queue_length')).toBe(0);
  expect(metrics.get('lastro_writing')).toBe(1);
  expect(metrics.get('lastro_alarms_total')).toBe(0);
  expect(metrics.get('lastro_block_events_count')).toBe(status.blocks);
  expect(metrics.get('lastro_block_events_sum')).toBe(status.seq);
  expect(metrics.get('lastro_command_duration_seconds_count')).toBe(status.seq + 2);
  expect(metrics.get('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
  const route = 'method="POST",route="/v1/transfers"';
  expect(metrics.get(`lastro_http_requests_total{${route},status="2xx"}`)).toBe(TRANSFERS + 1);
  expect(metrics.get(`lastro_http_requests_total{${route},status="4xx"}`)).toBe(REFUSED + 1);
  expect(metrics.get(`lastro_http_request_duration_seconds_count{${route}}`)).toBe(
    TRANSFERS + REFUSED + 2,
  );
});

it('has histograms that rise to their count', async () => {
  const metrics = [...(await scrape())];
  const families = ['lastro_command_duration_seconds', 'lastro_block_events'];
  for (const family of families) {
    const buckets = metrics.filter(([name]) => name.startsWith(`${family}_bucket`));
    const counts = buckets.map(([, value]) => value);
    expect(counts).toEqual(counts.toSorted((one, other) => one - other));
    expect(buckets.at(-1)?.[0]).toBe(`${family}_bucket{le="+Inf"}`);
    expect(counts.at(-1)).toBe(new Map(metrics).get(`${family}_count`));
    expect(counts.at(-1)).toBeGreaterThan(0);
  }
});

it('names no account, key or path of a client in a label', async () => {
  await bank.call('GET', '/v1/accounts/alice');
  await bank.call('GET', '/wp-login.php?x=1');
  const { text } = await bank.call('GET', '/metrics');
  expect(text).not.toMatch(/alice|wp-login|admin/);
  expect(text).toContain('route="/v1/accounts/:id"');
  expect(text).toContain('lastro_http_requests_total{method="any",route="none",status="4xx"} 1');
});

it('answers while the database is away', async () => {
  const before = await readStatus();
  await dropDatabase(bank.databaseUrl);
  const post = () => bank.call('POST', '/v1/transfers', { from: 'alice', to: 'bob', amount: 1 });
  expect((await post()).status).toBeGreaterThanOrEqual(503);
  const { block, seq, writing } = await readStatus();
  expect({ block, seq, writing }).toEqual({ block: before.block, seq: before.seq, writing: false });
  const metrics = await scrape();
  expect(metrics.get('lastro_head_seq')).toBe(before.seq);
  expect(metrics.get('lastro_writing')).toBe(0);
  const page = await bank.call('GET', '/', undefined, { headers: { 'accept-language': 'pt-BR' } });
  expect(page.status).toBe(200);
  expect(page.text).toContain('sem gravar');
});
