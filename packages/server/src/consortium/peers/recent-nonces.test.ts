import { expect, it } from 'vitest';
import { RecentNonces } from './recent-nonces.ts';

it('takes a nonce once per key, until it need not be kept', async () => {
  let now = 1_000;
  const nonces = new RecentNonces(() => now);
  const nonce = { keyId: 'alfa#1', value: 'n', keepUntil: 2_000 };
  expect(await nonces.spend(nonce)).toBe(true);
  expect(await nonces.spend(nonce)).toBe(false);
  expect(await nonces.spend({ ...nonce, keyId: 'beta#1' })).toBe(true);
  now = 1_999;
  expect(await nonces.spend(nonce)).toBe(false);
  // From then on the signature itself is refused as expired.
  now = 2_000;
  expect(await nonces.spend(nonce)).toBe(true);
});
