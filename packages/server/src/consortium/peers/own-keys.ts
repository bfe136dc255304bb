import assert from 'node:assert/strict';
import type { KeyObject } from 'node:crypto';
import { copyFile, rename, rm, stat } from 'node:fs/promises';
import { ensureKeyFile, readKeyFile } from '../../store/key-file.ts';
import { publicKeyText } from '../../store/public-key.ts';
import type { OwnKey } from '../messages/bank-keys.ts';
import { keyIdFor } from './key-fingerprint.ts';

/**
 * `signing`: the bank signs with it. `next`: announced to the peers, signs when they know it.
 * `previous`: signed before; still valid, for who hasn't heard yet.
 */
export type OwnKeyRole = 'signing' | 'next' | 'previous';

export interface OwnKeyPair extends OwnKey {
  readonly role: OwnKeyRole;
  readonly publicKey: string;
}

/** Banks take at most two keys of another bank, so at most two of these exist. */
type KeyRing = readonly OwnKeyPair[];

/**
 * This bank's own keys, each in a file: `consortium.pem` signs, and beside it lie
 * `consortium.pem.next` and `consortium.pem.previous` while there are such. A kill at any moment
 * leaves a key that signs and that peers know.
 */
export class OwnKeys {
  readonly #bank: string;
  readonly #file: string;
  #ring: KeyRing;
  #stamp: string;

  private constructor(bank: string, file: string, ring: KeyRing, stamp: string) {
    this.#bank = bank;
    this.#file = file;
    this.#ring = ring;
    this.#stamp = stamp;
  }

  /**
   * Reads the keys; makes the first one (PKCS#8 PEM, mode 0600) when there is none. Rejects with
   * `KeyFileError` or an error of the file system.
   */
  static async open(bank: string, file: string): Promise<OwnKeys> {
    await ensureKeyFile(file);
    const stamp = await stampOf(file);
    return new OwnKeys(bank, file, await readRing(bank, file), stamp);
  }

  /** The key that signs now. */
  get signing(): OwnKeyPair {
    const key = this.find('signing');
    assert(key !== undefined, 'a bank has a key that signs');
    return key;
  }

  find(role: OwnKeyRole): OwnKeyPair | undefined {
    return this.#ring.find((key) => key.role === role);
  }

  /** Those that peers are to take, the one that signs first. */
  all(): readonly OwnKeyPair[] {
    return this.#ring;
  }

  /** Reads the files again where somebody has changed them: another process, or the operator. */
  async refresh(): Promise<void> {
    const stamp = await stampOf(this.#file);
    if (stamp === this.#stamp) return;
    this.#ring = await readRing(this.#bank, this.#file);
    this.#stamp = stamp;
  }

  /** Makes the next key where there is none yet; a previous one is given up, for two are the most. */
  async prepareNext(): Promise<void> {
    await rm(previousOf(this.#file), { force: true });
    await ensureKeyFile(nextOf(this.#file));
    await this.refresh();
  }

  /** From now on the next key signs; the one that signed before stays valid. */
  async promoteNext(): Promise<void> {
    const next = nextOf(this.#file);
    if (!(await exists(next))) return;
    // Copied, not moved: there is no moment without a key that signs.
    await copyFile(this.#file, `${previousOf(this.#file)}.new`);
    await rename(`${previousOf(this.#file)}.new`, previousOf(this.#file));
    await rename(next, this.#file);
    await this.refresh();
  }

  /** Gives the previous key up: peers that hear of it take nothing more that it signed. */
  async retirePrevious(): Promise<void> {
    await rm(previousOf(this.#file), { force: true });
    await this.refresh();
  }
}

const nextOf = (file: string) => `${file}.next`;
const previousOf = (file: string) => `${file}.previous`;

async function readRing(bank: string, file: string): Promise<KeyRing> {
  const signing = await readPair(bank, file, 'signing');
  const others = await Promise.all([
    readIfAny(bank, nextOf(file), 'next'),
    readIfAny(bank, previousOf(file), 'previous'),
  ]);
  // After a kill within a promotion two files hold the same key.
  const other = others.find((key) => key !== undefined && key.keyId !== signing.keyId);
  return other === undefined ? [signing] : [signing, other];
}

async function readIfAny(
  bank: string,
  file: string,
  role: OwnKeyRole,
): Promise<OwnKeyPair | undefined> {
  return (await exists(file)) ? readPair(bank, file, role) : undefined;
}

async function readPair(bank: string, file: string, role: OwnKeyRole): Promise<OwnKeyPair> {
  const privateKey = await readKeyFile(file, 'consortium key');
  const publicKey = textOf(privateKey);
  return { role, privateKey, publicKey, keyId: keyIdFor(bank, publicKey) };
}

function textOf(privateKey: KeyObject): string {
  const text = publicKeyText(privateKey);
  assert(text !== undefined, 'a key file holds an Ed25519 key');
  return text;
}

/** Changes with every change of the files. */
async function stampOf(file: string): Promise<string> {
  const stamps = await Promise.all(
    [file, nextOf(file), previousOf(file)].map(async (path) => {
      const found = await stat(path, { bigint: true }).catch(ignoreMissing);
      return found === undefined ? '' : `${found.ino} ${found.mtimeNs} ${found.ctimeNs}`;
    }),
  );
  return stamps.join();
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(ignoreMissing)) !== undefined;
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
