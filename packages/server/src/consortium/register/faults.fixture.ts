import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { ByteProxy } from '../../../../../tests/faults/fixtures/byte-proxy.ts';
import { eventually } from '../../../../../tests/harness/eventually.ts';
import { open, resultOf, textOf } from './conformance.fixture.ts';
import { decisionKey } from './register-key.ts';
import type { Creation, Entry, Register, RegisterAnswer } from './register.ts';

/** What faults every home of the register must bear. */

const BANKS = ['alfa', 'beta', 'gama'];

export interface Contest {
  /** So many decisions were answered to all. */
  reached(decisions: number): Promise<void>;
  stop(): Promise<{ readonly decisions: number; readonly unavailable: number }>;
  /** Whatever was said, at any time, is what stands; at most one was told that it won. */
  expectOneDecisionEach(register: Register): Promise<void>;
}

/** Three banks that decide the same transactions at once, each its own way, one after the other. */
export function startContest(openBank: () => Register): Contest {
  const banks = BANKS.map((bank) => ({ bank, register: openBank() }));
  const told = new Map<string, RegisterAnswer<Creation>[]>();
  const stopping = new AbortController();
  let unavailable = 0;
  const decide = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const key = decisionKey('alfa', String(told.size).padStart(8, '0'));
      const answers = await Promise.all(
        banks.map(({ bank, register }) => register.create(key, `as ${bank} wants`)),
      );
      told.set(key, answers);
      unavailable += answers.filter(({ kind }) => kind !== 'answered').length;
    }
  };
  const deciding = decide();
  return {
    reached: async (decisions) => {
      await eventually(`${decisions} decisions`, () => told.size >= decisions, 60_000);
    },
    async stop() {
      stopping.abort();
      await deciding;
      return { decisions: told.size, unavailable };
    },
    async expectOneDecisionEach(register) {
      for (const [key, answers] of told) {
        const standing = textOf(await resultOf(register.create(key, 'as a late one wants')));
        const results = answers.flatMap((answer) =>
          answer.kind === 'answered' ? [answer.result] : [],
        );
        expect(new Set([standing, ...results.map(textOf)])).toEqual(new Set([standing]));
        expect(results.filter(({ kind }) => kind === 'created').length).toBeLessThanOrEqual(1);
        // All three were answered, so one of them put it there and knows it.
        if (results.length === BANKS.length) {
          expect(results.filter(({ kind }) => kind === 'created')).toHaveLength(1);
        }
      }
    },
  };
}

/** What a replacement that was said to be unavailable may have left, or may still leave. */
export const LATE_VALUE = 'may come late';

/** Every call of the interface ends, by its own deadline, as unavailable. */
export async function expectEndsUnavailable(register: Register, entry: Entry): Promise<void> {
  const options = { timeoutMs: 700 };
  const calls = Promise.all([
    register.position(options),
    register.read(entry.key, options),
    register.create('key/new', 'alfa', options),
    register.replace(entry.key, entry.revision, LATE_VALUE, options),
    register.retire('alfa', '1', [], options),
    register.list('key/', { limit: 10 }, options),
  ]);
  // A clock in the same process, so that a busy machine delays both; the servers are more patient.
  const answers = await Promise.race([calls, sleep(3_500, null, { ref: false })]);
  expect(answers?.map(({ kind }) => kind)).toEqual(Array(6).fill('register_unavailable'));
}

export interface LossyWay {
  /** The register's address by a way on which answers can get lost, where the others' are given. */
  readonly through: string;
  readonly beside: string;
  readonly loseNextAnswer: () => void;
  /** Whether new connections get through. */
  readonly admit: (yes: boolean) => void;
}

/** On every connection that there is now: which of them carries the next change is the pool's choice. */
export function loseAnswersAfter(proxy: ByteProxy, marker: Buffer): void {
  for (const passage of proxy.passages) passage.swallowAnswersAfter(marker);
}

/** A call whose answer never comes is tried again, and knows its own work. */
export async function expectLostAnswersAreSettled(way: LossyWay): Promise<void> {
  const limits = { callTimeoutMs: 30_000, attemptTimeoutMs: 500 };
  const register = open(way.through, null, limits);
  const witness = open(way.beside);
  await resultOf(register.position());

  way.loseNextAnswer();
  const created = await resultOf(register.create('member/alfa', 'epoch 1'));
  expect(created.kind).toBe('created');
  if (created.kind === 'below_floor') throw new Error('no floor here');
  expect(await resultOf(witness.read('member/alfa'))).toEqual(created.entry);

  way.loseNextAnswer();
  const replaced = await resultOf(
    register.replace('member/alfa', created.entry.revision, 'epoch 2'),
  );
  expect(replaced.kind).toBe('replaced');
  const standing = await resultOf(witness.read('member/alfa'));
  expect(standing).toEqual(replaced.entry);

  // Overwritten before it was asked again: nobody can say whether it had been there.
  way.loseNextAnswer();
  way.admit(false);
  const replacing = register.replace('member/alfa', standing!.revision, 'epoch 3');
  await eventually('the first try is seen, and overwritten', async () => {
    const seen = await resultOf(witness.read('member/alfa'));
    if (seen?.value.toString() !== 'epoch 3') return false;
    return (
      (await resultOf(witness.replace(seen.key, seen.revision, 'epoch 4'))).kind === 'replaced'
    );
  });
  way.admit(true);
  expect(await replacing).toMatchObject({ kind: 'register_unavailable', effect: 'unknown' });
}
