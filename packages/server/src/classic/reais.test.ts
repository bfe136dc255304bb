import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reaisNumber, reaisText } from './reais.ts';

describe('centavos as JSON numbers in reais', () => {
  it.each([
    [0n, '0'],
    [1n, '0.01'],
    [10n, '0.1'],
    [199_900n, '1999'],
    [199_990n, '1999.9'],
    [199_999n, '1999.99'],
    [-5n, '-0.05'],
    [999_999_999_999_999n, '9999999999999.99'],
  ])('%d centavos are %s', (centavos, text) => {
    expect(JSON.stringify(reaisNumber(centavos))).toBe(text);
  });

  it('never show more than two decimals or another amount, up to 10^15 centavos', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 15n - 1n), (centavos) => {
        const text = JSON.stringify(reaisNumber(centavos));
        expect(text).toMatch(/^\d+(\.\d{1,2})?$/);
        const [reais = '', cents = ''] = text.split('.');
        expect(BigInt(reais + cents.padEnd(2, '0'))).toBe(centavos);
      }),
    );
  });
});

describe('centavos as people write them', () => {
  it.each([
    [0n, 'R$ 0,00'],
    [199_999n, 'R$ 1.999,99'],
    [250_000_000_000n, 'R$ 2.500.000.000,00'],
    [-123_456n, '-R$ 1.234,56'],
  ])('%d centavos are %s', (centavos, text) => {
    expect(reaisText(centavos).replaceAll('\u00A0', ' ')).toBe(text);
  });
});
