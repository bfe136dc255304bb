import * as fc from 'fast-check';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { abandonDatabase, createDatabase } from '../../../../tests/harness/postgres.ts';
import { bytesArray, lines, numberArray, textArray } from './array-literal.ts';

let client: pg.Client;

beforeAll(async () => {
  const url = await createDatabase();
  client = new pg.Client({ connectionString: url });
  await client.connect();
  return async () => {
    await client.end();
    await abandonDatabase(url);
  };
});

/** What PostgreSQL makes of the literal, element by element and in order. */
async function elements(literal: string, type: string): Promise<unknown[]> {
  const { rows } = await client.query<{ list: unknown }>(
    `select coalesce(json_agg(element::text order by place), '[]') as list
       from unnest($1::${type}[]) with ordinality as of_array(element, place)`,
    [literal],
  );
  return rows[0]?.list as unknown[];
}

const ADVERSARIAL = [
  '',
  ' ',
  '  x  ',
  'NULL',
  'null',
  '"NULL"',
  '"',
  '""',
  '\\',
  '\\\\',
  '\\"',
  '"\\',
  '{',
  '}',
  '{}',
  '{a,b}',
  ',',
  ',,',
  'a,b',
  "'",
  "''",
  "'; drop table x; --",
  '$1',
  '\n',
  '\r\n',
  '\t',
  '\u0001',
  '\u001f',
  '\u007f',
  'ção',
  '🙂',
  '\u{10ffff}',
  '\ufffd',
  '\ufeff',
  '\\x41',
  '\\u0041',
  '\\n',
  "E'\\n'",
  '(a)',
  '[1:2]={1,2}',
  '%',
  '_',
  '{"a":"b\\"c"}',
];

describe('arrays of text', () => {
  it('bring back what is hardest to quote, alone and together', async () => {
    expect(await elements(textArray(ADVERSARIAL), 'text')).toEqual(ADVERSARIAL);
    for (const text of ADVERSARIAL)
      expect(await elements(textArray([text]), 'text')).toEqual([text]);
  });

  it('tell NULL from the text', async () => {
    expect(await elements(textArray([null, 'NULL', null, '']), 'text')).toEqual([
      null,
      'NULL',
      null,
      '',
    ]);
    expect(await elements(textArray([]), 'text')).toEqual([]);
  });

  it('bring back any text that PostgreSQL can hold', async () => {
    const text = fc
      .oneof(
        fc.string({ unit: 'binary' }),
        fc.string({
          unit: fc.constantFrom('"', '\\', '{', '}', ',', 'N', 'U', 'L', ' ', '\n', "'", 'é'),
        }),
      )
      .filter((value) => !value.includes('\0') && value.isWellFormed());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text), { maxLength: 30 }), async (list) => {
        expect(await elements(textArray(list), 'text')).toEqual(list);
      }),
      { numRuns: 200 },
    );
  });

  it('carry JSON', async () => {
    const documents = [{ a: 'b"c\\d' }, { 'k{},': '\n' }, {}];
    const list = await elements(
      textArray(documents.map((document) => JSON.stringify(document))),
      'jsonb',
    );
    expect(list.map((text) => JSON.parse(String(text)) as unknown)).toEqual(documents);
  });
});

describe('lines', () => {
  /** What a statement makes of them beside a list that says how many there are. */
  async function beside(values: readonly (string | null)[]): Promise<unknown[]> {
    const { rows } = await client.query<{ line: string | null }>(
      `select line from unnest($1::integer[], string_to_array($2::text, E'\\n', ''))
        as new (place, line) order by place`,
      [values.map((_, place) => place), lines(values)],
    );
    return rows.map(({ line }) => line);
  }

  it('bring back texts of one line and NULL, alone and together', async () => {
    const texts = ADVERSARIAL.filter((text) => text !== '' && !text.includes('\n'));
    const all = [null, ...texts.flatMap((text) => [text, null]), 'last', null];
    expect(await beside(all)).toEqual(all);
    for (const text of [...texts, null]) expect(await beside([text])).toEqual([text]);
  });

  it('refuse what would come out as something else', () => {
    expect(() => lines(['a', ''])).toThrow('one line');
    expect(() => lines(['a\nb'])).toThrow('one line');
  });
});

describe('arrays of numbers', () => {
  it('bring back the bounds and NULL', async () => {
    const list = [0n, -1n, 9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n, null, 7];
    expect(await elements(numberArray(list), 'bigint')).toEqual(
      list.map((value) => value?.toString() ?? null),
    );
    const wide = [10n ** 39n, -(10n ** 39n)];
    expect(await elements(numberArray(wide), 'numeric')).toEqual(wide.map(String));
    expect(await elements(numberArray([]), 'bigint')).toEqual([]);
  });

  it('bring back any', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))),
        async (list) => {
          expect(await elements(numberArray(list), 'bigint')).toEqual(
            list.map((value) => value?.toString() ?? null),
          );
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('arrays of bytes', () => {
  it('bring back any', async () => {
    const bytes = fc
      .uint8Array({ maxLength: 64 })
      .map((array) => Buffer.from(array).toString('hex'));
    await fc.assert(
      fc.asyncProperty(fc.array(bytes), async (list) => {
        expect(await elements(bytesArray(list), 'bytea')).toEqual(list.map((hex) => `\\x${hex}`));
      }),
      { numRuns: 50 },
    );
  });
});
