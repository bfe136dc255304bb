import type pg from 'pg';
import type { JournalVerifier } from './journal-verifier.ts';
import { AS_TEXT } from './row-cursor.ts';
import { timeText } from './row-text.ts';
import { HEAD_COLUMNS } from './table-shapes.ts';

/** The row of head as PostgreSQL writes it, hashes as hexadecimal digits. */
export type HeadRow = Readonly<Record<(typeof HEAD_COLUMNS)[number], string>>;

/** The head of the snapshot; undefined when its row was removed. */
export async function readVerifiedHead(client: pg.Client): Promise<HeadRow | undefined> {
  const { rows } = await client.query<HeadRow>({
    text: `select ${HEAD_COLUMNS.join(', ')} from head order by block desc`,
    types: AS_TEXT,
  });
  return rows[0];
}

/** Compares head with the newest block and with what the fold counted. */
export function compareHead(head: HeadRow | undefined, verifier: JournalVerifier): void {
  const { end, bank, ledger, differences, isWhole } = verifier;
  const place = { table: 'head', block: end?.block ?? null, seq: end?.lastSeq ?? null } as const;
  if (head === undefined) {
    differences.add({
      ...place,
      kind: 'missing',
      row: 'head',
      column: null,
      expected: `block ${end?.block}`,
      found: null,
    });
    return;
  }
  if (end === undefined) {
    differences.add({
      ...place,
      kind: 'unexpected',
      row: 'head',
      column: null,
      expected: null,
      found: `block ${head.block}`,
    });
    return;
  }
  const expected: HeadRow = {
    singleton: 't',
    block: String(end.block),
    seq: String(end.lastSeq),
    hash: end.hash,
    at: timeText(end.at),
    accounts: isWhole ? String(ledger.accounts.size) : head.accounts,
    bank: bank ?? head.bank,
  };
  // With blocks missing at the end everything differs; the number says it best.
  const column = HEAD_COLUMNS.find((name) => expected[name] !== head[name]);
  if (column === undefined) return;
  differences.add({
    ...place,
    kind: 'different',
    row: 'head',
    column,
    expected: expected[column],
    found: head[column],
  });
}
