import { randomUUID } from 'node:crypto';
import type { AccountAnswer, TransferAnswer } from '@lastro/contract';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { endOf, type Reply } from '../harness/http-caller.ts';
import { atOnce, openAccount } from '../harness/seeding.ts';

const ACCOUNTS = ['ana', 'bia', 'caio'] as const;
const KEYS = ['kind', 'ção & =', 'toString'] as const;
const VALUES = ['a', 'b', '', '"\\{}\u2028🙂'] as const;

let bank: BankInProcess;
/** Every transfer and every account, newest first. */
let transfers: readonly TransferAnswer[];
let accounts: readonly AccountAnswer[];

beforeAll(async () => {
  bank = await startBankInProcess();
  for (const id of ACCOUNTS) await openAccount(bank, id, 100_000);
  await atOnce(30, openWithMetadata);
  for (let round = 0; round < 6; round += 1) {
    await atOnce(25, (index) => transfer(round * 25 + index));
    const legs = [10, 20, 30].map((amount) => ({ from: 'ana', to: 'bia', amount }));
    await bank.call('POST', '/v1/transactions', { transfers: legs });
  }
  transfers = await walk<TransferAnswer>('/v1/transfers', {}, 1_000);
  accounts = await walk<AccountAnswer>('/v1/accounts', {}, 1_000);
  return () => bank.stop();
});

function metadataOf(index: number): Readonly<Record<string, string>> {
  const pairs = KEYS.flatMap((key, place) => {
    const value = VALUES[(index >> (2 * place)) % 5];
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(pairs);
}

async function openWithMetadata(index: number) {
  const asset = ['BRL/2', 'USD/2', 'EUR/2'][index % 3];
  const metadata = metadataOf(index * 7);
  const reply = await bank.call('POST', '/v1/accounts', { id: `m-${index}`, asset, metadata });
  expect(reply.status, reply.text).toBe(201);
}

async function transfer(index: number) {
  const from = ACCOUNTS[index % 3];
  const to = ACCOUNTS[(index + 1 + (index % 2)) % 3];
  const body = { from, to, amount: 1 + ((index * 37) % 40), metadata: metadataOf(index * 11) };
  const reply = await bank.call('POST', '/v1/transfers', body);
  expect(reply.status, reply.text).toBe(201);
}

type Filter = Readonly<Record<string, string>>;

interface PageBody<Item> {
  readonly data: readonly Item[];
  readonly next: string | null;
}

/** All pages of what a filter finds; `between` runs before each further page. */
async function walk<Item>(
  path: string,
  filter: Filter,
  limit: number,
  between?: () => Promise<unknown>,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ ...filter, limit: String(limit) });
    if (cursor !== null) query.set('cursor', cursor);
    const page: Reply<PageBody<Item>> = await bank.call('GET', `${path}?${query.toString()}`);
    expect(page.status, page.text).toBe(200);
    expect(page.body.data.length).toBeLessThanOrEqual(limit);
    found.push(...page.body.data);
    cursor = page.body.next;
    if (cursor !== null) await between?.();
  } while (cursor !== null);
  return found;
}

/** What a query of metadata asks for, judged in the test's own words. */
function hasMetadata(metadata: Readonly<Record<string, string>>, filter: Filter): boolean {
  return Object.entries(filter)
    .filter(([name]) => name.startsWith('metadata.'))
    .every(([name, value]) => {
      const key = name.slice('metadata.'.length);
      return Object.hasOwn(metadata, key) && metadata[key] === value;
    });
}

function isBetween(at: string, { from, to }: Filter): boolean {
  return (from === undefined || at >= from) && (to === undefined || at < to);
}

function transferMatches(one: TransferAnswer, filter: Filter): boolean {
  const { account, minAmount, maxAmount } = filter;
  return (
    (account === undefined || one.from === account || one.to === account) &&
    (minAmount === undefined || one.amount >= Number(minAmount)) &&
    (maxAmount === undefined || one.amount <= Number(maxAmount)) &&
    isBetween(one.at, filter) &&
    hasMetadata(one.metadata, filter)
  );
}

function accountMatches(one: AccountAnswer, filter: Filter): boolean {
  return (
    (filter['asset'] === undefined || one.asset === filter['asset']) &&
    isBetween(one.createdAt, filter) &&
    hasMetadata(one.metadata, filter)
  );
}

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

function filterOf(members: Readonly<Record<string, string | undefined>>): Filter {
  return Object.fromEntries(
    Object.entries(members).filter((one): one is [string, string] => one[1] !== undefined),
  );
}

const metadata = fc
  .subarray([...KEYS], { maxLength: 2 })
  .chain((keys) =>
    fc
      .array(fc.constantFrom(...VALUES), { minLength: keys.length, maxLength: keys.length })
      .map((values) => Object.fromEntries(keys.map((key, at) => [`metadata.${key}`, values[at]]))),
  );

/** Two moments of a list, in their order. */
const period = (times: () => readonly string[]) =>
  fc.tuple(maybe(fc.nat()), maybe(fc.nat())).map(([one, other]) => {
    const at = (index: number | undefined) =>
      index === undefined ? undefined : times()[index % times().length];
    const [from, to] = [at(one), at(other)];
    return from !== undefined && to !== undefined && from > to
      ? { from: to, to: from }
      : { from, to };
  });

