import { sign, verify, type KeyObject } from 'node:crypto';
import type { consortium } from '@lastro/core';
import type { FindPeerKey, OwnKey } from '../messages/bank-keys.ts';
import { manyRandom128 } from '../random-128.ts';
import { merkleTree, rootOf, type InclusionProof } from './merkle-tree.ts';

// A yes travels farther than the message that brings it: within the decision it proves to banks that
// never heard it that its bank has promised. So it is signed by itself, over what it promises. Bodies
// that come together share a signature, over the root of their Merkle tree, and each yes brings its
// own path to that root: it proves as much, for a few hashes. It is signed before the ledger has
// judged them, so each leaf has a salt, which leaves the bank in the yes to this body alone: of what
// was refused nobody can show that it is in the tree.

/** What a yes is said to. */
export interface Promised {
  readonly id: string;
  readonly hash: string;
}

/** So many share a signature at most: a path of eight hashes. */
const TREE_MAX = 256;

/** The longest text of a yes. */
export const YES_LENGTH_MAX = 600;

const FORM =
  /^([a-z][a-z0-9-]{1,30}#[A-Za-z0-9._-]{1,40}):([A-Za-z0-9_-]{85}[AQgw])(?::(\d{1,3})\/(\d{1,3}):([A-Za-z0-9_-]{21}[AQgw]):([A-Za-z0-9_-]{43,342}))?$/;

const HASH_BYTES = 32;

/** Trees whose signature was found good, so that each is verified once. */
const PROVEN_MAX = 256;

/**
 * A bank's yes to each body: `<key id>:<Ed25519 signature in base64url>`. Of several, that is the
 * signature of their tree, and behind it stands `:<index>/<size>:<salt>:<path>`, both in base64url.
 * Each is good by itself, and none is good for another body: keep back those to what is refused.
 */
export function signYeses(key: OwnKey, promised: readonly Promised[]): readonly string[] {
  if (promised.length > TREE_MAX) {
    const rest = signYeses(key, promised.slice(TREE_MAX));
    return [...signYeses(key, promised.slice(0, TREE_MAX)), ...rest];
  }
  const [first] = promised;
  if (first === undefined) return [];
  if (promised.length === 1) return [signed(key, textOf(first.id, first.hash))];
  const salts = manyRandom128(promised.length);
  const { root, proofs } = merkleTree(
    promised.map((one, place) => leafText(one, salts[place] ?? '')),
  );
  const shared = signed(key, treeText(root, promised.length));
  return salts.map((salt, place) => {
    const path = Buffer.concat(proofs[place]?.path ?? []).toString('base64url');
    return `${shared}:${place}/${promised.length}:${salt}:${path}`;
  });
}

/** Judges the yes of peers, and remembers of the trees that it has verified the newest ones. */
export class YesProofs {
  readonly #proven = new Map<string, KeyObject>();

  /** Whether it is that bank's yes to this body, by a pinned key that was not revoked: a promise outlives its key. */
  isYes(
    findKey: FindPeerKey,
    { bank, signature }: consortium.Yes,
    { id, hash }: Promised,
  ): boolean {
    const [, keyId, bytes, index, size, salt, path] = FORM.exec(signature) ?? [];
    if (keyId === undefined || bytes === undefined) return false;
    const key = findKey(keyId);
    if (key === undefined || key.bank !== bank || key.state === 'revoked') return false;
    if (salt === undefined || path === undefined) {
      return isSigned(key.publicKey, textOf(id, hash), bytes);
    }
    const hashes = hashesIn(path);
    if (hashes === undefined) return false;
    const proof = { index: Number(index), size: Number(size), path: hashes };
    return this.#isOfTree(key.publicKey, bytes, leafText({ id, hash }, salt), proof);
  }

  #isOfTree(publicKey: KeyObject, bytes: string, text: Buffer, proof: InclusionProof): boolean {
    const root = rootOf(text, proof);
    if (root === undefined) return false;
    const tree = treeText(root, proof.size);
    const name = `${bytes} ${tree.toString('utf8')}`;
    if (this.#proven.get(name) === publicKey) return true;
    if (!isSigned(publicKey, tree, bytes)) return false;
    const [oldest] = this.#proven.keys();
    if (this.#proven.size >= PROVEN_MAX && oldest !== undefined) this.#proven.delete(oldest);
    this.#proven.set(name, publicKey);
    return true;
  }
}

function signed({ keyId, privateKey }: OwnKey, text: Buffer): string {
  return `${keyId}:${sign(null, text, privateKey).toString('base64url')}`;
}

function isSigned(publicKey: KeyObject, text: Buffer, bytes: string): boolean {
  return verify(null, text, publicKey, Buffer.from(bytes, 'base64url'));
}

/** Undefined: it is not how whole hashes are written. */
function hashesIn(path: string): readonly Buffer[] | undefined {
  const bytes = Buffer.from(path, 'base64url');
  if (bytes.length % HASH_BYTES !== 0 || bytes.toString('base64url') !== path) return undefined;
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, index) =>
    bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES),
  );
}

function textOf(id: string, hash: string): Buffer {
  return Buffer.from(`lastro-yes-1\n${id}\n${hash}\n`, 'utf8');
}

function leafText({ id, hash }: Promised, salt: string): Buffer {
  return Buffer.from(`lastro-yes-leaf-1\n${id}\n${hash}\n${salt}\n`, 'utf8');
}

function treeText(root: Buffer, size: number): Buffer {
  return Buffer.from(`lastro-yes-tree-1\n${size}\n${root.toString('hex')}\n`, 'utf8');
}
