import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCOUNT_ID, isSystemAccount } from '@lastro/core';
import { accountOf, contaIdOf, isContaId } from './conta-id.ts';

describe('the account of a client’s id', () => {
  it.each([
    ['1', 'conta:1'],
    ['ana.souza@exemplo', 'conta:ana.souza@exemplo'],
    ['cash:BRL', 'conta:cash:BRL'],
    ['x'.repeat(58), `conta:${'x'.repeat(58)}`],
  ])('of %s is %s, and back', (id, account) => {
    expect(accountOf(id)).toBe(account);
    expect(contaIdOf(account)).toBe(id);
  });

  it('is always one that can stand, and never a system account', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (id) => {
        expect(accountOf(id)).toMatch(ACCOUNT_ID);
        expect(isSystemAccount(accountOf(id))).toBe(false);
      }),
    );
  });

  it('is another one for another id', () => {
    const ids = [
      'joão',
      'joao',
      'João',
      'a/b',
      'a b',
      ' a',
      'x'.repeat(58),
      'x'.repeat(59),
      '1',
      '01',
    ];
    expect(new Set(ids.map(accountOf)).size).toBe(ids.length);
  });

  it('of another surface has no id here', () => {
    for (const account of ['1', 'cliente:1', 'cash:BRL', 'loja', 'peer:beta:BRL']) {
      expect(contaIdOf(account)).toBeUndefined();
    }
  });
});

it.each(['', 'x'.repeat(201), 'a\nb', 'a\u0000', '\ud800', '\u0085'])('%j is no id', (id) => {
  expect(isContaId(id)).toBe(false);
});
