import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { LastroClient } from '@lastro/client';
import { expect, test, vi } from 'vitest';
import { eventually } from '../harness/eventually.ts';
import {
  bankIds,
  cleanups,
  clientOf,
  expectFilled,
  expectMirrored,
  expectNothingRuns,
  launcher,
  newPlace,
  patienceMs,
  readyDemo,
  run,
  settledPosition,
  stopped,
  type Place,
} from './demo-process.ts';

vi.setConfig({ testTimeout: 300_000 });

/** A data folder as the demo left it when it was one bank: alfa alone, in no consortium. */
async function leaveOneBank(place: Place, use: (alfa: LastroClient) => Promise<void>) {
  const args = ['serve', '--bank=alfa', `--data=${place.data}`, `--port=${place.port}`];
  const child = spawn(process.execPath, [launcher, ...args, '--log-level=warn'], {
    env: { PATH: process.env['PATH'] },
    stdio: 'inherit',
  });
  cleanups.push(() => child.kill('SIGKILL'));
  const alfa = await eventually('there is a key', () => clientOf(place), patienceMs);
  const isReady = () => alfa.readyz({ deadlineMs: 1_000 }).then(() => true);
  await eventually('alfa is ready', isReady, patienceMs);
  const keyFile = join(place.data, 'admin-key');
  const flags = [`--url=http://127.0.0.1:${place.port}`, `--key-file=${keyFile}`];
  await run(process.execPath, [launcher, 'seed', ...flags]);
  await use(alfa);
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([0, null]);
}

/** What the bank says of its past, and what of its goods and orders. */
async function pastOf(alfa: LastroClient) {
  return {
    events: (await alfa.listEvents({ limit: 1000 })).data,
    orders: (await alfa.listOrders({ limit: 1000 })).data,
    products: (await alfa.listProducts({ limit: 1000 })).data,
  };
}

test('a data folder of the one-bank demo is carried over: alfa as it was, beta and gama beside it', async () => {
  const place = await newPlace();
  let past: Awaited<ReturnType<typeof pastOf>> | undefined;
  await leaveOneBank(place, async (alfa) => {
    await alfa.placeOrder({
      customer: 'cliente:1',
      merchant: 'loja',
      lines: [{ sku: 'produto:1', quantity: 2 }],
    });
    await alfa.openAccount({ id: 'ana', asset: 'BRL/2' });
    past = await pastOf(alfa);
  });
  const files = ['admin-key', 'keys/alfa.pem'].map((name) => join(place.data, name));
  const before = await Promise.all(files.map((file) => readFile(file)));

  const demo = await readyDemo(place, { LASTRO_FLOOD: '20', LASTRO_OUTPUT: 'json' }, '"banks"');
  const alfa = await clientOf(place);
  // Whom alfa had is not flooded with orders again; that others are new beside it is news for all.
  expect(JSON.parse(demo.out())).toMatchObject({
    banks: bankIds.map((id) => ({ id })),
    floods: [{ simulation: 'payments', count: 10 }],
  });
  expect(await Promise.all(files.map((file) => readFile(file)))).toEqual(before);
  const { events, ...rest } = await pastOf(alfa);
  expect({ events: events.slice(0, past?.events.length), ...rest }).toEqual(past);
  expect((await alfa.readAccount('ana')).balance).toBe(0);
  await expectMirrored(place);
  const owed = (await settledPosition(alfa, 'beta')) + (await settledPosition(alfa, 'gama'));
  await expectFilled(alfa, owed);
  await stopped(demo);
  await expectNothingRuns(place.data);
});
