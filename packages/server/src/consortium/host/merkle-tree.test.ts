import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merkleTree, rootOf } from './merkle-tree.ts';

/** The texts and roots that Certificate Transparency's own implementations are tested with. */
const KNOWN_TEXTS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'));

const KNOWN_ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const texts = fc
  .uniqueArray(fc.string(), { minLength: 1, maxLength: 40 })
  .map((all) => all.map((text) => Buffer.from(text, 'utf8')));

describe('Merkle trees', () => {
  it.each(KNOWN_ROOTS.map((root, index) => ({ size: index + 1, root })))(
    'have the root of RFC 9162 over $size texts',
    ({ size, root }) => {
      expect(merkleTree(KNOWN_TEXTS.slice(0, size)).root.toString('hex')).toBe(root);
    },
  );

  it('prove each text to be where it is', () => {
    fc.assert(
      fc.property(texts, (all) => {
        const { root, proofs } = merkleTree(all);
        expect(proofs.map((proof, index) => rootOf(all[index] ?? root, proof))).toEqual(
          all.map(() => root),
        );
        expect(Math.max(...proofs.map(({ path }) => path.length))).toBe(
          Math.ceil(Math.log2(all.length)),
        );
      }),
    );
  });

  it('prove nothing else: another text, place, size or path', () => {
    fc.assert(
      fc.property(texts, fc.nat(), fc.nat(), (all, first, second) => {
        const { root, proofs } = merkleTree(all);
        const [here, there] = [first % all.length, second % all.length];
        const [text, proof, other] = [all[here], proofs[here], proofs[there]];
        if (text === undefined || proof === undefined || other === undefined) return;
        expect(rootOf(Buffer.concat([text, Buffer.from('!')]), proof)).not.toEqual(root);
        if (here !== there) expect(rootOf(text, other)).not.toEqual(root);
        if (proof.path.length > 0) {
          expect(rootOf(text, { ...proof, path: proof.path.slice(1) })).not.toEqual(root);
        }
        expect(rootOf(text, { ...proof, path: [...proof.path, root] })).toBeUndefined();
        expect(rootOf(text, { ...proof, index: proof.size })).toBeUndefined();
      }),
    );
  });

  it('do not take an inner node for a text', () => {
    const all = KNOWN_TEXTS.slice(0, 4);
    const { root, proofs } = merkleTree(all);
    const [sibling, uncle] = proofs[0]?.path ?? [];
    const leaf = merkleTree(all.slice(0, 1)).root;
    const inner = Buffer.concat([leaf, sibling ?? Buffer.of()]);
    expect(rootOf(inner, { index: 0, size: 2, path: [uncle ?? Buffer.of()] })).not.toEqual(root);
  });
});
