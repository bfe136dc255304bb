import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { OwnKey, PeerKey } from '../messages/bank-keys.ts';
import { merkleTree } from './merkle-tree.ts';
import { signYeses, YES_LENGTH_MAX, YesProofs, type Promised } from './yes-signature.ts';

const HASH = 'a'.repeat(64);

interface Keys {
  readonly own: OwnKey;
  readonly pinned: PeerKey;
}

function keysOf(bank: string): Keys {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const keyId = `${bank}#2026-11`;
  return { own: { keyId, privateKey }, pinned: { bank, keyId, publicKey, state: 'valid' } };
}

function promises(count: number): readonly Promised[] {
  return Array.from({ length: count }, (_, index) => ({ id: `alfa/${index}`, hash: HASH }));
}

describe("a bank's yes", () => {
  const beta = keysOf('beta');
  const find = (pinned: PeerKey) => (keyId: string) =>
    keyId === pinned.keyId ? pinned : undefined;
  const isYes = (signature: string, promised: Promised, pinned = beta.pinned, bank = 'beta') =>
    new YesProofs().isYes(find(pinned), { bank, signature }, promised);

  it.each([1, 2, 3, 7, 8, 100, 256, 257, 600])(
    'holds for each of %i bodies, and no other',
    (count) => {
      const all = promises(count);
      const yeses = signYeses(beta.own, all);
      const proofs = new YesProofs();
      const isHere = (signature: string, promised: Promised) =>
        proofs.isYes(find(beta.pinned), { bank: 'beta', signature }, promised);
      expect(yeses).toHaveLength(count);
      for (const [index, promised] of all.entries()) {
        const yes = yeses[index] ?? '';
        expect(yes.length).toBeLessThanOrEqual(YES_LENGTH_MAX);
        expect(isHere(yes, promised)).toBe(true);
        expect(isHere(yes, { ...promised, hash: 'b'.repeat(64) })).toBe(false);
        expect(isHere(yes, { ...promised, id: `alfa/${index + 1}` })).toBe(false);
      }
    },
  );

  it('to a single body is a signature alone', () => {
    const [promised] = promises(1);
    if (promised === undefined) return;
    const [yes = ''] = signYeses(beta.own, [promised]);
    expect(yes).toMatch(/^beta#2026-11:[\w-]{86}$/);
    expect(isYes(yes, promised)).toBe(true);
  });

  it('is of the bank and the key that it names, while nobody has revoked it', () => {
    const [promised] = promises(1);
    if (promised === undefined) return;
    for (const count of [1, 3]) {
      const [yes = ''] = signYeses(beta.own, promises(count));
      expect(isYes(yes, promised)).toBe(true);
      expect(isYes(yes, promised, { ...beta.pinned, state: 'superseded' })).toBe(true);
      expect(isYes(yes, promised, { ...beta.pinned, state: 'revoked' })).toBe(false);
      expect(isYes(yes, promised, beta.pinned, 'gama')).toBe(false);
      expect(isYes(yes, promised, keysOf('beta').pinned)).toBe(false);
    }
  });

  it('is not believed again for a tree that was proven under another key', () => {
    const all = promises(2);
    const [yes = ''] = signYeses(beta.own, all);
    const [promised] = all;
    if (promised === undefined) return;
    const proofs = new YesProofs();
    const other = keysOf('beta').pinned;
    expect(proofs.isYes(find(beta.pinned), { bank: 'beta', signature: yes }, promised)).toBe(true);
    expect(proofs.isYes(find(other), { bank: 'beta', signature: yes }, promised)).toBe(false);
    const revoked: PeerKey = { ...beta.pinned, state: 'revoked' };
    expect(proofs.isYes(find(revoked), { bank: 'beta', signature: yes }, promised)).toBe(false);
  });

  it('says nothing of another body that came with it, whoever knows both', () => {
    const [kept, refused] = promises(2);
    if (kept === undefined || refused === undefined) return;
    const [yes = ''] = signYeses(beta.own, [kept, refused]);
    const [keyId, signature, , salt = ''] = yes.split(':');
    const texts = (one: Promised) => [
      `lastro-yes-1\n${one.id}\n${one.hash}\n`,
      `lastro-yes-leaf-1\n${one.id}\n${one.hash}\n${salt}\n`,
      `lastro-yes-leaf-1\n${one.id}\n${one.hash}\n`,
    ];
    const others = texts(kept).map((text) => merkleTree([Buffer.from(text, 'utf8')]).root);
    expect(isYes(yes, kept)).toBe(true);
    for (const path of others.map((leaf) => leaf.toString('base64url'))) {
      for (const place of ['1/2', '0/2']) {
        const made = `${keyId}:${signature}:${place}:${salt}:${path}`;
        expect({ made, holds: isYes(made, refused) }).toEqual({ made, holds: false });
        expect(isYes(`${keyId}:${signature}:${place}:${path}`, refused)).toBe(false);
      }
    }
    expect(isYes(yes, refused)).toBe(false);
    expect(isYes(yes.replace(':0/2:', ':1/2:'), refused)).toBe(false);
  });

  it('that was changed at any place is none', () => {
    const all = promises(5);
    const [promised] = all;
    const [yes = ''] = signYeses(beta.own, all);
    if (promised === undefined) return;
    const proofs = new YesProofs();
    const holds = (signature: string) =>
      proofs.isYes(find(beta.pinned), { bank: 'beta', signature }, promised);
    expect(holds(yes)).toBe(true);
    for (let at = 0; at < yes.length; at += 1) {
      const changed = `${yes.slice(0, at)}${yes[at] === 'B' ? 'C' : 'B'}${yes.slice(at + 1)}`;
      expect({ at, holds: holds(changed) }).toEqual({ at, holds: false });
    }
    for (const broken of [yes.slice(0, -1), `${yes}A`, yes.replace('0/5', '0/4'), '', ':', 'x']) {
      expect({ broken, holds: holds(broken) }).toEqual({ broken, holds: false });
    }
  });

  it('stays good when so many trees were seen that it was forgotten', () => {
    const proofs = new YesProofs();
    const all = promises(2);
    const [promised] = all;
    if (promised === undefined) return;
    const yeses = Array.from({ length: 300 }, (_, index) => {
      const others = [promised, { id: `alfa/x${index}`, hash: HASH }];
      return signYeses(beta.own, others)[0] ?? '';
    });
    for (const signature of [...yeses, ...yeses]) {
      expect(proofs.isYes(find(beta.pinned), { bank: 'beta', signature }, promised)).toBe(true);
    }
  });
});
