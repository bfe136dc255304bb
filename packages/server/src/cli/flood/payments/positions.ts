import { setTimeout as sleep } from 'node:timers/promises';
import type { PeerPosition } from '@lastro/contract';
import type { PayingBank } from './paying-bank.ts';

/** What two banks say that they owe each other in one asset. */
export interface MutualPosition {
  readonly banks: readonly [string, string];
  readonly asset: string;
  /**
   * What the first says that it owes the second, below zero that it is owed, and what the second says of the
   * first; minor units.
   */
  readonly said: readonly [number, number];
}

const QUIET_DEADLINE_MS = 20_000;
const PAUSE_MS = 100;

export function isMirrored({ said: [one, other] }: MutualPosition): boolean {
  return one + other === 0;
}

/**
 * Every two banks' positions, taken when nothing is under way between any of them; undefined when that did not come
 * within 20 s. Rejects with `LastroError`.
 */
export async function positionsWhenQuiet(
  banks: readonly PayingBank[],
): Promise<readonly MutualPosition[] | undefined> {
  const end = performance.now() + QUIET_DEADLINE_MS;
  for (;;) {
    const answers = await readAll(banks);
    if (answers.every(({ answer }) => isQuiet(answer))) return mutual(banks, answers);
    if (performance.now() >= end) return undefined;
    await sleep(PAUSE_MS);
  }
}

interface Said {
  readonly of: string;
  readonly about: string;
  readonly answer: PeerPosition;
}

function readAll(banks: readonly PayingBank[]): Promise<readonly Said[]> {
  return Promise.all(
    banks.flatMap(({ id: of, client }) =>
      banks
        .filter(({ id }) => id !== of)
        .map(async ({ id: about }) => ({
          of,
          about,
          answer: await client.peers.readPosition(about),
        })),
    ),
  );
}

function isQuiet({ inFlight }: PeerPosition): boolean {
  return inFlight.length === 0;
}

function mutual(banks: readonly PayingBank[], said: readonly Said[]): readonly MutualPosition[] {
  const ids = banks.map(({ id }) => id);
  const pairs = ids.flatMap((one, index) =>
    ids.slice(index + 1).map((other): readonly [string, string] => [one, other]),
  );
  return pairs.flatMap((pair) => {
    const [one, other] = [amounts(said, pair[0], pair[1]), amounts(said, pair[1], pair[0])];
    const assets = new Set([...one.keys(), ...other.keys()]);
    return [...assets].map((asset): MutualPosition => ({
      banks: pair,
      asset,
      said: [one.get(asset) ?? 0, other.get(asset) ?? 0],
    }));
  });
}

/** By asset. */
function amounts(said: readonly Said[], of: string, about: string): ReadonlyMap<string, number> {
  const found = said.find((each) => each.of === of && each.about === about);
  return new Map(found?.answer.positions.map(({ asset, position }) => [asset, Number(position)]));
}
