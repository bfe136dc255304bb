import { describe, expect, it } from 'vitest';
import { centavosIn, has, idIn, readMembers } from './request-body.ts';

const valor = (text: string) => centavosIn(readMembers(`{"valor":${text}}`), 'valor');

describe('an amount', () => {
  it.each([
    ['50', 5_000n],
    ['50.0', 5_000n],
    ['0.1', 10n],
    ['0', 0n],
    ['123456789012.34', 12_345_678_901_234n],
    ['999999999999999.99', 99_999_999_999_999_999n],
  ])('%s is %d centavos, as it was written', (text, centavos) => {
    expect(valor(text)).toBe(centavos);
  });

  it.each([
    '0.001',
    '50.005',
    '-1',
    '-0',
    '1e2',
    '1E-2',
    '"50"',
    'true',
    'null',
    '[50]',
    '{"a":50}',
  ])('%s is none', (text) => {
    expect(valor(text)).toBeUndefined();
  });
});

describe('an id', () => {
  const id = (text: string) => idIn(readMembers(`{"id_conta":${text}}`), 'id_conta');

  it.each([
    ['"ana"', 'ana'],
    ['"1"', '1'],
    ['1', '1'],
    ['"jo\\u00e3o"', 'joão'],
  ])('%s is %s', (text, found) => {
    expect(id(text)).toBe(found);
  });

  it.each([
    '""',
    '1.5',
    '-1',
    '1e3',
    'true',
    'null',
    '["a"]',
    '{"text":"a"}',
    '"a\\u0000"',
    '"\\ud800"',
  ])('%s is none', (text) => {
    expect(id(text)).toBeUndefined();
  });
});

describe('a body', () => {
  it.each([
    '',
    ' ',
    '{',
    'null',
    '5',
    '"a"',
    '[1]',
    '[{"valor":5}]',
    'valor=5',
    '['.repeat(60_000),
  ])('that is no object has no members', (text) => {
    expect(readMembers(text).size).toBe(0);
  });

  it('may have members of any name', () => {
    const members = readMembers('{"__proto__":{"valor":5},"constructor":1,"valor":7}');
    expect(centavosIn(members, 'valor')).toBe(700n);
    expect(has(members, 'toString')).toBe(false);
    expect(has(readMembers('{"valor":null}'), 'valor')).toBe(false);
    expect(has(readMembers('{"valor":0}'), 'valor')).toBe(true);
  });
});
