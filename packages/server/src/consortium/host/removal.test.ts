import { randomUUID } from 'node:crypto';
import type { CrossBankRecord } from '@lastro/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { abandonDatabase, createBankDatabase } from '../../../../../tests/harness/postgres.ts';
import { openDatabase, type Database } from '../../store/database.ts';
import { HOST_LIMITS } from './limits.ts';
import { Removal } from './removal.ts';

const { settings } = HOST_LIMITS;
const NOW = Date.parse('2026-11-25T12:00:00Z');
const LONG_AGO = NOW - settings.removalAfterMs;

let url: string;
let database: Database;

beforeAll(async () => {
  url = await createBankDatabase();
  const onError = () => undefined;
  database = await openDatabase({ url, bank: 'alfa', at: NOW, onError });
});

afterAll(async () => {
  await database.close();
  await abandonDatabase(url);
});

const idOf = (number: number, bank = 'alfa') =>
  `${bank}/01900000-0000-7000-8000-${String(number).padStart(12, '0')}`;

function aborted(id: string, at: number, settled = true): CrossBankRecord {
  const durable = { is: 'aborted', subject: null, because: [], at, settled } as const;
  return { id, durable, order: null, seq: 1, at, decidedSeq: 1 };
}

/** The records in their order, as the ledger gives them. */
function recordsOf(all: readonly CrossBankRecord[]) {
  const sorted = all.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  return {
    page: (after: string | null, limit: number) =>
      Promise.resolve(sorted.filter(({ id }) => after === null || id > after).slice(0, limit)),
  };
}

it('removes what all have carried out longer ago than backups reach, and nothing above it', async () => {
  const old = Array.from({ length: 150 }, (_, index) => aborted(idOf(index), LONG_AGO));
  const records = recordsOf([
    ...old,
    aborted(idOf(200), NOW),
    aborted(idOf(201), LONG_AGO),
    aborted(idOf(1, 'beta'), LONG_AGO),
  ]);
  const retired: { readonly floor: string; readonly ids: readonly string[] }[] = [];
  const register = {
    retire: (_bank: string, floor: string, ids: readonly string[]) => {
      retired.push({ floor, ids });
      return Promise.resolve(floor);
    },
  };
  const parts = { bank: 'alfa', reads: database.reads, records, settings, clock: () => NOW };
  const removal = new Removal({ ...parts, register });
  expect(await removal.run()).toBe(150);
  expect(retired.flatMap(({ ids }) => ids)).toHaveLength(150);
  for (const { floor, ids } of retired) {
    expect(ids.length).toBeLessThanOrEqual(100);
    expect(ids.every((id) => id < floor)).toBe(true);
    expect(idOf(200) > `alfa/${floor}`).toBe(true);
  }
  expect(removal.floors).toEqual(new Map([['alfa', idOf(149)]]));
  expect(await removal.run()).toBe(0);

  const again = new Removal({ ...parts, register });
  await again.load();
  expect(again.floors).toEqual(new Map([['alfa', idOf(149)]]));
});

it('removes nothing while the register is away, nor past what is not settled', async () => {
  const records = recordsOf([
    aborted(idOf(300), LONG_AGO),
    aborted(idOf(301), LONG_AGO, false),
    aborted(idOf(302), LONG_AGO),
  ]);
  const parts = { bank: 'alfa', reads: database.reads, records, settings, clock: () => NOW };
  const away = new Removal({ ...parts, register: { retire: () => Promise.resolve(undefined) } });
  expect(await away.run()).toBe(0);
  expect(away.floors.size).toBe(0);
  const retire = (_bank: string, floor: string) => Promise.resolve(floor);
  const there = new Removal({ ...parts, register: { retire } });
  expect(await there.run()).toBe(1);
  expect(there.floors.get('alfa')).toBe(idOf(300));
});

it('keeps the highest floor of every coordinator', async () => {
  const parts = { bank: 'alfa', reads: database.reads, records: recordsOf([]), settings };
  const retire = () => Promise.resolve(undefined);
  const removal = new Removal({ ...parts, register: { retire }, clock: () => NOW });
  const bank = `b${randomUUID().slice(0, 8)}`;
  await removal.raise(idOf(7, bank));
  await removal.raise(idOf(5, bank));
  expect(removal.floors.get(bank)).toBe(idOf(7, bank));
});
