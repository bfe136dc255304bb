import { expect } from 'vitest';
import type { TestBank } from '../harness/bank-in-process.ts';
import { checkBooks } from '../harness/books.ts';
import { eventually } from '../harness/eventually.ts';
import { query } from '../harness/postgres.ts';

/** What the checker needs to know of a bank. */
export interface Audited extends Pick<TestBank, 'call' | 'databaseUrl'> {
  readonly name: string;
}

/** What customers have, by asset, in all banks together; minor units. */
export type Money = Readonly<Record<string, bigint>>;

export interface Position {
  readonly bank: string;
  readonly peer: string;
  /** What is counted: the code of an asset. */
  readonly code: string;
  readonly balance: bigint;
}

const QUIET_DEADLINE_MS = 60_000;

/** System accounts against which money enters a bank, or leaves it for another one. */
const OUTSIDE = String.raw`id like 'cash:%' or id like 'peer:%'`;

/** The money of the consortium: what no cross-bank transaction may change. */
export async function moneyIn(banks: readonly Audited[]): Promise<Money> {
  const money: Record<string, bigint> = {};
  for (const { databaseUrl } of banks) {
    const rows = await query<{ asset: string; balance: string }>(
      databaseUrl,
      `select asset, sum(credits_posted - debits_posted) as balance
         from account where not (${OUTSIDE}) group by asset`,
    );
    for (const { asset, balance } of rows) money[asset] = (money[asset] ?? 0n) + BigInt(balance);
  }
  return money;
}

/** Waits until nothing is under way between the banks: all decided, all applied, all told. */
export async function quiet(
  banks: readonly Audited[],
  deadlineMs = QUIET_DEADLINE_MS,
): Promise<void> {
  await eventually(
    'every transaction is decided and carried out everywhere',
    async () => {
      for (const bank of banks) expect(await unfinishedIn(bank), bank.name).toEqual([]);
      return true;
    },
    deadlineMs,
  );
}

/** Ids that the bank has promised and not heard the decision of. */
export async function undecidedIn({ databaseUrl }: Audited): Promise<string[]> {
  const rows = await query<{ id: string }>(
    databaseUrl,
    `select id from cross_transaction where state in ('prepared', 'in_doubt') order by id`,
  );
  return rows.map(({ id }) => id);
}

async function unfinishedIn({ databaseUrl }: Audited): Promise<string[]> {
  const rows = await query<{ id: string; state: string }>(
    databaseUrl,
    `select id, state from cross_transaction
      where state in ('prepared', 'in_doubt') or not settled order by id limit 20`,
  );
  return rows.map(({ id, state }) => `${id} ${state}`);
}

/**
 * The books of the consortium once it is quiet: what is said of one bank holds in each of them, no
 * hold is left, positions mirror, the banks agree about every transaction, and the money is what it was.
 */
export async function checkConsortium(banks: readonly Audited[], before: Money): Promise<void> {
  await quiet(banks);
  for (const bank of banks) {
    await checkBooks(bank);
    expect(await holdsIn(bank), `holds in ${bank.name}`).toEqual([]);
  }
  expect(unmirrored(await positionsIn(banks)), 'positions that don’t mirror').toEqual([]);
  expect(await disagreements(banks), 'transactions that banks disagree about').toEqual([]);
  expect(await moneyIn(banks)).toEqual(before);
}

async function holdsIn({ databaseUrl }: Audited): Promise<string[]> {
  const rows = await query<{ id: string }>(
    databaseUrl,
    `select id::text from every_hold where end_state is null
      union all
     select id from account where debits_pending <> 0 or credits_pending <> 0`,
  );
  return rows.map(({ id }) => id);
}

async function positionsIn(banks: readonly Audited[]): Promise<Position[]> {
  const positions = await Promise.all(
    banks.map(async ({ name, databaseUrl }) => {
      const rows = await query<{ id: string; balance: string }>(
        databaseUrl,
        `select id, credits_posted - debits_posted as balance from account where id like 'peer:%'`,
      );
      return rows.map(({ id, balance }) => {
        const [, peer = '', ...code] = id.split(':');
        return { bank: name, peer, code: code.join(':'), balance: BigInt(balance) };
      });
    }),
  );
  return positions.flat();
}

/** What two banks don't see alike: position(A, B) = −position(B, A) for each asset. */
export function unmirrored(positions: readonly Position[]): string[] {
  const nameOf = (bank: string, peer: string, code: string) => `${bank} → ${peer} ${code}`;
  const balances = new Map(
    positions.map(({ bank, peer, code, balance }) => [nameOf(bank, peer, code), balance]),
  );
  return positions
    .filter(({ bank, peer, code, balance }) => {
      const other = balances.get(nameOf(peer, bank, code)) ?? 0n;
      return other !== -balance;
    })
    .map(({ bank, peer, code, balance }) => `${nameOf(bank, peer, code)}: ${balance}`);
}

interface Known {
  readonly bank: string;
  readonly id: string;
  readonly state: string;
  readonly hash: string | null;
}

async function disagreements(banks: readonly Audited[]): Promise<string[]> {
  const known = await Promise.all(
    banks.map(async ({ name, databaseUrl }) => {
      const rows = await query<{ id: string; state: string; hash: string | null }>(
        databaseUrl,
        'select id, state, hash from cross_transaction',
      );
      return rows.map((row): Known => ({ bank: name, ...row }));
    }),
  );
  return contradictions(known.flat());
}

/** Ids of which the banks that know them say different things. */
export function contradictions(known: readonly Known[]): string[] {
  const byId = Map.groupBy(known, ({ id }) => id);
  return [...byId]
    .filter(([, said]) => {
      const states = new Set(said.map(({ state }) => state));
      const hashes = new Set(said.flatMap(({ hash }) => (hash === null ? [] : [hash])));
      return states.size > 1 || hashes.size > 1;
    })
    .map(([id, said]) => `${id}: ${said.map(({ bank, state }) => `${bank} ${state}`).join(', ')}`);
}
