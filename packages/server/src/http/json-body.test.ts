import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonBody, readJsonBytes } from './json-body.ts';
import { ProblemError } from './problem.ts';

/** The value, or the code of the problem. */
function outcomeOf(text: string): unknown {
  try {
    return { value: readJsonBody(text) };
  } catch (error) {
    if (error instanceof ProblemError) return error.code;
    throw error;
  }
}

describe('numbers', () => {
  const places: readonly [string, (source: string) => string][] = [
    ['alone', (source) => source],
    ['in white space', (source) => ` \t\r\n${source}\n `],
    ['as a member', (source) => `{"a":${source}}`],
    ['as a member after blanks', (source) => `{"a" : \t${source} }`],
    ['as a later member', (source) => `{"a":"x","b":\n${source}}`],
    ['in a list', (source) => `[${source}]`],
    ['later in a list', (source) => `[1, ${source} ,2]`],
    ['deep', (source) => `{"a":[{"b":[[${source}]]}]}`],
  ];

  describe.each(places)('%s', (_, put) => {
    it.each([
      '1.0',
      '1.5',
      '0.0',
      '1e2',
      '1E2',
      '1e+2',
      '1e-2',
      '10.0e1',
      '-0',
      '-0.0',
      '-1.0',
      '-1e2',
      '1e400',
      '-1e400',
      '4503599627370497.3',
    ])('%s is nothing that a client may write', (source) => {
      expect(outcomeOf(put(source))).toBe('invalid_number');
    });

    it.each([
      '0',
      '7',
      '-7',
      '10',
      '1000000000000',
      '-1000000000000',
      '9007199254740991',
      '-9007199254740991',
    ])('%s is read as it is written', (source) => {
      expect(outcomeOf(put(source))).toEqual({ value: JSON.parse(put(source)) });
    });

    it.each([
      '01',
      '-01',
      '+1',
      '.5',
      '1.',
      '-',
      '--1',
      '0x10',
      '1_0',
      'NaN',
      'Infinity',
      '-Infinity',
    ])('%s is no JSON', (source) => {
      expect(outcomeOf(put(source))).toBe('invalid_json');
    });
  });

  it('text that looks like numbers is text', () => {
    const value = { a: '1.0', 'b:1.5': ',-0', c: '[1e2', '{-1': ['x: 1.0'] };
    expect(readJsonBody(JSON.stringify(value))).toEqual(value);
  });
});

describe('members that could poison an object', () => {
  it.each([
    '__proto__',
    'constructor',
    'prototype',
    '\\u005f_proto__',
    '_\\u005fproto__',
    'c\\u006Fnstructor',
  ])('%s is refused wherever it is', (name) => {
    for (const text of [
      `{"${name}":1}`,
      `{"a":{"${name}":{}}}`,
      `[[{"${name}":null}]]`,
      `{ "${name}" : 1 }`,
    ]) {
      expect(outcomeOf(text)).toBe('invalid_request');
    }
  });

  it('as values they are text like any other', () => {
    expect(readJsonBody('["__proto__","constructor"]')).toEqual(['__proto__', 'constructor']);
    expect(readJsonBody('{"a":"__proto__"}')).toEqual({ a: '__proto__' });
  });

  it('never reach a prototype', () => {
    outcomeOf('{"__proto__":{"polluted":true}}');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('what is not JSON', () => {
  it.each([
    '',
    ' ',
    '{',
    '}',
    '{"a":1,}',
    '[1,]',
    "{'a':1}",
    '{a:1}',
    '{"a":1}{"a":1}',
    'undefined',
    '/**/1',
    '"open',
    '"\\x41"',
    '"a\nb"',
    '\ufeff{}',
  ])('%j is refused', (text) => {
    expect(outcomeOf(text)).toBe('invalid_json');
  });

  it('deep nesting is no crash', () => {
    const deep = (inside: string) => `${'['.repeat(300_000)}${inside}${']'.repeat(300_000)}`;
    expect(['invalid_json', 'object']).toContain(kindOf(outcomeOf(deep(''))));
    expect(['invalid_json', 'object']).toContain(kindOf(outcomeOf(deep('-1'))));
  });

  it('bytes that are not UTF-8 are refused, not mended', () => {
    for (const hex of ['22ff22', '22c32822', '22eda08022', '22f0808080 22', '22c022']) {
      expect(() => readJsonBytes(Buffer.from(hex, 'hex')), hex).toThrow(ProblemError);
    }
    expect(readJsonBytes(Buffer.from('"ção 🙂 \ufffd"'))).toBe('ção 🙂 \ufffd');
  });
});

function kindOf(outcome: unknown): unknown {
  return typeof outcome === 'string' ? outcome : typeof outcome;
}

it('reads whatever JSON without fractions and poison exactly as JSON.parse does', () => {
  const text = fc
    .string({ unit: 'binary' })
    .filter((name) => !['__proto__', 'constructor', 'prototype'].includes(name));
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.maxSafeInteger().map((number) => (Object.is(number, -0) ? 0 : number)),
      text,
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(text, tie('value')),
    ),
  }));
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 1, '\t'), (any, indent) => {
      const json = JSON.stringify(any, undefined, indent);
      expect(readJsonBody(json)).toEqual(JSON.parse(json));
    }),
    { numRuns: 500 },
  );
});

it('finds every number that is not a plain integer', () => {
  const odd = fc
    .tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom('', 'e', 'fixed'))
    .map(([number, form]) => {
      if (form === 'e') return number.toExponential();
      return form === 'fixed' ? number.toFixed(2) : String(number);
    })
    .filter((source) => /[.eE]/.test(source));
  const padding = fc.constantFrom('', ' ', '\n', '\t ', '"x":1,', '"é":"-1.5",');
  fc.assert(
    fc.property(odd, padding, (source, before) => {
      const lead = before.includes('"') ? before : '';
      expect(outcomeOf(`{${lead}"a":${before.trim() === '' ? before : ''}${source}}`)).toBe(
        'invalid_number',
      );
    }),
    { numRuns: 500 },
  );
});

describe('names with an escape', () => {
  it('are those which are written, whatever was read before', () => {
    readJsonBody('{"kind":1,"\\\\":"x"}');
    expect(outcomeOf('{"kind":1,"\\n":"x"}')).toEqual({ value: { kind: 1, '\n': 'x' } });
  });

  it('are refused where they poison an object', () => {
    expect(outcomeOf('{"\\u005f_proto__":1}')).toBe('invalid_request');
    expect(outcomeOf('{"a\\tb":1.0}')).toBe('invalid_number');
  });
});
