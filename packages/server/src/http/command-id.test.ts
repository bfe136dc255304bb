import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { commandHash, commandId, idempotencyKey } from './command-id.ts';

function requestWith(key?: string | string[]): FastifyRequest {
  return {
    headers: key === undefined ? {} : { 'idempotency-key': key },
  } as unknown as FastifyRequest;
}

describe('the identity of a command', () => {
  it('is the body’s id, else the header, else new', () => {
    expect(commandId(requestWith('from-the-header'), 'from-the-body')).toBe('from-the-body');
    expect(commandId(requestWith('from-the-header'), undefined)).toBe('from-the-header');
    const first = commandId(requestWith(), undefined);
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(commandId(requestWith(), undefined)).not.toBe(first);
  });

  it('is the same bare and in quotes', () => {
    expect(idempotencyKey(requestWith('12345678'))).toBe('12345678');
    expect(idempotencyKey(requestWith('"12345678"'))).toBe('12345678');
  });

  it.each([
    ['1234567', 'too short'],
    ['"1234567"', 'too short in quotes'],
    ['', 'empty'],
    ['""', 'nothing in quotes'],
    ['"', 'one quote'],
    ['x'.repeat(256), 'too long'],
    [`"${'x'.repeat(256)}"`, 'too long in quotes'],
    ['12345 678', 'with a blank'],
    ['12345\t678', 'with a tab'],
    ['12345\u0000678', 'with NUL'],
    ['"12345678', 'with an opening quote'],
    ['12345678"', 'with a closing quote'],
    ['1234"5678', 'with a quote inside'],
    ['""12345678""', 'in two pairs of quotes'],
    ['1234\\5678', 'with a backslash'],
    ['1234567é', 'beyond ASCII'],
    ['1234567\u007f', 'with DEL'],
  ])('%j is refused: %s', (key) => {
    expect(() => idempotencyKey(requestWith(key))).toThrow(
      expect.objectContaining({ code: 'invalid_id' }),
    );
  });

  it('of two headers is one that names both', () => {
    expect(idempotencyKey(requestWith(['12345678', 'abcdefgh']))).toBe('12345678,abcdefgh');
  });
});

describe('the hash of a command', () => {
  it('has 64 hexadecimal digits', () => {
    expect(commandHash('POST /v1/transfers', { a: 1 })).toMatch(/^[0-9a-f]{64}$/);
  });

  it('does not mind the order of members, at any depth', () => {
    const one = commandHash('r', { a: 1, b: { c: [1, { d: 2, e: 3 }], f: null } });
    expect(commandHash('r', { b: { f: null, c: [1, { e: 3, d: 2 }] }, a: 1 })).toBe(one);
  });

  it('tells everything else apart', () => {
    const bodies: readonly unknown[] = [
      undefined,
      {},
      [],
      '',
      0,
      false,
      [{}],
      { a: 1 },
      { a: '1' },
      { a: [1] },
      { a: 1, b: 2 },
      { ab: 12 },
      { a: { b: 2 } },
      { a: '1,"b":2' },
      { 'a":1,"b': 2 },
      [1, 2],
      [2, 1],
      [12],
      ['1', '2'],
      ['1,2'],
      { a: 'x\ny' },
      { a: null },
    ];
    const hashes = bodies.flatMap((body) => [
      commandHash('POST /a', body),
      commandHash('POST /b', body),
    ]);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('is that of equal bodies only', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        const isSame = isDeepStrictEqual(asSent(left), asSent(right));
        expect(commandHash('r', left) === commandHash('r', right)).toBe(isSame);
      }),
    );
  });
});

/** JSON has one zero. */
function asSent(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
