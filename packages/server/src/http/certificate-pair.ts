import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { TlsCredentials } from './tls-server.ts';

/** A certificate (or a chain) and its private key, both PEM. Rejects where one can't be read or is malformed, or where they don't belong together. */
export async function readCertificatePair(
  certFile: string,
  keyFile: string,
): Promise<TlsCredentials> {
  const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
  createSecureContext({ cert, key });
  return { cert, key };
}
