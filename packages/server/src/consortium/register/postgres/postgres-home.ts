import assert from 'node:assert/strict';
import type pg from 'pg';
import type {
  Attempt,
  Claim,
  Guard,
  KeyRange,
  RegisterHome,
  Retirement,
  Standing,
  Swap,
  Swapped,
  TaggedEntry,
} from '../home.ts';
import { ask } from '../../../store/ask.ts';
import type { Position } from '../position.ts';
import { decisionKey, endOfPrefix, partsOfDecision } from '../register-key.ts';
import { RegisterSetupError } from '../register-setup-error.ts';
import { Connections } from './connections.ts';
import { migrateRegister } from './migrate-register.ts';

/** The columns of every statement here; each has those that it needs. */
interface StepRow {
  /** Null: the register has no generation. */
  readonly generation?: string | null;
  readonly at_revision?: string | null;
  /** The reads of a standby may be old. */
  readonly is_standby?: boolean;
  /** The entry; all four null where nothing stands. */
  readonly key?: string | null;
  readonly value?: Buffer | null;
  readonly tag?: string | null;
  readonly revision?: string | null;
  readonly floor?: string | null;
  readonly swapped?: boolean;
}

const UNSAFE_WHEN_OFF = ['fsync', 'full_page_writes', 'synchronous_commit'];

const ENTRIES = 'entry.key, entry.value, entry.tag, entry.revision';
/** One row even of an empty register, and beside it what is read in the same snapshot. */
const WHERE_IT_IS = `select register.generation, register.revision as at_revision,
    pg_is_in_recovery() as is_standby`;
const REGISTER = `from (values (true)) as one left join lastro_register.register on true`;

/** The register in one PostgreSQL database, which several banks may share with their own. */
export class PostgresHome implements RegisterHome {
  readonly #connections: Connections;

  constructor(url: string) {
    this.#connections = new Connections(url);
  }

  establish(generation: string | null, signal: AbortSignal): Promise<Attempt<null>> {
    return this.#connections.attempt(signal, async (client): Promise<Attempt<null>> => {
      await refuseUnsafe(client);
      await migrateRegister(client);
      if (generation !== null) {
        await client.query(
          `insert into lastro_register.register (generation, revision) values ($1, 1)
           on conflict (singleton) do nothing`,
          [generation],
        );
      }
      const { rows } = await client.query<StepRow>(`${WHERE_IT_IS} ${REGISTER}`);
      const found = positionOf(rows[0]);
      if (found.kind === 'standby') return STANDBY;
      return found.position === null
        ? { kind: 'guarded', seen: null }
        : { kind: 'done', position: found.position, result: null };
    });
  }

  position(guard: Guard, signal: AbortSignal): Promise<Attempt<null>> {
    return this.#read(
      guard,
      signal,
      { text: `${WHERE_IT_IS} ${REGISTER}`, values: [] },
      () => null,
    );
  }

  read(guard: Guard, key: string, signal: AbortSignal): Promise<Attempt<TaggedEntry | null>> {
    const text = `${WHERE_IT_IS}, ${ENTRIES} ${REGISTER}
      left join lastro_register.entry on entry.key = $1`;
    return this.#read(guard, signal, { text, values: [key] }, (rows) => entryOf(rows[0]));
  }

  list(
    guard: Guard,
    { prefix, after, limit }: KeyRange,
    signal: AbortSignal,
  ): Promise<Attempt<readonly TaggedEntry[]>> {
    const text = `${WHERE_IT_IS}, ${ENTRIES} ${REGISTER}
      left join lateral (
        select * from lastro_register.entry
         where key >= $1 and key < $2 and ($3::text is null or key > $3)
         order by key limit $4
      ) as entry on true order by entry.key`;
    return this.#read(
      guard,
      signal,
      { text, values: [prefix, endOfPrefix(prefix), after, limit] },
      (rows) => rows.map(entryOf).filter((entry) => entry !== null),
    );
  }

  create(
    guard: Guard,
    claims: readonly Claim[],
    signal: AbortSignal,
  ): Promise<Attempt<readonly Standing[]>> {
    const parts = claims.map(({ key }) => partsOfDecision(key));
    const values = [
      claims.map(({ key }) => key),
      Buffer.concat(claims.map(({ value }) => value)),
      startsOf(claims),
      claims.map(({ value }) => value.length),
      claims.map(({ tag }) => tag),
      parts.map((part) => part?.coordinator ?? null),
      parts.map((part) => part?.id ?? null),
    ];
    return this.#change(
      guard,
      signal,
      { call: 'create_packed($1, $2, $3, $4, $5, $6, $7, $8, $9)', values },
      (rows) => rows.map((row, place) => standingOf(row, claims[place])),
    );
  }

  swap(guard: Guard, swap: Swap, signal: AbortSignal): Promise<Attempt<Swapped>> {
    return this.#change(
      guard,
      signal,
      {
        call: 'swap_entry($1, $2, $3, $4, $5, $6)',
        values: [swap.key, swap.revision, swap.value, swap.tag],
      },
      ([row]) => ({ kind: row?.swapped === true ? 'swapped' : 'changed', entry: entryOf(row) }),
    );
  }

  retire(
    guard: Guard,
    { coordinator, floor, ids }: Retirement,
    signal: AbortSignal,
  ): Promise<Attempt<string>> {
    const keys = ids.map((id) => decisionKey(coordinator, id));
    return this.#change(
      guard,
      signal,
      { call: 'retire($1, $2, $3, $4, $5)', values: [coordinator, floor, keys] },
      ([row]) => row?.floor ?? floor,
    );
  }

  close(): Promise<void> {
    return this.#connections.close();
  }

  #read<Result>(
    guard: Guard,
    signal: AbortSignal,
    query: { readonly text: string; readonly values: readonly unknown[] },
    resultOf: (rows: readonly StepRow[]) => Result,
  ): Promise<Attempt<Result>> {
    return this.#connections.attempt(signal, async (client): Promise<Attempt<Result>> => {
      const rows = await ask<StepRow>(client, query);
      const found = positionOf(rows[0]);
      if (found.kind === 'standby') return STANDBY;
      const { position } = found;
      if (position === null || !isPast(position, guard)) return { kind: 'guarded', seen: position };
      return { kind: 'done', position, result: resultOf(rows) };
    });
  }

  #change<Result>(
    guard: Guard,
    signal: AbortSignal,
    { call, values }: { readonly call: string; readonly values: readonly unknown[] },
    resultOf: (rows: readonly StepRow[]) => Result,
  ): Promise<Attempt<Result>> {
    return this.#connections.attempt(signal, async (client): Promise<Attempt<Result>> => {
      const rows = await ask<StepRow & { readonly at_revision: string }>(client, {
        text: `select * from lastro_register.${call}`,
        values: [guard.generation, guard.revision, ...values],
      });
      const [first] = rows;
      if (first === undefined) return this.#whyGuarded(client);
      const revision = BigInt(first.at_revision);
      return {
        kind: 'done',
        position: { generation: guard.generation, revision },
        result: resultOf(rows),
      };
    });
  }

  async #whyGuarded(client: pg.PoolClient): Promise<Attempt<never>> {
    const { rows } = await client.query<StepRow>(`${WHERE_IT_IS} ${REGISTER}`);
    const found = positionOf(rows[0]);
    return found.kind === 'standby' ? STANDBY : { kind: 'guarded', seen: found.position };
  }
}

