import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RegisterLimits } from './limits.ts';
import { openRegister } from './open-register.ts';
import type { Position } from './position.ts';
import { parseRegisterAddress } from './register-address.ts';
import { decisionKey } from './register-key.ts';
import type { RegisterTls } from './register-tls.ts';
import type { Creation, Register, RegisterAnswer } from './register.ts';

/** What every home of the register must do, run against each of them. */

const opened: Register[] = [];

afterEach(async () => {
  for (const register of opened.splice(0)) await register.close();
});

/** Far from what a busy machine takes: no deadline decides a test that isn't about one. */
const PATIENT = { callTimeoutMs: 60_000, attemptTimeoutMs: 20_000 };

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** An address, with what TLS to it needs. */
export type Place = string | { readonly address: string; readonly tls: RegisterTls };

/** A register that is closed after the test; `limits` over patient ones. */
export function open(
  place: Place,
  pin: Position | null = null,
  limits: Partial<RegisterLimits> = {},
): Register {
  const { address, tls } = typeof place === 'string' ? { address: place, tls: {} } : place;
  const register = openRegister({
    address: parseRegisterAddress(address),
    tls,
    pin,
    limits: { ...PATIENT, ...limits },
  });
  opened.push(register);
  return register;
}

export async function resultOf<Result>(answer: Promise<RegisterAnswer<Result>>): Promise<Result> {
  const settled = await answer;
  if (settled.kind !== 'answered') throw new Error(JSON.stringify(settled, textOfBigint));
  return settled.result;
}

async function positionOf(register: Register): Promise<Position> {
  const answer = await register.position();
  if (answer.kind !== 'answered') throw new Error(JSON.stringify(answer, textOfBigint));
  return answer.position;
}

export const textOfBigint = (_key: string, value: unknown) =>
  typeof value === 'bigint' ? value.toString() : value;

export function textOf(creation: Creation): string {
  return creation.kind === 'below_floor' ? 'below floor' : creation.entry.value.toString();
}

/** Many claims of one key from several processes at once: one wins, and all see it. */
export async function expectOneWinner(answers: readonly RegisterAnswer<Creation>[]): Promise<void> {
  const results = await Promise.all(answers.map((answer) => resultOf(Promise.resolve(answer))));
  expect(results.filter(({ kind }) => kind === 'created')).toHaveLength(1);
  expect(new Set(results.map(textOf)).size).toBe(1);
}

/** A transaction's id of so many seconds after some beginning: ids rise with time. */
const idAt = (seconds: number) => `0199-${String(seconds).padStart(6, '0')}`;

