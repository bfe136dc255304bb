import { parseJson } from '@lastro/core';
import pg from 'pg';

const SHORT_OFFSET = /[+-]\d\d$/;

/**
 * How PostgreSQL's values become ours: integers of 64 bits and whole numerics as bigint, times as
 * milliseconds since 1970; JSON by `parseJson`, for clients choose the names in it. One set for every connection; the driver's global parsers stay alone. All
 * zeros are one object: most accounts that a bank keeps in memory have two.
 */
export function createValueTypes(): pg.CustomTypesConfig {
  const types = new pg.TypeOverrides();
  const { INT8, NUMERIC, TIMESTAMPTZ, JSON: PLAIN_JSON, JSONB } = pg.types.builtins;
  types.setTypeParser(INT8, (text: string) => (text === '0' ? 0n : BigInt(text)));
  types.setTypeParser(NUMERIC, BigInt);
  types.setTypeParser(TIMESTAMPTZ, (text: string) =>
    Date.parse(SHORT_OFFSET.test(text) ? `${text.replace(' ', 'T')}:00` : text.replace(' ', 'T')),
  );
  types.setTypeParser(PLAIN_JSON, parseJson);
  types.setTypeParser(JSONB, parseJson);
  return types;
}
