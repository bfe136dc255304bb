import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { readCertificatePair } from '../../http/certificate-pair.ts';
import { isOverTls, type RegisterAddress } from './register-address.ts';
import { RegisterSetupError } from './register-setup-error.ts';

/** PEM files by which bank and register know each other; absolute paths. */
export interface RegisterTlsFiles {
  /** Who certifies the members; without it any authority that Node trusts. */
  readonly caFile: string | undefined;
  /** What the bank shows to a member that asks; both or neither. */
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
}

/** What the files hold. */
export interface RegisterTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Throws `RegisterSetupError` with `register_tls_invalid` where the files would be of no use. */
export function assertTlsFits(address: RegisterAddress | undefined, files: RegisterTlsFiles): void {
  if (address === undefined || !isOverTls(address)) {
    throw invalid('only a register at etcds:// takes an authority, a certificate or a key');
  }
  if ((files.certFile === undefined) !== (files.keyFile === undefined)) {
    throw invalid("the bank's certificate and its key go together: give both, or neither");
  }
}

/** The files as they are now. Rejects with `RegisterSetupError` where one can't be read or used. */
export async function readRegisterTls(files: RegisterTlsFiles): Promise<RegisterTls> {
  const { caFile, certFile, keyFile } = files;
  const authority = caFile === undefined ? {} : { ca: await readAuthority(caFile) };
  if (certFile === undefined || keyFile === undefined) return authority;
  return { ...authority, ...(await readPair(certFile, keyFile)) };
}

async function readAuthority(file: string): Promise<string> {
  try {
    const pem = await readFile(file, 'utf8');
    const certificates = pem.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs);
    // TLS would take a file without any, and trust nobody.
    if (certificates === null) throw new Error('there is no certificate in it');
    certificates.forEach((certificate) => new X509Certificate(certificate));
    return pem;
  } catch (cause) {
    throw invalid(`the authority ${file}: ${messageOf(cause)}`, cause);
  }
}

async function readPair(certFile: string, keyFile: string): Promise<RegisterTls> {
  try {
    return await readCertificatePair(certFile, keyFile);
  } catch (cause) {
    throw invalid(
      `the certificate ${certFile} with the key ${keyFile}: ${messageOf(cause)}`,
      cause,
    );
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function invalid(what: string, cause?: unknown): RegisterSetupError {
  const message = `TLS to the register can't be set up: ${what}.`;
  return new RegisterSetupError('register_tls_invalid', message, { cause });
}
