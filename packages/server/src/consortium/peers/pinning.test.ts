import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { publicKeyText } from '../../store/public-key.ts';
import { isPinned, pin } from './pinning.ts';

function newPublicKey(): string {
  const text = publicKeyText(generateKeyPairSync('ed25519').publicKey);
  if (text === undefined) throw new Error('no Ed25519');
  return text;
}

const [first, second, third] = [newPublicKey(), newPublicKey(), newPublicKey()] as const;
const valid = (...keys: readonly string[]) =>
  keys.map((publicKey) => ({ publicKey, state: 'valid' as const }));
const revoked = (...keys: readonly string[]) =>
  keys.map((publicKey) => ({ publicKey, state: 'revoked' as const }));

describe('pinned keys', () => {
  it('are exactly those that were said; the others are revoked', () => {
    expect(pin([], [first], 'operator')).toEqual({ keys: valid(first) });
    expect(pin(valid(first), [first, second], 'bank')).toEqual({ keys: valid(first, second) });
    expect(pin(valid(first, second), [second, third], 'bank')).toEqual({
      keys: [...valid(second, third), ...revoked(first)],
    });
  });

  it('never come back by the word of the bank, but by that of the operator', () => {
    const before = [...valid(second), ...revoked(first)];
    expect(pin(before, [second, first], 'bank')).toEqual({ fault: 'key_revoked' });
    expect(pin(before, [first], 'operator')).toEqual({
      keys: [...valid(first), ...revoked(second)],
    });
  });

  it.each([
    ['no_key', []],
    ['too_many_keys', [first, second, third]],
    ['same_key_twice', [first, first]],
    ['key_malformed', ['x']],
    ['key_malformed', [`${first.slice(0, 42)}=`]],
  ])('%s', (fault, keys) => {
    expect(pin([], keys, 'operator')).toEqual({ fault });
  });

  it('are compared without their order, and without the revoked', () => {
    const keys = [...valid(first, second), ...revoked(third)];
    expect(isPinned(keys, [second, first])).toBe(true);
    expect(isPinned(keys, [first])).toBe(false);
    expect(isPinned(keys, [first, third])).toBe(false);
  });
});
