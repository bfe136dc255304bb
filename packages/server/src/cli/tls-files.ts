import { readCertificatePair } from '../http/certificate-pair.ts';
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
    return await readCertificatePair(certFile, keyFile);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(exitCode.failed, texts.badTls(certFile, keyFile, reason), { cause });
  }
}
