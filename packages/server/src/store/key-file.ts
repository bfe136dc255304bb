import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createFileOnce } from './create-file-once.ts';

/** A private key's file can't be used: one sentence that a person can act on. */
export class KeyFileError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KeyFileError';
  }
}

/** What a key is for, as a person is told of it. */
export type KeyPurpose = 'signing key' | 'consortium key';

/** Rights of others, and of the group to write: whoever has them could sign as the bank. */
const RIGHTS_TOO_WIDE = 0o027;

/** Reads an Ed25519 key in PKCS#8 PEM. Rejects with `KeyFileError` or an error of the file system. */
export async function readKeyFile(path: string, purpose: KeyPurpose): Promise<KeyObject> {
  const file = await openKey(path, purpose);
  let pem;
  try {
    const { mode } = await file.stat();
    if ((mode & RIGHTS_TOO_WIDE) !== 0) {
      throw new KeyFileError(
        `The ${purpose} ${path} is open to other users: chmod 600 it, and make a new one if somebody may have read it.`,
      );
    }
    pem = await file.readFile('utf8');
  } finally {
    await file.close();
  }
  return toPrivateKey(pem, path);
}

async function openKey(path: string, purpose: KeyPurpose): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
    throw new KeyFileError(
      `There is no ${purpose} ${path}: make one with openssl genpkey -algorithm ed25519 -out ${path}.`,
      { cause },
    );
  }
}

/**
 * Makes the key file (PKCS#8 PEM, mode 0600, its folder 0700) when there is none. Several processes
 * may do so at once: the first one's key stands.
 */
export async function ensureKeyFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  await createFileOnce(path, privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

function toPrivateKey(pem: string, path: string): KeyObject {
  let key;
  try {
    key = createPrivateKey({ key: pem, format: 'pem' });
  } catch (cause) {
    throw new KeyFileError(`The file ${path} holds no private key in PKCS#8 PEM.`, { cause });
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new KeyFileError(
    `The key in ${path} is not Ed25519: make one with openssl genpkey -algorithm ed25519.`,
  );
}
