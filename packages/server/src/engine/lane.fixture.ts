import { setImmediate as turn } from 'node:timers/promises';
import { AMOUNT_MAX_DEFAULT } from '@lastro/core';
import { expect } from 'vitest';
import type { BoundStatement } from '../store/bound-statement.ts';
import type { DatabaseFault } from '../store/database-error.ts';
import type { Head } from '../store/row-types.ts';
import type { WriteResult } from '../store/block-train.ts';
import type { Writer } from '../store/writer.ts';
import type { Attempt } from './attempt.ts';
import { BlockLane } from './block-lane.ts';
import { ENGINE_LIMITS, type EngineLimits } from './limits.ts';
import { moving, opening } from './tickets.fixture.ts';

/** So often a lane locks head first after it saw an unknown one. */
const ROUNDS_UNTIL_TRUST = 9;

export const COMMITTED: WriteResult = { kind: 'committed' };

export const failed = (fault: DatabaseFault): WriteResult => ({
  kind: 'failed',
  fault,
  error: new Error(fault),
});

export const FIRST: Head = {
  block: 7,
  seq: 30,
  hash: 'a'.repeat(64),
  at: 1,
  accounts: 9,
  bank: 'test',
};

export interface Sent {
  readonly statements: readonly BoundStatement[];
  readonly answer: (result: WriteResult) => void;
}

/** How long something may take that takes no longer than a pause between two tries. */
const LONGEST_MS = 5_000;

/** Lets everybody else go on until it is so; throws after a while. */
export async function until(isTrue: () => boolean): Promise<void> {
  const begun = performance.now();
  while (!isTrue()) {
    if (performance.now() - begun > LONGEST_MS) throw new Error('it never came to be');
    await turn();
  }
}

/** A lane whose database answers when it is told to, and whose clock stands still until it is set. */
export function startLane(changed: Partial<EngineLimits> = {}) {
  const limits = { ...ENGINE_LIMITS, ...changed };
  const sent: Sent[] = [];
  let answered = 0;
  let loads = 0;
  const clock = { now: 1_000 };
  /** Another process has it as long as `turn` is pending. */
  const head = { asked: 0, turn: Promise.resolve() };
  const unused = () => Promise.reject(new Error('not expected here'));
  const load = () => {
    loads += 1;
    return Promise.resolve([]);
  };
  const lockHead = async () => {
    head.asked += 1;
    await head.turn;
    return lane.head ?? FIRST;
  };
  const writer = new Proxy({} as Writer, {
    get(_, name) {
      // It is no promise, whatever asks.
      if (name === 'then') return undefined;
      if (name === 'isOpen') return true;
      if (name === 'lockHead') return lockHead;
      if (name === 'readNextExpiry') return () => Promise.resolve(null);
      if (name === 'clockSkewMs') return () => Promise.resolve(0);
      if (name === 'loadAccounts' || name === 'loadDueHolds') return load;
      if (['begin', 'rollback', 'forgetPlans', 'refuseReadOnly', 'close'].includes(String(name))) {
        return () => Promise.resolve();
      }
      if (name !== 'write') return unused;
      return (statements: readonly BoundStatement[], _begun: boolean, onUnderWay: () => void) => {
        queueMicrotask(onUnderWay);
        const { promise, resolve } = Promise.withResolvers<WriteResult>();
        sent.push({ statements, answer: resolve });
        return promise;
      };
    },
  });
  const lane: BlockLane = new BlockLane({
    connect: () => Promise.resolve(writer),
    readAccounts: () => Promise.reject(new Error('nobody reads aside here')),
    rules: { amountMax: AMOUNT_MAX_DEFAULT },
    limits,
    clock: () => clock.now,
    onAlarm: () => undefined,
  });
  /** The one that is sent next. */
  const nextSent = async () => {
    const before = answered;
    answered += 1;
    await until(() => sent.length > before);
    return sent[before]!;
  };
  return { lane, limits, sent, clock, head, nextSent, loads: () => loads };
}

export type World = ReturnType<typeof startLane>;

/** When the block was decided: it stands among what writes it. */
export function timeOf({ statements }: Sent): unknown {
  const values = statements.flatMap((statement) => statement.values);
  return values.find((value) => typeof value === 'string' && /^\d{4}-.+Z$/.test(value));
}

/** A lane that trusts its cache, in which `ana` and `bia` stand. */
export async function startWarm(): Promise<World> {
  const world = startLane();
  await settle(world, world.lane.attempt([opening('ana'), opening('bia')], 'trusting'));
  for (let round = 0; round < ROUNDS_UNTIL_TRUST; round += 1) {
    await settle(world, world.lane.attempt([moving('ana', 'bia')], 'trusting'));
  }
  return world;
}

export async function settle(world: World, attempt: Promise<Attempt>): Promise<Sent> {
  const sent = await world.nextSent();
  sent.answer(COMMITTED);
  expect((await attempt).kind).toBe('settled');
  return sent;
}
