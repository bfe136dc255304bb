import { expect } from 'vitest';
import type { BankProcess } from '../harness/bank-process.ts';
import { eventually } from '../harness/eventually.ts';

const ONLINE_DEADLINE_MS = 30_000;

/** Makes each bank a peer of each other one, by what stands in the register, and waits until all see all. */
export async function introduce(
  banks: readonly BankProcess[],
  exposureLimit: number,
): Promise<void> {
  const pairs = banks.flatMap((bank) =>
    banks.filter((peer) => peer !== bank).map((peer) => ({ bank, peer })),
  );
  await Promise.all(pairs.map(({ bank, peer }) => addPeer(bank, peer.name)));
  await Promise.all(pairs.map(({ bank, peer }) => limitPeer(bank, peer.name, exposureLimit)));
  await allOnline(banks);
}

/** Adds a peer that has written itself into the register. */
async function addPeer(bank: BankProcess, peer: string): Promise<void> {
  await eventually(
    `${bank.name} finds ${peer} in the register`,
    async () => {
      const added = await bank.call('POST', '/v1/peers', { bank: peer });
      expect([200, 201], added.text).toContain(added.status);
      return true;
    },
    ONLINE_DEADLINE_MS,
  );
}

async function limitPeer(bank: BankProcess, peer: string, limit: number): Promise<void> {
  const path = `/v1/peers/${peer}/limits/BRL%2F2`;
  const limited = await bank.call('PUT', path, { limit });
  expect([200, 201], limited.text).toContain(limited.status);
}

/** Every bank has heard of every other one. */
export async function allOnline(banks: readonly BankProcess[]): Promise<void> {
  await eventually(
    'every bank is online for every other one',
    async () => {
      for (const bank of banks) expect(await offlineFor(bank), bank.name).toEqual([]);
      return true;
    },
    ONLINE_DEADLINE_MS,
  );
}

interface ListedPeer {
  readonly bank: string;
  readonly state: string;
}

async function offlineFor(bank: BankProcess): Promise<ListedPeer[]> {
  const { status, body, text } = await bank.call<{ items: ListedPeer[] }>('GET', '/v1/peers');
  expect(status, text).toBe(200);
  return body.items.filter(({ state }) => state !== 'online');
}
