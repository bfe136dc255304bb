const DIGITS = 12;
const MODULUS = 2 ** (4 * DIGITS);

/**
 * The id of the `index`-th of the transfers that one command makes, counted from 0, when their
 * number is known only as it is decided: the last 12 hexadecimal digits of `first` plus `index`.
 */
export function numberedId(first: string, index: number): string {
  if (index === 0) return first;
  const number = (Number.parseInt(first.slice(-DIGITS), 16) + index) % MODULUS;
  return first.slice(0, -DIGITS) + number.toString(16).padStart(DIGITS, '0');
}