const STANDBY: Attempt<never> = {
  kind: 'away',
  effect: 'none',
  reason: 'PostgreSQL: this server is a standby, the register needs the primary',
};

function positionOf(
  row: StepRow | undefined,
): { readonly kind: 'standby' } | { readonly kind: 'at'; readonly position: Position | null } {
  if (row?.is_standby === true) return { kind: 'standby' };
  const { generation = null, at_revision: revision = null } = row ?? {};
  if (generation === null || revision === null) return { kind: 'at', position: null };
  return { kind: 'at', position: { generation, revision: BigInt(revision) } };
}

function isPast(position: Position, guard: Guard): boolean {
  return position.generation === guard.generation && position.revision >= guard.revision;
}

function entryOf(row: StepRow | undefined): TaggedEntry | null {
  if (row === undefined) return null;
  const { key = null, value = null, tag = null, revision = null } = row;
  if (key === null || value === null || tag === null || revision === null) return null;
  return { key, value, tag, revision: BigInt(revision) };
}

/** Where the value of each claim begins in the run of all of them; PostgreSQL counts from 1. */
function startsOf(claims: readonly Claim[]): readonly number[] {
  let next = 1;
  return claims.map(({ value }) => {
    const start = next;
    next += value.length;
    return start;
  });
}

/** What a claim itself has written, now or the first time, comes back without its value. */
function standingOf(row: StepRow, claim: Claim | undefined): Standing {
  const isOwn = claim !== undefined && row.tag === claim.tag;
  const entry = entryOf(isOwn ? { ...row, value: claim.value } : row);
  if (entry !== null) return { kind: 'stands', entry };
  const { floor = null } = row;
  assert(floor !== null, 'a claim was not made, and no floor is why');
  return { kind: 'below_floor', floor };
}

/** What was acknowledged must survive a crash of the server. */
async function refuseUnsafe(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select name from pg_settings where name = any ($1) and setting = 'off'`,
    [UNSAFE_WHEN_OFF],
  );
  const [unsafe] = rows;
  if (unsafe === undefined) return;
  throw new RegisterSetupError(
    'register_unsafe',
    `${unsafe.name} is off on the register's PostgreSQL, so a decision could be lost in a crash: turn it on.`,
  );
}
