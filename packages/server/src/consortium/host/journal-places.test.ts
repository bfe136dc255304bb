import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, dropDatabase } from '../../../../../tests/harness/postgres.ts';
import { openDatabase, type Database } from '../../store/database.ts';
import { JournalPlaces } from './journal-places.ts';

let url: string;
let database: Database;

beforeAll(async () => {
  url = await createDatabase();
  const onError = () => undefined;
  database = await openDatabase({ url, bank: 'alfa', at: Date.now(), onError });
});

afterAll(async () => {
  await database.close();
  await dropDatabase(url);
});

async function load(): Promise<JournalPlaces> {
  const places = new JournalPlaces({
    reads: database.reads,
    head: () => undefined,
    newEpoch: randomUUID,
    clock: () => 1_000_000,
  });
  await places.load();
  return places;
}

const hash = (digit: string) => digit.repeat(64);

it('begins one life, and remembers it', async () => {
  const first = (await load()).own();
  expect(first.block).toBe(0);
  expect((await load()).own()).toEqual(first);
});

it('hears how a peer goes on, and that it went back', async () => {
  const places = await load();
  const epoch = randomUUID();
  expect(await places.hear('beta', { epoch, block: 5, hash: hash('5') }, 100)).toBe('went_on');
  expect(await places.hear('beta', { epoch, block: 7, hash: hash('7') }, 200)).toBe('went_on');
  // Overtaken on its way.
  expect(await places.hear('beta', { epoch, block: 6, hash: hash('6') }, 150)).toBe('went_on');
  expect(await places.hear('beta', { epoch, block: 6, hash: hash('6') }, 300)).toBe('went_back');
  expect(await places.hear('beta', { epoch, block: 7, hash: hash('8') }, 300)).toBe('went_back');
  expect(places.seenOf('beta')).toEqual({ epoch, block: 7, hash: hash('7') });

  await places.save();
  const again = await load();
  expect(again.seenOf('beta')).toEqual({ epoch, block: 7, hash: hash('7') });

  const next = randomUUID();
  expect(await again.hear('beta', { epoch: next, block: 2, hash: hash('2') }, 400)).toBe('went_on');
  expect(await again.hear('beta', { epoch, block: 9, hash: hash('9') }, 500)).toBe('went_back');
  expect((await load()).seenOf('beta')).toEqual({ epoch: next, block: 2, hash: hash('2') });
});

it('knows whether it has been where a peer saw it', async () => {
  const places = await load();
  const own = places.own();
  expect(await places.hasBeenAt('gama', null)).toBe(true);
  expect(places.agreedAt('gama')).toBe(0);
  expect(await places.hasBeenAt('gama', { ...own, block: 9 })).toBe(false);
  expect(await places.hasBeenAt('gama', { ...own, hash: hash('0') })).toBe(false);
  expect(await places.hasBeenAt('gama', { ...own, epoch: randomUUID() })).toBe(false);
  expect(await places.hasBeenAt('gama', own)).toBe(true);
  expect(places.agreedAt('gama')).toBe(1_000_000);
  await places.save();
  expect((await load()).agreedAt('gama')).toBe(1_000_000);

  await places.beginLife();
  // On its way when the new life began.
  expect(await places.hasBeenAt('gama', own)).toBe(true);
  expect(places.own().epoch).not.toBe(own.epoch);
});
