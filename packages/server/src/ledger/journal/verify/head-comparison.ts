import type pg from 'pg';
import type { JournalVerifier } from './journal-verifier.ts';
import { AS_TEXT } from './row-cursor.ts';
import { timeText } from './row-text.ts';
import { HEAD_COLUMNS } from './table-shapes.ts';

/** The row of head as PostgreSQL writes it, hashes as hexadecimal digits. */
export type HeadRow = Readonly<Record<(typeof HEAD_COLUMNS)[number], string>>;

/** The head of the snapshot: one row, unless somebody removed it or added one. */
export async function readHeadRows(client: pg.Client): Promise<readonly HeadRow[]> {
  const { rows } = await client.query<HeadRow>({
    text: `select ${HEAD_COLUMNS.join(', ')} from head order by block desc`,
    types: AS_TEXT,
  });
  return rows;
}

/** Compares head with the newest block and with what the fold counted. */
export function compareHead(rows: readonly HeadRow[], verifier: JournalVerifier): void {
  const { end, bank, ledger, differences } = verifier;
  const [head, ...more] = rows;
  const place = {
    table: 'head',
    block: end?.block ?? null,
    seq: end?.lastSeq ?? null,
    row: 'head',
  } as const;
  for (const { block } of more) {
    const found = `a second head, at block ${block}`;
    differences.add({ ...place, kind: 'unexpected', column: null, expected: null, found });
  }
  if (head === undefined) {
    const expected = `block ${end?.block}`;
    differences.add({ ...place, kind: 'missing', column: null, expected, found: null });
    return;
  }
  // With the newest block's hash head is only numbered wrongly; otherwise blocks were cut off.
  if (head.hash !== end?.hash) verifier.expectEnd(Number(head.block));
  if (end === undefined || !verifier.isWhole) return;
  const expected: HeadRow = {
    singleton: 't',
    block: String(end.block),
    seq: String(end.lastSeq),
    hash: end.hash,
    at: timeText(end.at),
    accounts: String(ledger.accounts.size),
    bank: bank ?? head.bank,
  };
  const column = HEAD_COLUMNS.find((name) => expected[name] !== head[name]);
  if (column === undefined) return;
  const values = { expected: expected[column], found: head[column] };
  differences.add({ ...place, kind: 'different', column, ...values });
}
