import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { abandonDatabase, createBankDatabase } from '../../../../../tests/harness/postgres.ts';
import { openDatabase, type Database } from '../../store/database.ts';
import { JournalPlaces } from './journal-places.ts';

let url: string;
let database: Database;

beforeAll(async () => {
  url = await createBankDatabase();
  const onError = () => undefined;
  database = await openDatabase({ url, bank: 'alfa', at: Date.now(), onError });
});

afterAll(async () => {
  await database.close();
  await abandonDatabase(url);
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

const NOW = Date.now();
const hash = (digit: string) => digit.repeat(64);
const placesOf = (epoch: string) => (block: number) => ({
  epoch,
  block,
  hash: `${block}`.padStart(64, '0'),
});

it('begins one life, and remembers it', async () => {
  const first = (await load()).own();
  expect(first.block).toBe(0);
  expect((await load()).own()).toEqual(first);
});

it('remembers where peers are, life by life', async () => {
  const places = await load();
  const epoch = randomUUID();
  const seven = { epoch, block: 7, hash: hash('7') };
  expect(await places.hear('beta', { epoch, block: 5, hash: hash('5') }, NOW, NOW)).toBe('went_on');
  expect(await places.hear('beta', seven, NOW, NOW)).toBe('went_on');
  await places.save();
  const again = await load();
  expect(again.seenOf('beta')).toEqual(seven);

  const next = { epoch: randomUUID(), block: 2, hash: hash('2') };
  expect(await again.hear('beta', next, NOW, NOW)).toBe('went_on');
  expect(await again.hear('beta', seven, NOW, NOW)).toBe('went_back');
  expect((await load()).seenOf('beta')).toEqual(next);
});

it('takes messages that overtake each other for what they are, whenever they were signed', async () => {
  const places = await load();
  const placeAt = placesOf(randomUUID());
  expect(await places.hear('delta', placeAt(10), NOW, NOW)).toBe('went_on');
  // An answer came first, and doesn't say when it was signed.
  expect(await places.hear('delta', placeAt(12), undefined, NOW + 900)).toBe('went_on');
  expect(await places.hear('delta', placeAt(11), NOW + 1_000, NOW + 1_100)).toBe('went_on');
  expect(await places.hear('delta', placeAt(10), undefined, NOW + 90_000)).toBe('went_on');
  expect(places.seenOf('delta')).toEqual(placeAt(12));
});

it('hears that a peer went back: it names an older place late, or another block', async () => {
  const places = await load();
  const placeAt = placesOf(randomUUID());
  expect(await places.hear('eta', placeAt(12), undefined, NOW)).toBe('went_on');
  const later = NOW + 61_000;
  expect(await places.hear('eta', placeAt(11), later, later)).toBe('went_back');
  expect(await places.hear('eta', placeAt(12), later, later)).toBe('went_on');
  const other = { ...placeAt(12), hash: hash('f') };
  expect(await places.hear('eta', other, NOW, NOW)).toBe('went_back');
});

it('takes what was on its way while it started for what it is', async () => {
  const placeAt = placesOf(randomUUID());
  expect(await (await load()).hear('zeta', placeAt(12), NOW, NOW)).toBe('went_on');
  const again = await load();
  expect(await again.hear('zeta', placeAt(11), 1_000_500, 1_001_000)).toBe('went_on');
  expect(await again.hear('zeta', placeAt(11), 1_061_000, 1_061_000)).toBe('went_back');
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
