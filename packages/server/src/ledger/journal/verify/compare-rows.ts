import type { Difference } from './difference.ts';
import { canonicalJson, type Row } from './row-text.ts';
import type { TableShape } from './table-shapes.ts';

/** Where in the journal a row comes from; nulls: nothing gives it. */
export interface Place {
  readonly block: number | null;
  readonly seq: number | null;
}

export const NO_PLACE: Place = { block: null, seq: null };

/** The first column that differs; undefined when none does. */
export function compareRows(
  shape: TableShape,
  expected: Row,
  found: Row,
  place: Place,
): Difference | undefined {
  for (let index = 0; index < shape.columns.length; index += 1) {
    const wanted = expected[index] ?? null;
    const stands = found[index] ?? null;
    if (wanted === stands) continue;
    if (index === shape.json && stands !== null && canonicalJson(stands) === wanted) continue;
    return {
      kind: 'different',
      table: shape.table,
      ...place,
      row: shape.nameOf(expected),
      column: shape.columns[index] ?? null,
      expected: wanted,
      found: stands,
    };
  }
  return undefined;
}

export function missingRow(shape: TableShape, expected: Row, place: Place): Difference {
  const row = shape.nameOf(expected);
  return {
    kind: 'missing',
    table: shape.table,
    ...place,
    row,
    column: null,
    expected: row,
    found: null,
  };
}

export function unexpectedRow(shape: TableShape, found: Row, place: Place): Difference {
  const row = shape.nameOf(found);
  return {
    kind: 'unexpected',
    table: shape.table,
    ...place,
    row,
    column: null,
    expected: null,
    found: row,
  };
}