/** @param newAddress of an empty register */
export function describeRegister(home: string, newAddress: () => Promise<Place>): void {
  describe(`${home}: create`, () => {
    it('puts what was absent there, and from then on says what stands', async () => {
      const register = open(await newAddress());
      const key = decisionKey('alfa', idAt(1));
      const first = await resultOf(register.create(key, '{"decision":"commit"}'));
      const second = await resultOf(register.create(key, '{"decision":"abort"}'));
      expect(first).toMatchObject({ kind: 'created', entry: { key } });
      expect(second).toMatchObject({ kind: 'stands', entry: { key } });
      expect(textOf(second)).toBe('{"decision":"commit"}');
      const read = await resultOf(register.read(key));
      expect(read?.value.toString()).toBe('{"decision":"commit"}');
      expect(second).toMatchObject({ entry: { revision: read?.revision } });
    });

    it('keeps bytes as they are, up to 64 KiB', async () => {
      const register = open(await newAddress());
      const bytes = Buffer.from(Array.from({ length: 65_536 }, (_, index) => index % 256));
      await resultOf(register.create('member/alfa', bytes));
      await resultOf(register.create('member/beta', ''));
      const read = await resultOf(register.read('member/alfa'));
      expect(read?.value.equals(bytes)).toBe(true);
      expect((await resultOf(register.read('member/beta')))?.value).toHaveLength(0);
      expect(await resultOf(register.read('member/gama'))).toBeNull();
      await expect(register.create('member/gama', Buffer.alloc(65_537))).rejects.toThrow(/at most/);
      await expect(register.create('member/ana maria', '')).rejects.toThrow(/no key/);
    });

    it('lets one of 50 win that come at once, and tells all the same', async () => {
      const address = await newAddress();
      const banks = Array.from({ length: 5 }, () => open(address));
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          banks[index % 5]!.create('key/ana', `bank ${index}`),
        ),
      );
      await expectOneWinner(answers);
    });

    it('carries a thousand claims in few transactions, each decided alone', async () => {
      const register = open(await newAddress());
      await resultOf(register.create('key/7', 'stood before'));
      const { revision } = await positionOf(register);
      const claims = Array.from({ length: 1_000 }, (_, index) => `key/${index}`);
      const results = await Promise.all(
        claims.map((key) => resultOf(register.create(key, `of ${key}`))),
      );
      expect(results.map(textOf)).toEqual(
        claims.map((key) => (key === 'key/7' ? 'stood before' : `of ${key}`)),
      );
      const rises = (await positionOf(register)).revision - revision;
      expect(Number(rises)).toBeLessThanOrEqual(12);
    });

    it('carries large claims too', async () => {
      const register = open(await newAddress());
      const value = Buffer.alloc(65_536, 'x');
      const claims = Array.from({ length: 40 }, (_, index) => `key/${index}`);
      const results = await Promise.all(claims.map((key) => resultOf(register.create(key, value))));
      expect(results.every(({ kind }) => kind === 'created')).toBe(true);
    });
  });

  describe(`${home}: replace`, () => {
    it('changes only the revision that it names', async () => {
      const register = open(await newAddress());
      const created = await resultOf(register.create('member/alfa', 'epoch 1'));
      if (created.kind === 'below_floor') throw new Error('no floor here');
      const { revision } = created.entry;
      const replaced = await resultOf(register.replace('member/alfa', revision, 'epoch 2'));
      expect(replaced).toMatchObject({ kind: 'replaced' });
      const stale = await resultOf(register.replace('member/alfa', revision, 'epoch 3'));
      expect(stale.kind).toBe('changed');
      expect(stale.entry?.value.toString()).toBe('epoch 2');
      expect(replaced.entry?.revision).toBe(stale.entry?.revision);
      const absent = await resultOf(register.replace('member/beta', 1n, 'epoch 1'));
      expect(absent).toEqual({ kind: 'changed', entry: null });
    });

    it('lets one of 20 win that compare the same revision', async () => {
      const address = await newAddress();
      const banks = Array.from({ length: 4 }, () => open(address));
      const created = await resultOf(banks[0]!.create('member/alfa', '0'));
      if (created.kind === 'below_floor') throw new Error('no floor here');
      const { revision } = created.entry;
      const swaps = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          resultOf(banks[index % 4]!.replace('member/alfa', revision, `${index}`)),
        ),
      );
      expect(swaps.filter(({ kind }) => kind === 'replaced')).toHaveLength(1);
    });

    it('deletes by comparing, after which the key can be created again', async () => {
      const register = open(await newAddress());
      const created = await resultOf(register.create('key/ana', 'alfa'));
      if (created.kind === 'below_floor') throw new Error('no floor here');
      const wrong = await resultOf(register.replace('key/ana', created.entry.revision + 1n, null));
      expect(wrong.kind).toBe('changed');
      const gone = await resultOf(register.replace('key/ana', created.entry.revision, null));
      expect(gone).toEqual({ kind: 'replaced', entry: null });
      expect(await resultOf(register.read('key/ana'))).toBeNull();
      expect(await resultOf(register.create('key/ana', 'beta'))).toMatchObject({ kind: 'created' });
    });

    it('never touches a decision', async () => {
      const register = open(await newAddress());
      const key = decisionKey('alfa', idAt(1));
      await expect(register.replace(key, 1n, 'abort')).rejects.toThrow(/can't be replaced/);
    });
  });

  describe(`${home}: retire`, () => {
    it('removes decisions and lets none below the floor be created again', async () => {
      const register = open(await newAddress());
      const [early, kept, late] = [idAt(1), idAt(2), idAt(9)];
      for (const id of [early, kept, late]) {
        await resultOf(register.create(decisionKey('alfa', id), 'commit'));
      }
      await resultOf(register.create(decisionKey('beta', early), 'commit'));
      expect(await resultOf(register.retire('alfa', idAt(5), [early]))).toEqual({ floor: idAt(5) });

      expect(await resultOf(register.read(decisionKey('alfa', early)))).toBeNull();
      for (const id of [early, idAt(3)]) {
        const again = await resultOf(register.create(decisionKey('alfa', id), 'abort'));
        expect(again).toEqual({ kind: 'below_floor', floor: idAt(5) });
      }
      const standing = await resultOf(register.create(decisionKey('alfa', kept), 'abort'));
      expect(standing).toMatchObject({ kind: 'stands' });
      expect(textOf(standing)).toBe('commit');
      const atFloor = await resultOf(register.create(decisionKey('alfa', idAt(5)), 'abort'));
      expect(atFloor).toMatchObject({ kind: 'created' });
      const other = await resultOf(register.create(decisionKey('beta', idAt(3)), 'abort'));
      expect(other).toMatchObject({ kind: 'created' });
      expect(await resultOf(register.read(decisionKey('beta', early)))).not.toBeNull();
    });

    it('never lowers a floor, and may be repeated', async () => {
      const register = open(await newAddress());
      await resultOf(register.retire('alfa', idAt(5), []));
      expect(await resultOf(register.retire('alfa', idAt(3), [idAt(1)]))).toEqual({
        floor: idAt(5),
      });
      expect(await resultOf(register.retire('alfa', idAt(5), [idAt(1)]))).toEqual({
        floor: idAt(5),
      });
      const below = await resultOf(register.create(decisionKey('alfa', idAt(4)), 'abort'));
      expect(below.kind).toBe('below_floor');
      await expect(register.retire('alfa', idAt(6), [idAt(6)])).rejects.toThrow(/not below/);
    });

    it('removes a hundred at once', async () => {
      const register = open(await newAddress());
      const ids = Array.from({ length: 100 }, (_, index) => idAt(index));
      await Promise.all(
        ids.map((id) => resultOf(register.create(decisionKey('alfa', id), 'commit'))),
      );
      await resultOf(register.retire('alfa', idAt(100), ids));
      const page = await resultOf(register.list('decision/alfa/', { limit: 100 }));
      expect(page).toEqual({ entries: [], next: null });
    });

    it('leaves no decision behind that a racing create put below the floor', async () => {
      const address = await newAddress();
      const [retiring, creating] = [open(address), open(address)];
      const keys = Array.from({ length: 30 }, (_, index) => decisionKey('alfa', idAt(index)));
      const creations = keys.map((key) => resultOf(creating.create(key, 'abort')));
      const retired = resultOf(retiring.retire('alfa', idAt(40), []));
      const results = await Promise.all(creations);
      await retired;
      const again = await Promise.all(keys.map((key) => resultOf(creating.create(key, 'commit'))));
      // What was told to be there stands, and what was told to be below the floor never comes.
      expect(again.map(textOf)).toEqual(results.map(textOf));
    });
  });

  describe(`${home}: list`, () => {
    it('gives every entry below a prefix once, page by page, in the order of bytes', async () => {
      const register = open(await newAddress());
      const keys = ['key/z', 'key/a_', 'key/a/b', 'key/a', 'key/A', 'key/+', 'key/'];
      for (const key of [...keys, 'kez', 'kex/zz', 'member/alfa']) {
        await resultOf(register.create(key, key));
      }
      const found: string[] = [];
      let after: string | null = null;
      do {
        const page: { entries: readonly { key: string }[]; next: string | null } = await resultOf(
          register.list('key/', { after, limit: 2 }),
        );
        found.push(...page.entries.map(({ key }) => key));
        after = page.next;
      } while (after !== null);
      expect(found).toEqual(
        keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
      );
      expect((await resultOf(register.list('', { limit: 100 }))).entries).toHaveLength(
        keys.length + 3,
      );
      await expect(register.list('key/', { limit: 101 })).rejects.toThrow(/1 to 100/);
    });
  });

  describe(`${home}: pin`, () => {
    it('rises with every change and never between', async () => {
      const address = await newAddress();
      const [one, other] = [open(address), open(address)];
      const before = await positionOf(one);
      await resultOf(other.create('key/ana', 'alfa'));
      const after = await positionOf(one);
      expect(after.generation).toBe(before.generation);
      expect(after.revision).toBe(before.revision + 1n);
      await resultOf(one.read('key/ana'));
      await resultOf(one.list('key/', { limit: 1 }));
      expect(await positionOf(other)).toEqual(after);
    });

    it('says that the register went back, and changes nothing in it', async () => {
      const address = await newAddress();
      const { generation, revision } = await positionOf(open(address));
      const pinned = { generation, revision: revision + 1_000n };
      const register = open(address, pinned);
      const refusal = { kind: 'register_went_back', pinned, seen: { generation, revision } };
      expect(await register.position()).toEqual(refusal);
      expect(await register.create('key/ana', 'alfa')).toEqual(refusal);
      expect(await register.read('key/ana')).toEqual(refusal);
      expect(await register.replace('key/ana', 1n, 'alfa')).toEqual(refusal);
      expect(await register.list('key/', { limit: 1 })).toEqual(refusal);
      expect(await register.retire('alfa', idAt(1), [])).toEqual(refusal);
      expect(await resultOf(open(address).list('', { limit: 100 }))).toMatchObject({ entries: [] });
    });

    it('says that it is another register, and changes nothing in it', async () => {
      const address = await newAddress();
      const seen = await positionOf(open(address));
      const pinned = { generation: randomUUID(), revision: 1n };
      const register = open(address, pinned);
      const refusal = { kind: 'register_replaced', pinned, seen };
      expect(await register.create('key/ana', 'alfa')).toEqual(refusal);
      expect(await register.retire('alfa', idAt(1), [])).toEqual(refusal);
      expect(await register.read('key/ana')).toEqual(refusal);
      expect(await positionOf(open(address))).toEqual(seen);
    });

    it('never gives a generation to an empty register when another one is pinned', async () => {
      const address = await newAddress();
      const pinned = { generation: randomUUID(), revision: 5n };
      const refusal = { kind: 'register_replaced', pinned, seen: null };
      for (let starts = 0; starts < 2; starts += 1) {
        const register = open(address, pinned);
        expect(await register.create('key/ana', 'alfa')).toEqual(refusal);
        expect(await register.position()).toEqual(refusal);
      }
    });

    it('goes on under the position that was kept, for a bank that starts again', async () => {
      const address = await newAddress();
      const first = open(address);
      await resultOf(first.create('key/ana', 'alfa'));
      const kept = await positionOf(first);
      await first.close();
      const again = open(address, kept);
      expect(await resultOf(again.create('key/ana', 'beta'))).toMatchObject({ kind: 'stands' });
    });

    it('gives banks that meet an empty register together one generation', async () => {
      const address = await newAddress();
      const positions = await Promise.all(
        Array.from({ length: 6 }, () => positionOf(open(address))),
      );
      expect(new Set(positions.map(({ generation }) => generation)).size).toBe(1);
    });
  });

  describe(`${home}: bounds`, () => {
    it('refuses what is too much at once, without effect', async () => {
      const register = open(await newAddress(), null, {
        callsMax: 2,
        queueClaimsMax: 3,
        batchesMax: 1,
      });
      const reads = await Promise.all(Array.from({ length: 10 }, () => register.read('key/ana')));
      const full = { kind: 'register_unavailable', effect: 'none' };
      expect(reads.filter(({ kind }) => kind === 'answered')).toHaveLength(2);
      expect(reads.at(-1)).toMatchObject(full);
      const creations = await Promise.all(
        Array.from({ length: 10 }, (_, index) => register.create(`key/${index}`, '')),
      );
      expect(creations.filter(({ kind }) => kind === 'answered')).toHaveLength(3);
      expect(creations.at(-1)).toMatchObject(full);
      expect(await resultOf(register.list('key/', { limit: 100 }))).toMatchObject({
        entries: { length: 3 },
      });
    });

    it('ends what waits when it closes', async () => {
      const register = open(await newAddress());
      await resultOf(register.create('key/ana', 'alfa'));
      const calls = [register.read('key/ana'), register.create('key/bia', 'alfa')];
      await register.close();
      for (const answer of await Promise.all(calls)) {
        expect(['answered', 'register_unavailable']).toContain(answer.kind);
      }
      expect(await register.read('key/ana')).toMatchObject({
        kind: 'register_unavailable',
        effect: 'none',
      });
    });
  });
}
