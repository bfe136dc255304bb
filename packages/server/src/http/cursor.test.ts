import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeNumberCursor, decodeTextCursor, encodeCursor } from './cursor.ts';

const refusal = expect.objectContaining({ code: 'invalid_request' });
const encoded = (text: string) => Buffer.from(text, 'utf8').toString('base64url');

describe('a cursor', () => {
  it('comes back as it was given', () => {
    const natural = fc.maxSafeNat();
    fc.assert(
      fc.property(fc.array(natural, { minLength: 1, maxLength: 3 }), (numbers) => {
        expect(decodeNumberCursor(encodeCursor(...numbers), numbers.length)).toEqual(numbers);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9._:@+-]{1,50}$/), (sku) => {
        expect(decodeTextCursor(encodeCursor(sku))).toBe(sku);
      }),
    );
  });

  it('that is absent means the first page', () => {
    expect(decodeNumberCursor(undefined, 2)).toBeUndefined();
    expect(decodeTextCursor(undefined)).toBeUndefined();
  });

  it.each([
    '',
    'x',
    '!!!',
    'a b',
    `${encoded('5')}=`,
    ` ${encoded('5')}`,
    encoded(''),
    encoded('5\n6'),
    encoded('\n'),
    encoded('-1'),
    encoded('+5'),
    encoded(' 5'),
    encoded('05'),
    encoded('5.0'),
    encoded('1e3'),
    encoded('0x10'),
    encoded('NaN'),
    encoded('Infinity'),
    encoded('9007199254740992'),
    encoded('٥'),
    '\u0000',
  ])('%j is no cursor of one number', (cursor) => {
    expect(() => decodeNumberCursor(cursor, 1)).toThrow(refusal);
  });

  it.each([
    '',
    '*',
    encoded(''),
    encoded('a\u0000b'),
    encoded('a\nb'),
    Buffer.from([0xff, 0xfe]).toString('base64url'),
    Buffer.from('a\ud800', 'utf16le').toString('base64'),
  ])('%j is no cursor of one text', (cursor) => {
    expect(() => decodeTextCursor(cursor)).toThrow(refusal);
  });

  it('of another list is refused', () => {
    expect(() => decodeNumberCursor(encodeCursor(5), 2)).toThrow(refusal);
    expect(() => decodeNumberCursor(encodeCursor('a-sku'), 1)).toThrow(refusal);
    expect(() => decodeTextCursor(encodeCursor(5, 6))).toThrow(refusal);
  });

  it('whatever it is, is taken or refused and nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (cursor) => {
        try {
          expect(encodeCursor(...(decodeNumberCursor(cursor, 1) ?? []))).toBe(cursor);
        } catch (error) {
          expect(error).toEqual(refusal);
        }
      }),
    );
  });
});
