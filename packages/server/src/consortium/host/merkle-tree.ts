import { hash } from 'node:crypto';

/**
 * Merkle trees of RFC 9162, section 2.1, over SHA-256: one hash for many texts, and for each text a
 * short proof that it is among them. Leaves and inner nodes are hashed apart, so neither passes for the
 * other.
 */

/** Where a text stands among so many, and what it is hashed with on the way to the root. */
export interface InclusionProof {
  readonly index: number;
  readonly size: number;
  /** From the leaf upwards; 32 bytes each. */
  readonly path: readonly Buffer[];
}

export interface MerkleTree {
  readonly root: Buffer;
  /** Of each text, in their order. */
  readonly proofs: readonly InclusionProof[];
}

const LEAF = Buffer.from([0]);
const NODE = 1;

const HASH_BYTES = 32;

/** What an inner node is hashed from; filled anew each time. */
const pair = Buffer.alloc(1 + 2 * HASH_BYTES, NODE);

/** The tree of at least one text. */
export function merkleTree(texts: readonly Buffer[]): MerkleTree {
  const leaves = texts.map((text) => leafOf(text));
  const paths = leaves.map((): Buffer[] => []);
  const root = subtree(leaves, paths, 0, leaves.length);
  const size = leaves.length;
  return { root, proofs: paths.map((path, index) => ({ index, size, path })) };
}

/** The root of the tree that has the text where the proof says; undefined: no tree has that form. */
export function rootOf(text: Buffer, { index, size, path }: InclusionProof): Buffer | undefined {
  if (index >= size) return undefined;
  let [place, last] = [index, size - 1];
  let root = leafOf(text);
  for (const sibling of path) {
    if (last === 0 || sibling.length !== HASH_BYTES) return undefined;
    const isRight = place % 2 === 1;
    if (isRight || place === last) {
      root = nodeOf(sibling, root);
      // On the right edge of a tree that is not full, levels without a sibling are left out.
      while (place % 2 === 0 && place > 0) [place, last] = [half(place), half(last)];
    } else {
      root = nodeOf(root, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 ? root : undefined;
}

/** The hash over the leaves from `start` to before `end`; notes on each one's path what it needs. */
function subtree(
  leaves: readonly Buffer[],
  paths: readonly Buffer[][],
  start: number,
  end: number,
): Buffer {
  const [only] = leaves.slice(start, end);
  if (only === undefined) throw new Error('a Merkle tree has at least one leaf');
  if (end - start === 1) return only;
  const middle = start + 2 ** Math.ceil(Math.log2(end - start) - 1);
  const left = subtree(leaves, paths, start, middle);
  const right = subtree(leaves, paths, middle, end);
  for (const path of paths.slice(start, middle)) path.push(right);
  for (const path of paths.slice(middle, end)) path.push(left);
  return nodeOf(left, right);
}

function leafOf(text: Buffer): Buffer {
  return hash('sha256', Buffer.concat([LEAF, text]), 'buffer');
}

function nodeOf(left: Buffer, right: Buffer): Buffer {
  left.copy(pair, 1);
  right.copy(pair, 1 + HASH_BYTES);
  return hash('sha256', pair, 'buffer');
}

function half(count: number): number {
  return Math.floor(count / 2);
}
