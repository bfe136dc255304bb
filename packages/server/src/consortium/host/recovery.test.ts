import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { eventually as within } from '../../../../../tests/harness/eventually.ts';
import { adminUrl, query } from '../../../../../tests/harness/postgres.ts';
import {
  commandOf,
  expectAtRest,
  leg,
  startConsortium,
  type TestBank,
  type TestConsortium,
} from './test-bank.fixture.ts';

/** The machine may be busy: nothing here is decided by how long it takes. */
const PATIENCE_MS = 60_000;
vi.setConfig({ testTimeout: 3 * PATIENCE_MS, hookTimeout: 3 * PATIENCE_MS });

let consortium: TestConsortium;
let alfa: TestBank;
let beta: TestBank;
let gama: TestBank;

beforeAll(async () => {
  consortium = await startConsortium(['alfa', 'beta', 'gama']);
  const [first, second, third] = consortium.banks;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three');
  [alfa, beta, gama] = [first, second, third];
});

afterAll(() => consortium.remove());

function eventually(what: string, condition: () => unknown): Promise<unknown> {
  return within(what, condition, PATIENCE_MS);
}

it('a participant whose coordinator is gone has it aborted, and the coordinator obeys', async () => {
  await alfa.open('ana', 1_000n);
  await beta.open('bia');
  await gama.open('gil');
  await gama.stop();
  const legs = [leg('alfa/ana', 'beta/bia', 100n), leg('alfa/ana', 'gama/gil', 100n)];
  const paying = alfa.pay('ana', 'beta/bia', 1n, { legs, withinMs: 5_000 });
  const settled = Promise.allSettled([paying]);
  await eventually('beta has promised', async () => (await beta.pending()) > 0n);
  await alfa.stop();
  await settled;
  await eventually('beta is free again', async () => (await beta.pending()) === 0n);
  expect(await alfa.pending()).toBeGreaterThan(0n);
  await alfa.start();
  await gama.start();
  await expectAtRest(consortium.banks);
  expect(await alfa.balances('ana')).toEqual([1_000n]);
  expect(await beta.balances('bia')).toEqual([0n]);
});

it('what waits for a bank that is away holds nothing, and is carried out when it is back', async () => {
  await alfa.open('ana2', 1_000n);
  await gama.open('gil2');
  await gama.stop();
  const offline = { code: 'peer_offline', bank: 'gama' };
  await eventually('alfa refuses what needs gama', async () => {
    const answer = await alfa.pay('ana2', 'gama/gil2', 100n, { withinMs: 200 });
    return answer.kind === 'refused' && answer.reason.code === offline.code;
  });
  await eventually('nothing is held', async () => (await alfa.pending()) === 0n);
  const envelope = commandOf(randomUUID());
  const queue = { envelope, onUnavailable: 'queue', withinMs: 120_000 } as const;
  const answer = await alfa.pay('ana2', 'gama/gil2', 100n, { ...queue, answerWithinMs: 1_000 });
  expect(answer).toEqual({ kind: 'queued' });
  expect(await alfa.pending()).toBe(0n);
  await gama.start();
  const again = await alfa.pay('ana2', 'gama/gil2', 100n, queue);
  expect(again).toMatchObject({ kind: 'committed', replayed: true });
  await expectAtRest(consortium.banks);
  expect(await gama.balances('gil2')).toEqual([100n]);
});

it('what waits for a bank outlives the process that promised to wait', async () => {
  await alfa.open('ana6', 1_000n);
  await gama.open('gil6');
  await gama.stop();
  await eventually('gama is missed', async () => {
    const answer = await alfa.pay('ana6', 'gama/gil6', 1n, { withinMs: 300 });
    return answer.kind === 'refused' && answer.reason.code === 'peer_offline';
  });
  const [envelope, late] = [commandOf(randomUUID()), commandOf(randomUUID())];
  const queue = { onUnavailable: 'queue', answerWithinMs: 1_000 } as const;
  const asked = { ...queue, envelope, withinMs: 120_000 };
  expect(await alfa.pay('ana6', 'gama/gil6', 300n, asked)).toEqual({ kind: 'queued' });
  const short = { ...queue, envelope: late, withinMs: 5_000 };
  expect(await alfa.pay('ana6', 'gama/gil6', 5n, short)).toEqual({ kind: 'queued' });
  const another = { ...asked, envelope: { ...envelope, hash: '2'.repeat(64) } };
  expect(await alfa.pay('ana6', 'gama/gil6', 1n, another)).toEqual({ kind: 'reused' });
  await alfa.stop();
  await alfa.start();
  expect(await alfa.host.isQueued('client', envelope.id)).toBe(true);
  await eventually('one ran out', async () => !(await alfa.host.isQueued('client', late.id)));
  await gama.start();
  await eventually('it is paid', async () => (await gama.balances('gil6'))[0] === 300n);
  await eventually('none waits', async () => !(await alfa.host.isQueued('client', envelope.id)));
  const again = await alfa.pay('ana6', 'gama/gil6', 300n, { ...asked, answerWithinMs: 60_000 });
  expect(again).toMatchObject({ kind: 'committed', replayed: true });
  await expectAtRest(consortium.banks);
  expect(await alfa.balances('ana6')).toEqual([700n]);
});

