import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../store/embedded/index.ts';
import { fillShop, openShop, readBooks } from './fixtures/shop-world.ts';

let folder: string;
let postgres: EmbeddedPostgres;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lastro-pedidos-'));
  postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres') });
});

afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

it('every 202 ends as one order though PostgreSQL is killed meanwhile', async () => {
  await postgres.ensureDatabase('alfa');
  const shop = await openShop(postgres.url('alfa'));
  await fillShop(shop.engine, {
    customers: [[1, 'Ana', 1_000_000n]],
    products: [[1, 'Lâmpada', 1_000n, 150n]],
  });
  const post = async () => (await fetch(`${shop.url}/pedido`, { method: 'POST' })).status;
  const flood = async (orders: number) => {
    const answers = await Promise.all(Array.from({ length: orders }, post));
    expect(new Set(answers)).toEqual(new Set([202]));
  };
  await flood(100);
  process.kill(postgres.pid, 'SIGKILL');
  await flood(100);
  const status = async () => (await fetch(`${shop.url}/status`)).json();
  await expect
    .poll(status, { timeout: 25_000, interval: 100 })
    .toEqual({ em_andamento: 0, concluidos: 150, rejeitados: 50 });
  expect(await readBooks(shop.reads)).toMatchObject({
    sold: 150_000n,
    merchant: 150_000n,
    customers: 850_000n,
    unitsOrdered: 150n,
    unitsSold: 150n,
    unitsLeft: 0n,
  });
  await shop.stop();
});
