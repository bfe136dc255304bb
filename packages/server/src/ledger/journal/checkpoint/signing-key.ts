import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { link, mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { publicKeyText, type SigningKey } from './checkpoint.ts';

/** A signing key can't be used: one sentence that a person can act on. */
export class SigningKeyError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SigningKeyError';
  }
}

/** Rights of others, and of the group to write: whoever has them could sign as the bank. */
const RIGHTS_TOO_WIDE = 0o027;

/** Reads an Ed25519 key in PKCS#8 PEM. Rejects with `SigningKeyError` or an error of the file system. */
export async function readSigningKey(path: string): Promise<SigningKey> {
  const file = await openKey(path);
  let pem;
  try {
    const { mode } = await file.stat();
    if ((mode & RIGHTS_TOO_WIDE) !== 0) {
      throw new SigningKeyError(
        `The signing key ${path} is open to other users: chmod 600 it, and make a new one if somebody may have read it.`,
      );
    }
    pem = await file.readFile('utf8');
  } finally {
    await file.close();
  }
  return toSigningKey(pem, path);
}

async function openKey(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
    throw new SigningKeyError(
      `There is no signing key ${path}: make one with openssl genpkey -algorithm ed25519 -out ${path}.`,
      { cause },
    );
  }
}

/**
 * Makes the key file (PKCS#8 PEM, mode 0600, its folder 0700) when there is none. Several processes
 * may do so at once: the first one's key stands.
 */
export async function ensureSigningKey(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const aside = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    const { privateKey } = generateKeyPairSync('ed25519');
    const file = await open(aside, 'wx', 0o600);
    try {
      await file.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }));
      await file.sync();
    } finally {
      await file.close();
    }
    // A link appears whole or not at all, and never replaces another key.
    await link(aside, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

function toSigningKey(pem: string, path: string): SigningKey {
  try {
    const privateKey = createPrivateKey({ key: pem, format: 'pem' });
    const publicKey = publicKeyText(createPublicKey(privateKey));
    if (publicKey !== undefined) return { privateKey, publicKey };
  } catch (cause) {
    throw new SigningKeyError(`The file ${path} holds no private key in PKCS#8 PEM.`, { cause });
  }
  throw new SigningKeyError(
    `The key in ${path} is not Ed25519: make one with openssl genpkey -algorithm ed25519.`,
  );
}
