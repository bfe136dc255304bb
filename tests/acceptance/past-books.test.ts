import { randomUUID } from 'node:crypto';
import { NO_METADATA, type Command } from '@lastro/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBooksAt } from '../../packages/server/src/ledger/history/past-books.ts';
import {
  presentBooks,
  readBooks,
  type Books,
} from '../../packages/server/src/ledger/trial-balance.ts';
import { envelope, openWithMoney, startEngine, wordFor } from '../faults/fixtures/engine-world.ts';
import type { EngineWorld } from '../faults/fixtures/engine-world.ts';
import { seededChance, type Chance } from '../faults/fixtures/random.ts';
import { abandonDatabase, createBankDatabase } from '../harness/postgres.ts';

const ACCOUNTS = ['ana', 'bia', 'caio'] as const;
const STEPS = 150;

let url: string;
let world: EngineWorld;

beforeAll(async () => {
  url = await createBankDatabase();
  world = await startEngine({ url });
  for (const account of ACCOUNTS) await openWithMoney(world, account, 1_000n);
});

afterAll(async () => {
  await world.stop();
  await abandonDatabase(url);
});

/** Anything that moves posted or pending sums, of holds that may have ended already too. */
function randomCommand(chance: Chance, holds: readonly string[]): Command {
  const wanted = () => {
    const from = chance.pick(ACCOUNTS);
    const to = chance.pick(ACCOUNTS.filter((one) => one !== from));
    const amount = BigInt(1 + chance.below(100));
    return { from, to, amount, metadata: NO_METADATA, condition: null };
  };
  const kind = holds.length === 0 ? 0 : chance.below(6);
  if (kind === 0) {
    const transfers = Array.from({ length: 1 + chance.below(3) }, wanted);
    return { type: 'PlaceHold', id: randomUUID(), transfers, expiry: { ttl: 3_600 } };
  }
  if (kind === 1) return { type: 'ReleaseHold', hold: chance.pick(holds) };
  if (kind === 2) return { type: 'ExtendHold', hold: chance.pick(holds), expiry: { ttl: 7_200 } };
  if (kind < 5) {
    const amount = kind === 3 ? null : BigInt(1 + chance.below(50));
    return { type: 'CaptureHold', hold: chance.pick(holds), amount, transferId: randomUUID() };
  }
  return { type: 'PostTransfer', id: randomUUID(), ...wanted() };
}

test('the books as of an event are the live ones of then, holds and all', async () => {
  const chance = seededChance('past books');
  const { reads } = world.database;
  const recorded: Books[] = [await readBooks(reads)];
  const holds: string[] = [];
  const ends = new Set<string>();
  for (let step = 0; step < STEPS; step += 1) {
    const command = randomCommand(chance, holds);
    if (command.type === 'PlaceHold') holds.push(command.id);
    ends.add(await wordFor(world.engine.submit(envelope(command))));
    recorded.push(await readBooks(reads));
  }
  expect([...ends]).toEqual(
    expect.arrayContaining(['hold.placed', 'hold.captured', 'hold.released', 'transfer.posted']),
  );
  for (const live of recorded) {
    expect(presentBooks(await readBooksAt(reads, live.seq))).toEqual(presentBooks(live));
  }
  expect(world.alarms).toEqual([]);
});
