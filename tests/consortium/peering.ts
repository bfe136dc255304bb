import type { PeerList } from '@lastro/contract';
import { expect } from 'vitest';
import type { TestBank } from '../harness/bank-in-process.ts';
import { eventually } from '../harness/eventually.ts';

const ONLINE_DEADLINE_MS = 90_000;

/** In centavos: more than all that a test moves. */
const EXPOSURE_LIMIT = 100_000_000_000;
const IN_FLIGHT_MAX = 10_000;

interface Introduced extends Pick<TestBank, 'call'> {
  readonly name: string;
}

/**
 * Makes each bank a peer of each other one, and waits until all see all: by what stands in the
 * register, or by what the other bank says of itself.
 */
export async function introduce(
  banks: readonly Introduced[],
  exposure: number = EXPOSURE_LIMIT,
  by: 'register' | 'word' = 'register',
): Promise<void> {
  const pairs = banks.flatMap((bank) =>
    banks.filter((peer) => peer !== bank).map((peer) => ({ bank, peer })),
  );
  await Promise.all(
    pairs.map(async ({ bank, peer }) => addPeer(bank, peer.name, exposure, await saidBy(peer, by))),
  );
  await allOnline(banks);
}

type Introduction = Readonly<Record<string, unknown>>;

async function saidBy(peer: Introduced, by: 'register' | 'word'): Promise<Introduction> {
  if (by === 'register') return {};
  const { body, status, text } = await peer.call<PeerList>('GET', '/v1/peers');
  expect(status, text).toBe(200);
  return { url: body.self.url, keys: body.self.keys.map(({ publicKey }) => publicKey) };
}

/** Again until it is found: a bank writes itself into the register after it has started. */
async function addPeer(
  bank: Introduced,
  peer: string,
  exposure: number,
  said: Introduction,
): Promise<void> {
  const limits = [{ asset: 'BRL/2', exposure }];
  const body = { bank: peer, limits, inFlightMax: IN_FLIGHT_MAX, ...said };
  await eventually(
    `${bank.name} adds ${peer}`,
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
