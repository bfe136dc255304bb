import { randomUUID } from 'node:crypto';
import type { Command } from '@lastro/core';
import { expect, onTestFinished, test } from 'vitest';
import { abandonDatabase, createBankDatabase } from '../harness/postgres.ts';
import {
  envelope,
  openWithMoney,
  startEngine,
  transfer,
  wordFor,
} from './fixtures/engine-world.ts';

// The fencing token: who had the right to write an account has it no longer, whoever has it now.

test('an old token never writes again, be the lease released, run out or passed on', async () => {
  const url = await createBankDatabase();
  onTestFinished(() => abandonDatabase(url));
  let ahead = 0;
  const { engine, ...world } = await startEngine({ url, clock: () => Date.now() + ahead });
  onTestFinished(() => world.stop());
  await openWithMoney({ engine }, 'ana', 1_000n);
  await openWithMoney({ engine }, 'bia', 0n);
  const pay = (...leaseTokens: readonly number[]) =>
    wordFor(engine.submit({ ...transfer('ana', 'bia', 1n), leaseTokens }));
  const give = (...leaseTokens: readonly number[]) =>
    wordFor(engine.submit({ ...transfer('bia', 'ana', 1n), leaseTokens }));
  const ask = async (id: string, ttl: number): Promise<number> => {
    const request: Command = {
      type: 'RequestLease',
      id,
      account: 'ana',
      owner: 'till',
      ttl,
      wait: 30,
    };
    const outcome = await engine.submit(envelope(request));
    if (outcome.kind !== 'settled') throw new Error(outcome.kind);
    expect(outcome.fact.type).toBe('lease.requested');
    return outcome.seq;
  };

  const id = randomUUID();
  const first = await ask(id, 600);
  expect(await pay(first)).toBe('transfer.posted');
  expect(await pay()).toBe('account_leased');
  expect(await give()).toBe('account_leased');
  expect(await give(first)).toBe('transfer.posted');
  // A token that was never given, or of a lease on an account that the command doesn't touch.
  expect(await pay(first + 1_000)).toBe('lease_lost');
  await engine.submit(envelope({ type: 'ReleaseLease', account: 'ana', lease: id }));
  expect(await pay(first)).toBe('lease_lost');
  expect(await pay()).toBe('transfer.posted');

  const second = await ask(randomUUID(), 600);
  expect(second).toBeGreaterThan(first);
  await ask(randomUUID(), 600);
  ahead += 601_000;
  expect(await pay(second)).toBe('lease_lost');
  expect(await pay(first, second)).toBe('lease_lost');
  expect(await world.brokenInvariants()).toEqual([]);
});
