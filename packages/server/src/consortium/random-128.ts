import { randomBytes } from 'node:crypto';

const BYTES = 16;

/** 128 random bits in base64url: what nobody guesses, and nobody makes twice. */
export function random128(): string {
  return randomBytes(BYTES).toString('base64url');
}

/** So many of them, drawn at once: a draw costs more than its bytes. */
export function manyRandom128(count: number): readonly string[] {
  const bytes = randomBytes(BYTES * count);
  return Array.from({ length: count }, (_, index) =>
    bytes.toString('base64url', BYTES * index, BYTES * (index + 1)),
  );
}
