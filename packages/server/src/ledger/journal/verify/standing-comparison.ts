import type pg from 'pg';
import { compareRows, missingRow, NO_PLACE, unexpectedRow, type Place } from './compare-rows.ts';
import type { Differences } from './difference.ts';
import { RowCursor } from './row-cursor.ts';
import type { Row } from './row-text.ts';
import type { StandingShape } from './table-shapes.ts';

/** What the fold holds of one table, by the public id of its rows. */
export interface StandingRows {
  readonly ids: IterableIterator<string>;
  /** The row as it should stand, and the place that last changed it; undefined: there is none. */
  find(id: string): { readonly row: Row; readonly place: Place } | undefined;
}

/** Compares the rows of a table that move on with those that the fold came to. */
export async function compareStanding(
  client: pg.Client,
  shape: StandingShape,
  expected: StandingRows,
  differences: Differences,
): Promise<void> {
  const { table, columns, identity } = shape;
  const id = identity[0] ?? 0;
  const query = `select ${columns.join(', ')} from ${table} order by ${columns[0]}, ${columns[id]}`;
  const cursor = await RowCursor.open(client, `rows_of_${table}`, query);
  const seen = new Set<string>();
  const strays: Row[] = [];
  for (;;) {
    const filling = cursor.fill();
    if (filling !== undefined) await filling;
    const found = cursor.peek();
    if (found === undefined) break;
    cursor.skip();
    const name = found[id] ?? '';
    const wanted = expected.find(name);
    if (wanted === undefined || seen.has(name)) {
      strays.push(found);
      continue;
    }
    seen.add(name);
    const difference = compareRows(shape, wanted.row, found, wanted.place);
    if (difference !== undefined) differences.add(difference);
  }
  const missing = [...expected.ids].filter((name) => !seen.has(name));
  reportStrays(shape, missing, strays, expected, differences);
}

/** A stray row whose first column is that of a missing one is that row under another id. */
function reportStrays(
  shape: StandingShape,
  missing: readonly string[],
  strays: readonly Row[],
  expected: StandingRows,
  differences: Differences,
): void {
  const byFirst = new Map(strays.map((row) => [row[0], row]));
  const taken = new Set<Row>();
  for (const name of missing) {
    const wanted = expected.find(name);
    if (wanted === undefined) continue;
    const renamed = byFirst.get(wanted.row[0] ?? null);
    if (renamed === undefined || taken.has(renamed)) {
      differences.add(missingRow(shape, wanted.row, wanted.place));
      continue;
    }
    taken.add(renamed);
    const difference = compareRows(shape, wanted.row, renamed, wanted.place);
    if (difference !== undefined) differences.add(difference);
  }
  for (const row of strays) {
    if (!taken.has(row)) differences.add(unexpectedRow(shape, row, NO_PLACE));
  }
}