it('banks that are stopped in the middle of many payments lose none of them', async () => {
  const { banks } = consortium;
  for (const bank of banks) await bank.open('circle', 100_000n);
  const next = [beta, gama, alfa];
  const over = new AbortController();
  let committed = 0;
  const payers = banks.map(async (bank, index) => {
    while (!over.signal.aborted) {
      const paid = await bank.pay('circle', `${next[index]?.id}/circle`, 7n).catch(() => undefined);
      if (paid?.kind === 'committed') committed += 1;
      else await eventually('it runs again', () => bank.isRunning);
    }
  });
  try {
    for (const bank of [beta, alfa, gama]) {
      const before = committed;
      await eventually('some are through', () => committed > before + 5);
      await bank.stop();
      await bank.start();
    }
  } finally {
    over.abort();
    await Promise.all(payers);
  }
  await expectAtRest(banks);
  const balances = await Promise.all(banks.map(async (bank) => (await bank.balances('circle'))[0]));
  expect(balances.reduce<bigint>((sum, one) => sum + (one ?? 0n), 0n)).toBe(300_000n);
});

it('a register that went back is closed until every bank has published again', async () => {
  await alfa.open('ana3', 1_000n);
  await beta.open('bia3');
  const { registerUrl } = consortium;
  expect(await alfa.pay('ana3', 'beta/bia3', 10n)).toMatchObject({ kind: 'committed' });
  await expectAtRest(consortium.banks);
  const decisions = () =>
    query(registerUrl, `select key from lastro_register.entry where key like 'decision/%'`);
  const before = await decisions();
  expect(before.length).toBeGreaterThan(0);
  await gama.stop();
  await query(registerUrl, `delete from lastro_register.entry`);
  await query(registerUrl, `update lastro_register.register set revision = 1`);
  await eventually('alfa closes it', () => alfa.alarms.some((alarm) => alarm.includes('closed')));
  await eventually(
    'decisions stand again',
    async () => (await decisions()).length === before.length,
  );
  expect(await alfa.pay('ana3', 'beta/bia3', 10n)).toMatchObject({
    kind: 'refused',
    reason: { code: 'register_away' },
  });
  await gama.start();
  await eventually('it is open again', async () => {
    const answer = await alfa.pay('ana3', 'beta/bia3', 10n);
    return answer.kind === 'committed';
  });
  await expectAtRest(consortium.banks);
});

it.each([
  { name: 'forgot', ana: 'ana4', bia: 'bia4', isRotated: false },
  { name: 'promised under the key before', ana: 'ana5', bia: 'bia5', isRotated: true },
])('a bank that was put back from an old copy hears what it $name', async (run) => {
  const { ana, bia } = run;
  await alfa.open(ana, 1_000n);
  await beta.open(bia);
  expect(await alfa.pay(ana, `beta/${bia}`, 10n)).toMatchObject({ kind: 'committed' });
  await expectAtRest(consortium.banks);
  await beta.stop();
  const copy = await copyDatabase(beta.databaseUrl);
  await beta.start();
  await eventually('beta is there', async () => {
    const answer = await alfa.pay(ana, `beta/${bia}`, 30n);
    return answer.kind === 'committed';
  });
  await expectAtRest(consortium.banks);
  const [balance] = await beta.balances(bia);
  await beta.stop();
  if (run.isRotated) {
    await beta.rotateKey();
    await alfa.peers.directory.put('beta', beta.url, [await beta.publicKey()]);
  }
  await putBack(beta.databaseUrl, copy);
  expect(await beta.balances(bia)).toEqual([10n]);
  await beta.start();
  await eventually('beta knows again', async () => (await beta.balances(bia))[0] === balance);
  await eventually('beta may promise again', async () => {
    const answer = await alfa.pay(ana, `beta/${bia}`, 1n);
    return answer.kind === 'committed';
  });
  expect(beta.alarms.some((alarm) => alarm.includes('every peer has told'))).toBe(true);
  await expectAtRest(consortium.banks);
});

async function copyDatabase(url: string): Promise<string> {
  const name = `${databaseOf(url)}_copy`;
  await query(await adminUrl(), `create database ${name} template ${databaseOf(url)}`);
  return name;
}

async function putBack(url: string, copy: string): Promise<void> {
  await query(await adminUrl(), `drop database ${databaseOf(url)} with (force)`);
  await query(await adminUrl(), `alter database ${copy} rename to ${databaseOf(url)}`);
}

function databaseOf(url: string): string {
  return new URL(url).pathname.slice(1);
}
