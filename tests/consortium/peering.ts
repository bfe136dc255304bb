import type { PeerList } from '@lastro/contract';
import { expect } from 'vitest';
import type { TestBank } from '../harness/bank-in-process.ts';
import { eventually } from '../harness/eventually.ts';

const ONLINE_DEADLINE_MS = 30_000;

interface Introduced extends Pick<TestBank, 'call'> {
  readonly name: string;
}

/** Makes each bank a peer of each other one, by what stands in the register, and waits until all see all. */
export async function introduce(
  banks: readonly Introduced[],
  exposureLimit: number,
): Promise<void> {
  const pairs = banks.flatMap((bank) =>
    banks.filter((peer) => peer !== bank).map((peer) => ({ bank, peer })),
  );
  await Promise.all(pairs.map(({ bank, peer }) => addPeer(bank, peer.name, exposureLimit)));
  await allOnline(banks);
}

/** Adds a peer that has written itself into the register. */
async function addPeer(bank: Introduced, peer: string, exposure: number): Promise<void> {
  const body = { bank: peer, limits: [{ asset: 'BRL/2', exposure }], inFlightMax: 10_000 };
  await eventually(
    `${bank.name} finds ${peer} in the register`,
    async () => {
      const added = await bank.call('POST', '/v1/peers', body);
      expect(added.status, added.text).toBe(201);
      return true;
    },
    ONLINE_DEADLINE_MS,
  );
}

/** Every bank has heard of every other one. */
export async function allOnline(banks: readonly Introduced[]): Promise<void> {
  await eventually(
    'every bank is online for every other one',
    async () => {
      for (const bank of banks) expect(await offlineFor(bank), bank.name).toEqual([]);
      return true;
    },
    ONLINE_DEADLINE_MS,
  );
}

async function offlineFor(bank: Introduced): Promise<string[]> {
  const { status, body, text } = await bank.call<PeerList>('GET', '/v1/peers');
  expect(status, text).toBe(200);
  return body.data.filter(({ state }) => state !== 'online').map((peer) => peer.bank);
}
