import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Difference } from '../../packages/server/src/ledger/journal/index.ts';
import { isLong } from '../faults/fixtures/rounds.ts';
import { abandonDatabase, createBankDatabase } from '../harness/postgres.ts';
import { writeHistory } from './history.ts';
import { Tamperer } from './tampering.ts';

// Everything that the owner of the database can do to one row, found and located. Driven by what
// PostgreSQL says its tables are: a new column without a place here fails.

let url: string;
let owner: Tamperer;

beforeAll(async () => {
  url = await createBankDatabase();
  await writeHistory(url);
  owner = await Tamperer.connect(url);
});

afterAll(async () => {
  await owner.close();
  await abandonDatabase(url);
});

interface Table {
  readonly name: string;
  /** SQL for the public name of a row, as the verifier gives it. */
  readonly row: string;
  /** SQL for the event that last changed a row. */
  readonly seq: string;
  /** Columns by which a row is found: changed, the row is missed where it was. */
  readonly place: readonly string[];
}

/** SQL for the number of the newest event of a type that says so of this row; null: there is none. */
const eventOf = (types: string, member: string, id: string) =>
  `(select max(substring(line from '"seq":([0-9]+)')::bigint)
      from block, regexp_split_to_table(convert_from(body, 'UTF8'), '\n') as line
     where line ~ '"type":"(${types})"' and line !~ '"type":"lease[.]requested".*"granted":null'
       and position('"${member}":"' || ${id} || '"' in line) > 0)`;

const TABLES: readonly Table[] = [
  { name: 'head', row: `'head'`, seq: 'seq', place: [] },
  { name: 'block', row: `'block ' || block`, seq: 'last_seq', place: ['block'] },
  {
    name: 'account',
    row: 'id',
    seq: `greatest(
      (select max(seq) from transfer where account.number in (from_account, to_account)),
      (select max(greatest(l.hold_seq, e.seq))
         from hold_leg l left join
              (select hold_seq, seq from hold_end union all
               select seq, decided_seq from cross_transaction) e on e.hold_seq = l.hold_seq
        where account.number in (l.from_account, l.to_account)),
      ${eventOf('account[.][a-z]+|lease[.][a-z]+', 'account', 'account.id')},
      case when account.id like 'peer:%'
           then ${eventOf('peer[.]limited', 'bank', `split_part(account.id, ':', 2)`)} end)`,
    place: [],
  },
  { name: 'transfer', row: 'id::text', seq: 'seq', place: [] },
  { name: 'transaction', row: 'id::text', seq: 'seq', place: [] },
  { name: 'product', row: 'sku', seq: 'null::bigint', place: ['sku'] },
  { name: 'orders', row: 'id::text', seq: 'seq', place: [] },
  {
    name: 'order_line',
    row: `'order of event ' || order_seq || ', line ' || line || ' (' || sku || ')'`,
    seq: 'order_seq',
    place: ['order_seq', 'line'],
  },
  { name: 'outcome', row: `principal || ' ' || id`, seq: 'seq', place: [] },
  { name: 'hold', row: 'id::text', seq: 'seq', place: [] },
  {
    name: 'hold_leg',
    row: `'hold of event ' || hold_seq || ', transfer ' || leg`,
    seq: 'hold_seq',
    place: ['hold_seq', 'leg'],
  },
  { name: 'hold_end', row: `'hold of event ' || hold_seq`, seq: 'seq', place: [] },
  {
    name: 'hold_open',
    row: `'hold of event ' || hold_seq`,
    seq: `greatest(hold_seq, ${eventOf(
      'hold[.]extended',
      'hold',
      '(select id from hold where seq = hold_open.hold_seq)',
    )})`,
    place: ['hold_seq'],
  },
  {
    name: 'lease',
    row: 'id::text',
    seq: `greatest(ticket, token, ${eventOf('lease[.]renewed', 'id', 'lease.id')})`,
    place: ['ticket'],
  },
  { name: 'reversal', row: `transfer || ' of ' || reverses`, seq: 'seq', place: [] },
  { name: 'order_cancellation', row: 'order_id::text', seq: 'seq', place: [] },
  {
    name: 'cross_transaction',
    row: 'id',
    seq: `greatest(seq, decided_seq,
      ${eventOf('crossbank[.]settled', 'id', 'cross_transaction.id')})`,
    place: ['id'],
  },
  {
    name: 'consent',
    row: 'id::text',
    seq: `greatest(
      ${eventOf('consent[.][a-z]+', 'id', 'consent.id')},
      ${eventOf('crossbank[.]prepared', 'consent', 'consent.id')},
      (select max(decided_seq) from cross_transaction t
        where t.state = 'aborted' and position(consent.id::text in t.body) > 0))`,
    place: ['id'],
  },
];

/** Tables without facts of the ledger; `checkpoints.test.ts` has those of checkpoints. */
const OTHER_TABLES = [
  'api_key',
  'bank_life',
  'checkpoint',
  'migration',
  'peer',
  'peer_agreement',
  'peer_life',
  'peer_nonce',
  'queued_request',
  'reconciling',
  'register_pin',
  'removal_floor',
];

