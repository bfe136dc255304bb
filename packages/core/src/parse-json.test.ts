import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from './parse-json.ts';

/** Names as they may be written between quotes. */
const WRITTEN = [
  '\\\\',
  '\\n',
  '\\r',
  '\\"',
  '\\u0041',
  'a\\\\',
  'a\\n',
  'a\\\\\\\\',
  'a\\\\a',
  'b',
];

test('a name with an escape is that which is written, whatever was read before', () => {
  for (const earlier of WRITTEN) {
    for (const later of WRITTEN) {
      // A first member of its own, so that each pair meets objects of no other one.
      const first = JSON.stringify(`${earlier} then ${later}`);
      parseJson(`{${first}:1,"${earlier}":2}`);
      const read = parseJson(`{${first}:1,"${later}":2}`);
      const [, name] = Object.keys(read as object);
      expect(JSON.stringify([name]), `${later} after ${earlier}`).toBe(
        JSON.stringify([parseJson(`"${later}"`)]),
      );
    }
  }
});

test('what is written is read back, __proto__ and all', () => {
  const units = fc.constantFrom('\\', '\n', '"', 'a', ':', '{', '\u2028', '\ud800', '\ue0f8');
  const nasty = fc.string({ unit: units, maxLength: 4 });
  const name = fc.oneof(nasty, fc.constantFrom('__proto__', 'constructor'));
  const property = fc.property(fc.array(fc.tuple(name, nasty), { maxLength: 4 }), (pairs) => {
    const value = Object.fromEntries(pairs);
    expect(Object.entries(parseJson(JSON.stringify(value)) as object)).toEqual(
      Object.entries(value),
    );
  });
  fc.assert(property, { numRuns: 2_000 });
});

test('a reviver is told the names that are written, and what is behind them', () => {
  const told: unknown[] = [];
  const read = parseJson('{"\\u005f_proto__":{"a\\n":7},"b":[1]}', (name, value, context) => {
    told.push([name, context?.source]);
    return value;
  });
  expect(told).toEqual([
    ['a\n', '7'],
    ['__proto__', undefined],
    ['0', '1'],
    ['b', undefined],
    ['', undefined],
  ]);
  expect(Object.entries(read as object)).toEqual([
    ['__proto__', { 'a\n': 7 }],
    ['b', [1]],
  ]);
});

test('a long text that ends in the middle of a string is refused at once', () => {
  expect(() => parseJson(`{"a":"${'\\"'.repeat(500_000)}`)).toThrow(SyntaxError);
});

test('it refuses what is no JSON', () => {
  for (const text of ['', '{', '{"a":1,}', '"\\x"', '{"\\x":1}', '{"a\n\\n":1}', '{"\\n"1}']) {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  }
});
