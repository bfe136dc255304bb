import type pg from 'pg';
import { compareRows, missingRow, unexpectedRow, type Place } from './compare-rows.ts';
import type { Differences } from './difference.ts';
import { RowCursor } from './row-cursor.ts';
import type { Row } from './row-text.ts';
import type { StreamedShape } from './table-shapes.ts';

/** Rows without a partner that are kept in case theirs stands at another place. */
const STRAYS_MAX = 10_000;

interface Stray {
  readonly row: Row;
  readonly place: Place;
}

/** The events of a block, by their numbers. */
export interface BlockSpan {
  readonly block: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** Merges the rows of one table, in their order, with those that the journal gives. */
export class StreamedComparison {
  readonly #shape: StreamedShape;
  readonly #cursor: RowCursor;
  readonly #differences: Differences;
  readonly #missing = new Map<string, Stray>();
  readonly #unexpected = new Map<string, Stray>();

  private constructor(shape: StreamedShape, cursor: RowCursor, differences: Differences) {
    this.#shape = shape;
    this.#cursor = cursor;
    this.#differences = differences;
  }

  /** The rows are sorted without an index: what an index hides must be found, too. */
  static async open(
    client: pg.Client,
    shape: StreamedShape,
    differences: Differences,
  ): Promise<StreamedComparison> {
    const { table, columns, order, identity } = shape;
    const by = [...new Set([...order, ...identity])].map((index) => columns[index]).join(', ');
    const query = `select ${columns.join(', ')} from ${table} order by ${by}`;
    const cursor = await RowCursor.open(client, `rows_of_${table}`, query);
    return new StreamedComparison(shape, cursor, differences);
  }

  /** Compares the rows of one block; every row up to its last event is taken. */
  async compare(expected: readonly Row[], span: BlockSpan): Promise<void> {
    let index = 0;
    for (;;) {
      const filling = this.#cursor.fill();
      if (filling !== undefined) await filling;
      const found = this.#cursor.peek();
      const wanted = expected[index];
      if (found === undefined || this.#seqOf(found) > span.lastSeq) break;
      if (wanted === undefined) {
        this.#takeUnexpected(found, span);
        continue;
      }
      const order = this.#orderOf(wanted, found);
      if (order > 0) {
        this.#takeUnexpected(found, span);
      } else if (order < 0) {
        this.#noteMissing(wanted, span);
        index += 1;
      } else {
        await this.#match(wanted, span);
        index += 1;
      }
    }
    for (; index < expected.length; index += 1) {
      const wanted = expected[index];
      if (wanted !== undefined) this.#noteMissing(wanted, span);
    }
  }

  /** Takes the rows past the newest event, and settles those without a partner. */
  async finish(): Promise<void> {
    for (;;) {
      await this.#cursor.fill();
      const found = this.#cursor.peek();
      if (found === undefined) break;
      this.#cursor.skip();
      this.#note(this.#unexpected, found, { block: null, seq: this.#seqOf(found) });
    }
    this.settle();
  }

  /** Reports the rows without a partner; one that stands at another place is a changed row. */
  settle(): void {
    for (const [identity, { row, place }] of this.#missing) {
      const moved = this.#unexpected.get(identity);
      if (moved === undefined) {
        this.#differences.add(missingRow(this.#shape, row, place));
        continue;
      }
      this.#unexpected.delete(identity);
      const difference = compareRows(this.#shape, row, moved.row, place);
      if (difference !== undefined) this.#differences.add(difference);
    }
    for (const { row, place } of this.#unexpected.values()) {
      this.#differences.add(unexpectedRow(this.#shape, row, place));
    }
    this.#missing.clear();
    this.#unexpected.clear();
  }

  /** Several rows may stand at one place; that of the same identity is the partner, else the only one. */
  async #match(wanted: Row, span: BlockSpan): Promise<void> {
    const group: Row[] = [];
    for (;;) {
      const filling = this.#cursor.fill();
      if (filling !== undefined) await filling;
      const found = this.#cursor.peek();
      if (found === undefined || this.#orderOf(wanted, found) !== 0) break;
      group.push(found);
      this.#cursor.skip();
    }
    const identity = this.#identityOf(wanted);
    const partner = group.find((found) => this.#identityOf(found) === identity) ?? group[0];
    if (partner === undefined) throw new Error('a match without a row');
    const place = this.#placeOf(wanted, span);
    const difference = compareRows(this.#shape, wanted, partner, place);
    if (difference !== undefined) this.#differences.add(difference);
    for (const found of group) {
      if (found !== partner) this.#note(this.#unexpected, found, place);
    }
  }

  #takeUnexpected(found: Row, span: BlockSpan): void {
    this.#cursor.skip();
    this.#note(this.#unexpected, found, this.#placeOf(found, span));
  }

  #noteMissing(wanted: Row, span: BlockSpan): void {
    this.#note(this.#missing, wanted, this.#placeOf(wanted, span));
  }

  #note(strays: Map<string, Stray>, row: Row, place: Place): void {
    if (strays.size >= STRAYS_MAX) this.settle();
    const identity = this.#identityOf(row);
    if (strays.has(identity)) {
      this.#differences.add(unexpectedRow(this.#shape, row, place));
    } else {
      strays.set(identity, { row, place });
    }
  }

  #placeOf(row: Row, { block, firstSeq }: BlockSpan): Place {
    const seq = this.#seqOf(row);
    return { block: seq < firstSeq ? null : block, seq };
  }

  #seqOf(row: Row): number {
    return Number(row[this.#shape.order[0] ?? 0]);
  }

  #orderOf(wanted: Row, found: Row): number {
    for (const column of this.#shape.order) {
      const order = Number(wanted[column]) - Number(found[column]);
      if (order !== 0) return order;
    }
    return 0;
  }

  #identityOf(row: Row): string {
    return this.#shape.identity.map((column) => row[column]).join(' ');
  }
}
