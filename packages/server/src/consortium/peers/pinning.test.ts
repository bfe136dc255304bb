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
const keysIn =
  <State extends 'valid' | 'superseded' | 'revoked'>(state: State) =>
  (...keys: readonly string[]) =>
    keys.map((publicKey) => ({ publicKey, state }));
const [valid, superseded, revoked] = [keysIn('valid'), keysIn('superseded'), keysIn('revoked')];

describe('pinned keys', () => {
  it('are exactly those that were said', () => {
    expect(pin([], [first], 'operator')).toEqual({ keys: valid(first) });
    expect(pin(valid(first), [first, second], 'bank')).toEqual({ keys: valid(first, second) });
  });

  it('that a bank leaves for a new one are superseded; that it gives up without one, revoked', () => {
    expect(pin(valid(first, second), [second, third], 'bank')).toEqual({
      keys: [...valid(second, third), ...superseded(first)],
    });
    const before = [...valid(second, third), ...superseded(first)];
    expect(pin(before, [third], 'bank')).toEqual({
      keys: [...valid(third), ...revoked(second), ...superseded(first)],
    });
    expect(pin(valid(first), [second], 'operator')).toEqual({
      keys: [...valid(second), ...superseded(first)],
    });
    expect(pin(valid(first), [second], 'operator_revoking')).toEqual({
      keys: [...valid(second), ...revoked(first)],
    });
  });

  it('never come back by the word of the bank, but by that of the operator', () => {
    for (const given of [superseded(first), revoked(first)]) {
      const before = [...valid(second), ...given];
      expect(pin(before, [second, first], 'bank')).toEqual({ fault: 'key_given_up' });
      expect(pin(before, [first], 'operator')).toEqual({
        keys: [...valid(first), ...revoked(second)],
      });
    }
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
    const keys = [...valid(first, second), ...superseded(third)];
    expect(isPinned(keys, [second, first])).toBe(true);
    expect(isPinned(keys, [first])).toBe(false);
    expect(isPinned(keys, [first, third])).toBe(false);
  });
});
