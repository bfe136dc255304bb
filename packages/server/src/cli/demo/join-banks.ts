import { setTimeout as sleep } from 'node:timers/promises';
import { LastroError } from '@lastro/client';
import { v5 as uuidV5 } from 'uuid';
import type { DemoBank } from './demo-bank.ts';

/** Of the ids of the demo's limits: the same on every machine, for ever. */
const idNamespace = '2c9d5a0e-7b1f-5e64-8a8f-90c1b6d0f3a7';

/** A bank tells the register of itself right after its start. */
const memberTimeoutMs = 30_000;
/** A probe is a few seconds apart from the next. */
const onlineTimeoutMs = 15_000;
const pauseMs = 50;

/**
 * Makes all banks peers of one another, each at the address where it is now, with the world's exposure limit unless
 * that was set before, and waits until they have heard of each other. Rejects with `LastroError`.
 */
export async function joinBanks(banks: readonly DemoBank[]): Promise<void> {
  const pairs = banks.flatMap((bank) =>
    banks.filter((peer) => peer !== bank).map((peer) => ({ bank, peer })),
  );
  await Promise.all(pairs.map(({ bank, peer }) => add(bank, peer)));
  await Promise.all(pairs.map(({ bank, peer }) => untilOnline(bank, peer)));
}

/** Its keys are what the register says of it, and the limit is set once for ever: later ones stay. */
async function add({ client, world }: DemoBank, peer: DemoBank): Promise<void> {
  const { asset, exposureLimit } = world;
  const { id } = peer.world;
  const request = { bank: id, url: peer.url, limits: [{ asset, exposure: exposureLimit }] };
  const idempotencyKey = uuidV5(`${world.id}/${id}`, idNamespace);
  const end = performance.now() + memberTimeoutMs;
  for (;;) {
    try {
      await client.peers.add(request, { idempotencyKey });
      return;
    } catch (error) {
      const isEarly = error instanceof LastroError && error.code === 'member_unknown';
      if (!isEarly || performance.now() >= end) throw error;
      await sleep(pauseMs);
    }
  }
}

/** A peer that is not heard of in time is no reason to end: it may be, later. */
async function untilOnline({ client }: DemoBank, peer: DemoBank): Promise<void> {
  const end = performance.now() + onlineTimeoutMs;
  while (performance.now() < end) {
    const { state } = await client.peers.readPosition(peer.world.id);
    if (state === 'online') return;
    await sleep(pauseMs);
  }
}
