import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centavosOf, reaisNumber, reaisText } from './reais.ts';

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

describe('reais as clients write them', () => {
  it.each([
    ['50', 5_000n],
    ['50.0', 5_000n],
    ['50.00', 5_000n],
    ['50.000', 5_000n],
    ['0', 0n],
    ['0.1', 10n],
    ['0.01', 1n],
    ['1999.99', 199_999n],
    ['999999999999999', 99_999_999_999_999_900n],
  ])('%s is %d centavos', (text, centavos) => {
    expect(centavosOf(text)).toBe(centavos);
  });

  it.each([
    ['', ' ', '50 ', ' 50', '\n50', '50\n', '-1', '-0', '+1', '1e3', '1E3', '1e-2', '0x10', '0b1'],
    ['1,5', '1.', '.5', '.', '1.2.3', '1_000', '1 000', '01', '00', '007.5', '١', '５'],
    ['NaN', 'Infinity', 'null', '50n', '0.001', '50.005', '50.0000001', '1'.repeat(16)],
  ])('none of %j, %j, … is an amount', (...texts) => {
    for (const text of texts) expect(centavosOf(text), text).toBeUndefined();
  });

  it('any amount comes back as it was written', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 15n - 1n), (centavos) => {
        expect(centavosOf(JSON.stringify(reaisNumber(centavos)))).toBe(centavos);
      }),
    );
  });
});
