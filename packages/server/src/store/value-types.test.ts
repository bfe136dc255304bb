import { expect, test } from 'vitest';
import { createValueTypes } from './value-types.ts';

/** `json` and `jsonb`. */
const OIDS = [114, 3802];

test('a name with an escape in what PostgreSQL keeps as JSON is that which is written', () => {
  const types = createValueTypes();
  for (const type of OIDS) {
    const read: (text: string) => unknown = types.getTypeParser(type, 'text');
    read('{"first":"1","\\\\":"2"}');
    expect(read('{"first":"1","\\n":"2"}')).toEqual({ first: '1', '\n': '2' });
  }
});
