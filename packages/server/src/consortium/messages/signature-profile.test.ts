import { expect, test } from 'vitest';
import { keepNonceUntil, LIFETIME_SECONDS_MAX, signedAt } from './signature-profile.ts';

const created = 1_790_000_000;
const parametersOf = (lifetime: number) => ({
  created,
  expires: created + lifetime,
  nonce: 'n',
  keyId: 'beta#1',
});

test('a nonce tells when its message was signed, and never says later than that', () => {
  expect(signedAt(keepNonceUntil(parametersOf(LIFETIME_SECONDS_MAX)))).toBe(created * 1000);
  expect(signedAt(keepNonceUntil(parametersOf(1)))).toBeLessThan(created * 1000);
});