describe('a search of transfers', () => {
  it('finds what a model finds, newest first, in pages of any size', async () => {
    const filters = fc
      .record({
        account: maybe(fc.constantFrom(...ACCOUNTS, 'nobody')),
        amounts: fc.tuple(maybe(fc.nat(45)), maybe(fc.nat(45))),
        metadata,
        period: period(() => transfers.map(({ at }) => at)),
      })
      .map(({ account, amounts: [one, other], ...rest }) => {
        const isSwapped = one !== undefined && other !== undefined && one > other;
        const [minAmount, maxAmount] = isSwapped ? [other, one] : [one, other];
        return filterOf({
          account,
          minAmount: minAmount?.toString(),
          maxAmount: maxAmount?.toString(),
          ...rest.metadata,
          ...rest.period,
        });
      });
    await fc.assert(
      fc.asyncProperty(filters, fc.constantFrom(1, 7, 50, 1_000), async (filter, limit) => {
        const expected = transfers.filter((one) => transferMatches(one, filter));
        const size = expected.length > 20 ? Math.max(limit, 7) : limit;
        const found = await walk<TransferAnswer>('/v1/transfers', filter, size);
        expect(found).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  it.each<[string, Filter]>([
    ['metadata', { 'metadata.kind': 'a' }],
    ['an amount', { minAmount: '1', maxAmount: '40' }],
    ['an account and an amount', { account: 'ana', minAmount: '5' }],
    ['a period', { from: '2020-01-01T00:00:00Z' }],
  ])('by %s neither repeats nor skips while the bank writes on', async (_, filter) => {
    const stood = await walk<TransferAnswer>('/v1/transfers', filter, 1_000);
    expect(stood.length).toBeGreaterThan(10);
    const write = () => atOnce(5, (index) => transfer(index));
    const found = await walk<TransferAnswer>('/v1/transfers', filter, 9, write);
    expect(found).toEqual(stood);
  });
});

describe('a search of accounts', () => {
  it('finds what a model finds, newest first, in pages of any size', async () => {
    const filters = fc
      .record({
        asset: maybe(fc.constantFrom('BRL/2', 'USD/2', 'EUR/2', 'XXX/0')),
        metadata,
        period: period(() => accounts.map(({ createdAt }) => createdAt)),
      })
      .map((members) => filterOf({ asset: members.asset, ...members.metadata, ...members.period }));
    await fc.assert(
      fc.asyncProperty(filters, fc.constantFrom(1, 5, 1_000), async (filter, limit) => {
        const expected = accounts.filter((one) => accountMatches(one, filter)).map(({ id }) => id);
        const found = await walk<AccountAnswer>('/v1/accounts', filter, limit);
        expect(found.map(({ id }) => id)).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  it('neither repeats nor skips while accounts are opened', async () => {
    const filter = { 'metadata.kind': 'a' };
    const stood = await walk<AccountAnswer>('/v1/accounts', filter, 1_000);
    expect(stood.length).toBeGreaterThan(4);
    const open = () =>
      bank.call('POST', '/v1/accounts', { asset: 'BRL/2', metadata: { kind: 'a' } });
    const found = await walk<AccountAnswer>('/v1/accounts', filter, 2, open);
    expect(found.map(({ id }) => id)).toEqual(stood.map(({ id }) => id));
  });
});

it('refuses what can’t be asked', async () => {
  const many = Array.from({ length: 21 }, (_, index) => `metadata.k${index}=v`).join('&');
  for (const query of [
    'metadata=a',
    'metadata.=a',
    'metadata.a=1&metadata.a=2',
    'metadata.a=%00',
    'metadata.%00=a',
    'metadata[a]=1',
    'Metadata.a=1',
    `metadata.a=${'x'.repeat(501)}`,
    `metadata.${'x'.repeat(501)}=a`,
    many,
    'from=yesterday',
    'from=2026-01-02',
    'from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
    'to=2016-12-31T23:59:60Z',
    'minAmount=-1',
    'minAmount=1.5',
    'minAmount=9007199254740992',
    'maxAmount=x',
    'minAmount=2&maxAmount=1',
  ]) {
    const paths = query.includes('Amount') ? ['transfers'] : ['transfers', 'accounts'];
    for (const path of paths) {
      const reply = await bank.call('GET', `/v1/${path}?${query}`);
      expect([query, reply.status, endOf(reply)]).toEqual([query, 400, 'invalid_request']);
    }
  }
});

it('takes any key and value that metadata may have', async () => {
  const key = `${randomUUID()}é&=%+ 🙂`.padEnd(500, 'k');
  const value = 'NULL {},"\\\n\t\u0001<&>\'$1 €'.padEnd(500, 'v');
  const sent = { from: 'ana', to: 'bia', amount: 1, metadata: { [key]: value, other: '' } };
  const { body } = await bank.call<TransferAnswer>('POST', '/v1/transfers', sent);
  const by = (filter: Filter) => walk<TransferAnswer>('/v1/transfers', filter, 10);
  expect(await by({ [`metadata.${key}`]: value })).toEqual([body]);
  expect(await by({ [`metadata.${key}`]: `${value.slice(0, -1)}w` })).toEqual([]);
  expect(await by({ [`metadata.${key}`]: value, 'metadata.other': '' })).toEqual([body]);
  expect(await by({ [`metadata.${key}`]: value, 'metadata.other': 'x' })).toEqual([]);
});
