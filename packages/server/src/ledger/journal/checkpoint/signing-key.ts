import assert from 'node:assert/strict';
import { readKeyFile } from '../../../store/key-file.ts';
import { publicKeyText } from '../../../store/public-key.ts';
import type { SigningKey } from './checkpoint.ts';

/** Reads an Ed25519 key in PKCS#8 PEM. Rejects with `KeyFileError` or an error of the file system. */
export async function readSigningKey(path: string): Promise<SigningKey> {
  const privateKey = await readKeyFile(path, 'signing key');
  const publicKey = publicKeyText(privateKey);
  assert(publicKey !== undefined, 'a key file holds an Ed25519 key');
  return { privateKey, publicKey };
}
