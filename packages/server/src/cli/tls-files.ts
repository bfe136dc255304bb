import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { TlsCredentials } from '../http/tls-server.ts';
import { CliError, exitCode } from './exit-code.ts';
import type { TlsSetting } from './settings.ts';
import type { Texts } from './texts.ts';

/** Certificate and key as the files hold them now. Rejects with `CliError` where they can't be used. */
export async function readTls(
  files: TlsSetting | undefined,
  texts: Texts,
): Promise<TlsCredentials | undefined> {
  if (files === undefined) return undefined;
  const { certFile, keyFile } = files;
  try {
    const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
    // Throws where one is malformed, or they don't belong together.
    createSecureContext({ cert, key });
    return { cert, key };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(exitCode.failed, texts.badTls(certFile, keyFile, reason), { cause });
  }
}
