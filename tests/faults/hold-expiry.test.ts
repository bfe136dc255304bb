import { randomUUID } from 'node:crypto';
import { NO_METADATA, type Command } from '@lastro/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { eventually } from '../harness/eventually.ts';
import { abandonDatabase, createBankDatabase, query } from '../harness/postgres.ts';
import { tally } from '../harness/seeding.ts';
import {
  envelope,
  openWithMoney,
  startEngine,
  transfer,
  wordFor,
  type EngineWorld,
} from './fixtures/engine-world.ts';
import { note } from './fixtures/random.ts';
import { rounds } from './fixtures/rounds.ts';

vi.setConfig({ testTimeout: 120_000 });

const FUNDS = 1_000_000n;
const RELEASED_WITHIN_MS = 20_000;
/** Many blocks full of them. */
const HOLDS = rounds(1_500, 5_000);

/** A bank with `engines` processes whose clock can be set ahead. */
interface World {
  readonly url: string;
  readonly engines: readonly EngineWorld[];
  readonly pass: (milliseconds: number) => void;
}

async function startWorld(count: number): Promise<World> {
  const url = await createBankDatabase();
  onTestFinished(() => abandonDatabase(url));
  let ahead = 0;
  const engines: EngineWorld[] = [];
  for (let index = 0; index < count; index += 1) {
    const world = await startEngine({ url, clock: () => Date.now() + ahead });
    onTestFinished(() => world.stop());
    engines.push(world);
  }
  const [first] = engines;
  if (first === undefined) throw new Error('no engine');
  await openWithMoney(first, 'ana', FUNDS);
  await openWithMoney(first, 'bia', 0n);
  return { url, engines, pass: (milliseconds) => void (ahead += milliseconds) };
}

const submit = ({ engine }: EngineWorld, command: Command) =>
  wordFor(engine.submit(envelope(command)));

function hold(id: string, ttl: number, amount = 1n): Command {
  const leg = { from: 'ana', to: 'bia', amount, metadata: NO_METADATA, condition: null };
  return { type: 'PlaceHold', id, transfers: [leg], expiry: { ttl } };
}

const capture = (id: string): Command => ({
  type: 'CaptureHold',
  hold: id,
  amount: null,
  transferId: randomUUID(),
});

async function place(world: EngineWorld, count: number, ttl: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  const words = await Promise.all(ids.map((id) => submit(world, hold(id, ttl))));
  expect(tally(words)).toEqual({ 'hold.placed': count });
  return ids;
}

async function ends(url: string): Promise<Readonly<Record<string, number>>> {
  const rows = await query<{ state: string }>(url, 'select state from hold_end');
  return tally(rows.map(({ state }) => state));
}

function expectExpired(url: string, count: number): Promise<unknown> {
  return eventually(
    `${count} holds expired`,
    async () => (await ends(url))['expired'] === count,
    RELEASED_WITHIN_MS,
  );
}

async function expectNothingPending(url: string): Promise<void> {
  const [row] = await query<{ pending: string; open: string }>(
    url,
    `select sum(debits_pending + credits_pending) as pending,
            (select count(*) from hold_open) as open from account`,
  );
  expect(row).toEqual({ pending: '0', open: '0' });
}

test('holds of a process that is gone are released by another, which never saw them', async () => {
  const { url, engines } = await startWorld(2);
  const [first, second] = engines;
  // The second has a warm cache, no longer looks at head first, and knows of no hold.
  for (let count = 0; count < 12; count += 1) {
    expect(await wordFor(second!.engine.submit(transfer('ana', 'bia', 1n)))).toBe(
      'transfer.posted',
    );
  }
  await place(first!, 20, 1);
  await first!.engine.stop();
  await expectExpired(url, 20);
  const [late] = await query<{ ms: number }>(
    url,
    'select max(extract(epoch from at - expires_at) * 1000)::float8 as ms from hold_end',
  );
  note(`released at most ${late?.ms.toFixed(0)} ms after they were due`);
  await expectNothingPending(url);
  expect(await second!.brokenInvariants()).toEqual([]);
});