/** Another value of a column's type; `col` is the column. */
const OTHER_VALUE: Readonly<Record<string, string>> = {
  bigint: 'coalesce(col + 1, 7)',
  integer: 'coalesce(col + 1, 7)',
  numeric: 'coalesce(col + 1, 7)',
  text: `coalesce(col || 'x', 'x')`,
  uuid: 'gen_random_uuid()',
  bytea: 'set_byte(col, length(col) / 2, get_byte(col, length(col) / 2) # 1)',
  'timestamp with time zone': `coalesce(col + interval '1 microsecond', 'epoch')`,
  jsonb: `case when col is null then '{}' else col || '{"x": "y"}' end`,
  boolean: 'not col',
};

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
}

async function columnsOf(): Promise<Column[]> {
  const rows = await owner.rows(
    `select table_name, column_name, data_type
       from information_schema.columns join information_schema.tables
            using (table_schema, table_name)
      where table_schema = 'public' and table_type = 'BASE TABLE'
      order by table_name, ordinal_position`,
  );
  return rows.map((row) => ({
    table: row['table_name'] ?? '',
    name: row['column_name'] ?? '',
    type: row['data_type'] ?? '',
  }));
}

interface Target {
  readonly ctid: string;
  readonly row: string;
  readonly block: number | null;
}

/** A first, a middle and a last row of a table, those with and those without a value. */
async function targetsOf({ name, row, seq }: Table, column: string): Promise<Target[]> {
  const rows = await owner.rows(
    `with named as (
       select ctid, ${row} as row, ${seq} as seq, ${column} is null as empty from "${name}"),
     ranked as (
       select *, row_number() over (partition by empty order by seq, row) as rank,
              count(*) over (partition by empty) as many from named)
     select ctid::text, row,
            (select block from block where seq between first_seq and last_seq)::text as block
       from ranked where rank in (1, (many + 1) / 2, many)`,
  );
  return rows.map((found) => ({
    ctid: found['ctid'] ?? '',
    row: found['row'] ?? '',
    block: found['block'] === null ? null : Number(found['block']),
  }));
}

/** In the longer run all of them, else one for each column, in turn. */
function someOf(targets: readonly Target[], index: number): readonly Target[] {
  return isLong ? targets : targets.slice(index % targets.length).slice(0, 1);
}

function expectFound(first: Difference | null, table: Table, target: Target, column: string): void {
  expect(first).not.toBeNull();
  expect(first).toMatchObject({ table: table.name });
  if (table.place.includes(column)) {
    // It is missed where it was: a row or, of blocks, the first of a gap.
    expect(['missing', 'unexpected', 'different']).toContain(first?.kind);
  } else {
    expect(first).toMatchObject({ kind: 'different', column, row: target.row });
  }
  if (target.block !== null && first?.kind !== 'unexpected')
    expect(first?.block).toBe(target.block);
}

test('the untouched history is clean', async () => {
  const report = await owner.verifyAfter([]);
  expect(report.differences.first).toBeNull();
  expect(report).toMatchObject({ clean: true, bank: 'test', stoppedAt: null });
  expect(report.blocks).toBeGreaterThan(20);
});

test('every table is known here, and every type of a column', async () => {
  const columns = await columnsOf();
  const known = [...TABLES.map(({ name }) => name), ...OTHER_TABLES].toSorted();
  expect([...new Set(columns.map(({ table }) => table))].toSorted()).toEqual(known);
  const ofTheLedger = columns.filter(({ table }) => !OTHER_TABLES.includes(table));
  const types = ofTheLedger.map(({ type }) => type);
  expect(types.filter((type) => !(type in OTHER_VALUE))).toEqual([]);
});

// Every value of a table is a run of the verifier: seconds on a machine of one's own.
describe.each(TABLES)('$name', { timeout: 180_000 }, (table) => {
  test('a change of any column of a row is found', async () => {
    const columns = (await columnsOf()).filter((column) => column.table === table.name);
    expect(columns.length).toBeGreaterThan(1);
    for (const [index, { name, type }] of columns.entries()) {
      const targets = await targetsOf(table, name);
      expect(targets.length).toBeGreaterThan(0);
      for (const target of someOf(targets, index)) {
        const value = OTHER_VALUE[type]?.replaceAll('col', `"${name}"`);
        const report = await owner.verifyAfter([
          `update "${table.name}" set "${name}" = ${value} where ctid = '${target.ctid}'`,
        ]);
        expectFound(report.differences.first, table, target, name);
      }
    }
  });

  test('a value that is taken away is found', async () => {
    const columns = (await columnsOf()).filter((column) => column.table === table.name);
    for (const { name } of columns) {
      const [target] = (await targetsOf(table, name)).filter(({ row }) => row !== '');
      const statement = `update "${table.name}" set "${name}" = null where "${name}" is not null`;
      const report = await owner.verifyAfter([statement]);
      expect(report.clean, `${table.name}.${name} of ${target?.row}`).toBe(false);
    }
  });

  test('a row that is deleted is found', async () => {
    for (const target of await targetsOf(table, '1')) {
      const report = await owner.verifyAfter([
        `delete from "${table.name}" where ctid = '${target.ctid}'`,
      ]);
      const expected = { kind: 'missing', table: table.name, row: target.row };
      expect(report.differences.first).toMatchObject(expected);
    }
  });

  test('a row that is added is found', async () => {
    for (const target of await targetsOf(table, '1')) {
      const report = await owner.verifyAfter([
        `insert into "${table.name}" select * from "${table.name}" where ctid = '${target.ctid}'`,
      ]);
      expect(report.differences.first).toMatchObject({ table: table.name, kind: 'unexpected' });
    }
  });
});
