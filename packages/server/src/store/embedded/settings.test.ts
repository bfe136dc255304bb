import { expect, test } from 'vitest';
import { postgresArguments, sharedBuffersMiB } from './settings.ts';

const GIB = 1024 ** 3;

test('its buffers are a sixteenth of the memory, within bounds', () => {
  expect([1, 2, 4, 8, 64].map((gib) => sharedBuffersMiB(gib * GIB))).toEqual([
    128, 128, 256, 512, 512,
  ]);
  expect(postgresArguments(18, '/data', 5432, 'owner', {})).toContainEqual(
    expect.stringMatching(/^shared_buffers=\d+MB$/),
  );
});