test('capture against expiry, through two processes at once: exactly one wins', async () => {
  const { url, engines, pass } = await startWorld(2);
  const [first, second] = engines;
  const ids = await place(first!, 50, 600);
  const before = ids.slice(0, 25).map((id, index) => submit(engines[index % 2]!, capture(id)));
  pass(601_000);
  const after = ids.map((id, index) => submit(engines[(index + 1) % 2]!, capture(id)));
  const words = tally(await Promise.all([...before, ...after]));
  const captured = words['hold.captured'] ?? 0;
  expect(words).toEqual({
    ...(captured > 0 ? { 'hold.captured': captured } : {}),
    hold_ended: 75 - captured,
  });
  await eventually('every hold ended', async () => {
    const states = await ends(url);
    return (states['expired'] ?? 0) + (states['captured'] ?? 0) === 50;
  });
  expect((await ends(url))['captured'] ?? 0).toBe(captured);
  await expectNothingPending(url);
  const [bia] = await query<{ balance: string }>(
    url,
    `select credits_posted - debits_posted as balance from account where id = 'bia'`,
  );
  expect(bia).toEqual({ balance: String(captured) });
  for (const world of [first!, second!]) expect(await world.brokenInvariants()).toEqual([]);
});

test(`${HOLDS} holds that expire in one second, while transfers flow: nobody waits for long`, async () => {
  const { url, engines, pass } = await startWorld(1);
  const [world] = engines;
  await place(world!, HOLDS, 600);
  const waits: number[] = [];
  const pay = async () => {
    const begin = performance.now();
    const word = await wordFor(world!.engine.submit(transfer('ana', 'bia', 1n)));
    waits.push(performance.now() - begin);
    return word;
  };
  const client = async () => {
    const words: string[] = [];
    do words.push(await pay());
    while (((await ends(url))['expired'] ?? 0) < HOLDS);
    return words;
  };
  expect(await pay()).toBe('transfer.posted');
  pass(601_000);
  const words = (await Promise.all(Array.from({ length: 20 }, client))).flat();
  expect(Object.keys(tally(words))).toEqual(['transfer.posted']);
  note(`${words.length} transfers meanwhile; the longest wait ${Math.max(...waits).toFixed(0)} ms`);
  await expectNothingPending(url);
  expect(await world!.brokenInvariants()).toEqual([]);
});

test('what expired is free for the commands of the same block', async () => {
  const { engines, pass } = await startWorld(1);
  const [world] = engines;
  expect(await submit(world!, hold(randomUUID(), 600, FUNDS))).toBe('hold.placed');
  const all = () => wordFor(world!.engine.submit(transfer('ana', 'bia', FUNDS)));
  expect(await all()).toBe('insufficient_funds');
  pass(601_000);
  expect(await all()).toBe('transfer.posted');
  expect(await world!.brokenInvariants()).toEqual([]);
});

test('an expiry that can not be recorded: commands go on, somebody is told, and it is made up for', async () => {
  const { url, engines, pass } = await startWorld(1);
  const [world] = engines;
  const ids = await place(world!, 3, 600);
  await query(url, `alter table hold_end add constraint broken check (state <> 'expired')`);
  pass(601_000);
  await eventually('it was told', () => world!.alarms.some((alarm) => alarm.includes('broken')));
  for (let count = 0; count < 30; count += 1) {
    expect(await wordFor(world!.engine.submit(transfer('ana', 'bia', 1n)))).toBe('transfer.posted');
  }
  // Whatever is recorded of it, it is too late for a capture.
  expect(await submit(world!, capture(ids[0]!))).toBe('hold_ended');
  expect(await ends(url)).toEqual({});
  expect(world!.engine.statistics).toMatchObject({ failed: 0 });
  await query(url, 'alter table hold_end drop constraint broken');
  await expectExpired(url, 3);
  await expectNothingPending(url);
  expect(await world!.brokenInvariants()).toEqual([]);
});

test('an expiry whose row stands already, by whatever hand: no command fails for it', async () => {
  const { url, engines, pass } = await startWorld(1);
  const [world] = engines;
  await place(world!, 3, 600);
  await query(
    url,
    `insert into hold_end select hold_seq, hold_seq, 'released', expires_at, now()
       from hold_open order by hold_seq limit 1`,
  );
  pass(601_000);
  for (let count = 0; count < 30; count += 1) {
    expect(await wordFor(world!.engine.submit(transfer('ana', 'bia', 1n)))).toBe('transfer.posted');
  }
  await query(
    url,
    `alter table hold_end disable trigger hold_end_stays;
     delete from hold_end where state = 'released';
     alter table hold_end enable trigger hold_end_stays`,
  );
  await expectExpired(url, 3);
  await expectNothingPending(url);
  expect(await world!.brokenInvariants()).toEqual([]);
});
