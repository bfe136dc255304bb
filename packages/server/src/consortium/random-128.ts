import { randomBytes } from 'node:crypto';

/** 128 random bits in base64url: what nobody guesses, and nobody makes twice. */
export function random128(): string {
  return randomBytes(16).toString('base64url');
}
