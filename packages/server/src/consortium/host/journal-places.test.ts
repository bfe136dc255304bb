import { randomUUID } from 'node:crypto';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { createDatabase, dropDatabase } from '../../../../../tests/harness/postgres.ts';
import { openDatabase } from '../../store/database.ts';
import { JournalPlaces } from './journal-places.ts';

const now = Date.now();
const epoch = randomUUID();
const placeAt = (block: number, hash = `${block}`.padStart(64, '0')) => ({ epoch, block, hash });

let places: JournalPlaces;

beforeEach(async () => {
  const url = await createDatabase();
  const { reads, close } = await openDatabase({
    url,
    bank: 'alfa',
    at: now,
    onError: () => {},
  });
  onTestFinished(async () => {
    await close();
    await dropDatabase(url);
  });
  places = new JournalPlaces({ reads, head: () => undefined, newEpoch: randomUUID });
  await places.load();
});

test('messages that overtake each other show nothing, whenever they were signed', async () => {
  expect(await places.hear('beta', placeAt(10), now, now)).toBe('went_on');
  // An answer came first, and doesn't say when it was signed.
  expect(await places.hear('beta', placeAt(12), undefined, now + 900)).toBe('went_on');
  expect(await places.hear('beta', placeAt(11), now + 1_000, now + 1_100)).toBe('went_on');
  expect(await places.hear('beta', placeAt(10), undefined, now + 90_000)).toBe('went_on');
  expect(places.seenOf('beta')).toEqual(placeAt(12));
});

test('a peer that names an older place long after a newer one was known went back', async () => {
  expect(await places.hear('beta', placeAt(12), undefined, now)).toBe('went_on');
  expect(await places.hear('beta', placeAt(11), now + 60_000, now + 60_000)).toBe('went_back');
  expect(await places.hear('beta', placeAt(12), now + 61_000, now + 61_000)).toBe('went_on');
});

test('a peer whose journal has another block in the same place went back', async () => {
  expect(await places.hear('beta', placeAt(12), now, now)).toBe('went_on');
  expect(await places.hear('beta', placeAt(12, 'f'.repeat(64)), now, now)).toBe('went_back');
});
