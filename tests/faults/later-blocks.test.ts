import { randomUUID } from 'node:crypto';
import { NO_METADATA, type Command } from '@lastro/core';
import { expect, onTestFinished, test } from 'vitest';
import { abandonDatabase, createBankDatabase } from '../harness/postgres.ts';
import { envelope, openWithMoney, startEngine, wordFor } from './fixtures/engine-world.ts';

// What `one-block.test.ts` asks within one block, asked again of what the database holds: an answer
// must not depend on which block its command came into.

test.each([1, 2])('a captured hold of %i transfers, reversed as a whole', async (count) => {
  const url = await createBankDatabase();
  onTestFinished(() => abandonDatabase(url));
  const world = await startEngine({ url });
  onTestFinished(() => world.stop());
  await openWithMoney(world, 'ana', 1_000n);
  await openWithMoney(world, 'bia', 0n);
  const story = (id: string): readonly Command[] => {
    const leg = { from: 'ana', to: 'bia', amount: 5n, metadata: NO_METADATA, condition: null };
    const transfers = Array.from({ length: count }, () => leg);
    return [
      { type: 'PlaceHold', id, transfers, expiry: { ttl: 600 } },
      { type: 'CaptureHold', hold: id, amount: null, transferId: randomUUID() },
      { type: 'ReverseTransaction', id: randomUUID(), reverses: id, transferId: randomUUID() },
      { type: 'ReverseTransaction', id: randomUUID(), reverses: id, transferId: randomUUID() },
    ];
  };
  const submit = (command: Command) => wordFor(world.engine.submit(envelope(command)));
  const apart: string[] = [];
  for (const command of story(randomUUID())) apart.push(await submit(command));
  const together = await Promise.all(story(randomUUID()).map(submit));
  expect(apart).toEqual(together);
  expect(apart.slice(2)).toEqual(
    count === 1
      ? ['transaction_not_found', 'transaction_not_found']
      : ['transaction.reversed', 'already_reversed'],
  );
  expect(await world.brokenInvariants()).toEqual([]);
});
