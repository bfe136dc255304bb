import type pg from 'pg';
import type { Row } from './row-text.ts';

/** Rows that are taken at once; a few MiB at most. */
const ROWS_AT_ONCE = 5_000;

const BYTEA = 17;

/** Every value as PostgreSQL writes it, so that nothing is lost in reading: times to the microsecond. */
export const AS_TEXT: pg.CustomTypesConfig = {
  getTypeParser: (type: number) => (text: string | Buffer) => {
    const written = typeof text === 'string' ? text : text.toString('utf8');
    // `\x` and hexadecimal digits.
    return type === BYTEA ? written.slice(2) : written;
  },
};

/** Reads a query's rows in its order, a few at a time, within the transaction of its client. */
export class RowCursor {
  readonly #client: pg.Client;
  readonly #name: string;
  readonly #rowsAtOnce: () => number;
  #rows: readonly Row[] = [];
  #index = 0;
  #isEnded = false;

  private constructor(client: pg.Client, name: string, rowsAtOnce: () => number) {
    this.#client = client;
    this.#name = name;
    this.#rowsAtOnce = rowsAtOnce;
  }

  /** `name`: of the cursor, unique in the transaction. */
  static async open(
    client: pg.Client,
    name: string,
    query: string,
    rowsAtOnce: () => number = () => ROWS_AT_ONCE,
  ): Promise<RowCursor> {
    await client.query(`declare ${name} no scroll cursor for ${query}`);
    return new RowCursor(client, name, rowsAtOnce);
  }

  /** Makes sure that `peek` knows the next row. Free unless rows must be fetched. */
  fill(): Promise<void> | undefined {
    if (this.#index < this.#rows.length || this.#isEnded) return undefined;
    return this.#fetch();
  }

  /** The next row; undefined at the end. `fill` must have gone before. */
  peek(): Row | undefined {
    return this.#rows[this.#index];
  }

  skip(): void {
    this.#index += 1;
  }

  async #fetch(): Promise<void> {
    const { rows } = await this.#client.query<(string | null)[]>({
      text: `fetch ${this.#rowsAtOnce()} from ${this.#name}`,
      rowMode: 'array',
      types: AS_TEXT,
    });
    this.#rows = rows;
    this.#index = 0;
    this.#isEnded = rows.length === 0;
  }
}
