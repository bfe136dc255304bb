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
  const keyFile = join(place.data, 'admin-key');
  await eventually('alfa is ready', async () => (await clientOf(place)).readyz(), patienceMs);
  const flags = [`--url=http://127.0.0.1:${place.port}`, `--key-file=${keyFile}`];
  await run(process.execPath, [launcher, 'seed', ...flags]);
  await use(await clientOf(place));
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([0, null]);
}

/** All that the bank says of its past, and how its customers stand. */
async function pastOf(alfa: LastroClient, upTo = Number.MAX_SAFE_INTEGER) {
  const { data: events } = await alfa.listEvents({ limit: 1000 });
  const accounts = (await alfa.listAccounts({ limit: 1000, asset: 'BRL/2' })).data;
  return {
    events: events.filter(({ seq }) => seq <= upTo),
    accounts: accounts.filter(({ id }) => !id.startsWith('peer:')),
    orders: (await alfa.listOrders({ limit: 1000 })).data,
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

  const quiet = await readyDemo(place);
  const alfa = await clientOf(place);
  expect(await Promise.all(files.map((file) => readFile(file)))).toEqual(before);
  expect(await pastOf(alfa, past?.events.at(-1)?.seq)).toEqual(past);
  await expectFilled(alfa);
  await stopped(quiet);
  await expectNothingRuns(place.data);

  // Nobody is new any more, so nobody is flooded.
  const again = await readyDemo(place, { LASTRO_FLOOD: '20', LASTRO_OUTPUT: 'json' }, '"banks"');
  expect(JSON.parse(again.out())).toMatchObject({
    banks: bankIds.map((id) => ({ id })),
    floods: [],
  });
  await expectMirrored(place);
  await stopped(again);
});

test('banks that are new beside one that was filled before are flooded with payments, not with orders', async () => {
  const place = await newPlace();
  await leaveOneBank(place, async () => {});
  const demo = await readyDemo(place, { LASTRO_FLOOD: '20', LASTRO_OUTPUT: 'json' }, '"banks"');
  expect(JSON.parse(demo.out())).toMatchObject({ floods: [{ simulation: 'payments', count: 10 }] });
  expect((await (await clientOf(place)).listOrders()).data).toEqual([]);
  await expectMirrored(place);
  await stopped(demo);
});
