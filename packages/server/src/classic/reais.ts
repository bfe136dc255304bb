/** Centavos as reais: as JSON numbers for programs, in Brazilian writing for people. */

const CENTAVOS_PER_REAL = 100n;

/**
 * `199999n` → `1999.99`. No arithmetic on floats: the decimal text is read as the double next to
 * it, which prints as that same text up to 10^15 centavos, far beyond any amount of one order.
 */
export function reaisNumber(centavos: bigint): number {
  const { sign, reais, cents } = parts(centavos);
  return Number(`${sign}${reais}.${cents}`);
}

/** `199999n` → `R$ 1.999,99`, with a space that does not break. */
export function reaisText(centavos: bigint): string {
  const { sign, reais, cents } = parts(centavos);
  return `${sign}R$\u00A0${reais.replaceAll(/\B(?=(?:\d{3})+$)/g, '.')},${cents}`;
}

function parts(centavos: bigint) {
  const size = centavos < 0n ? -centavos : centavos;
  return {
    sign: centavos < 0n ? '-' : '',
    reais: (size / CENTAVOS_PER_REAL).toString(),
    cents: (size % CENTAVOS_PER_REAL).toString().padStart(2, '0'),
  };
}

const REAIS = /^(0|[1-9]\d{0,14})(?:\.(\d+))?$/;

/**
 * `50`, `50.0` and `1999.99` as centavos, exactly; undefined for a sign, an exponent, other text or
 * more than two decimals that say something.
 */
export function centavosOf(text: string): bigint | undefined {
  const [, reais, decimals = ''] = REAIS.exec(text) ?? [];
  if (reais === undefined || /[1-9]/.test(decimals.slice(2))) return undefined;
  return BigInt(reais) * CENTAVOS_PER_REAL + BigInt(decimals.slice(0, 2).padEnd(2, '0'));
}
