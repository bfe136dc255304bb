import pg from 'pg';

const SHORT_OFFSET = /[+-]\d\d$/;

/**
 * How PostgreSQL's values become ours: integers of 64 bits and whole numerics as bigint, times as
 * milliseconds since 1970. One set for every connection; the driver's global parsers stay alone.
 */
export function createValueTypes(): pg.CustomTypesConfig {
  const types = new pg.TypeOverrides();
  const { INT8, NUMERIC, TIMESTAMPTZ } = pg.types.builtins;
  types.setTypeParser(INT8, BigInt);
  types.setTypeParser(NUMERIC, BigInt);
  types.setTypeParser(TIMESTAMPTZ, (text: string) =>
    Date.parse(SHORT_OFFSET.test(text) ? `${text.replace(' ', 'T')}:00` : text.replace(' ', 'T')),
  );
  return types;
}
