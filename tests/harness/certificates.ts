import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** PEM files of a certificate and its private key. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Certifies whom a test wants certified. */
export interface Authority {
  /** Its own certificate, by which the others are known. */
  readonly caFile: string;
  /** Subject and extension as openssl has them: `/CN=member`, `subjectAltName=IP:127.0.0.1`. */
  issue(subject: string, extension: string): Promise<CertificateFiles>;
}

/** Makes an authority whose files lie in the folder, as all that it issues; valid for two days. */
export async function makeAuthority(folder: string, name: string): Promise<Authority> {
  const isAuthority = ['-addext', 'basicConstraints=critical,CA:true'];
  const own = await makeCertificate(join(folder, name), `/CN=${name}`, isAuthority);
  let issued = 0;
  return {
    caFile: own.certFile,
    issue(subject, extension) {
      issued += 1;
      const by = ['-CA', own.certFile, '-CAkey', own.keyFile];
      const as = ['-addext', 'basicConstraints=critical,CA:false', '-addext', extension];
      return makeCertificate(join(folder, `${name}-${issued}`), subject, [...by, ...as]);
    },
  };
}

async function makeCertificate(
  path: string,
  subject: string,
  more: readonly string[],
): Promise<CertificateFiles> {
  const [certFile, keyFile] = [`${path}.crt`, `${path}.key`];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const outputs = ['-keyout', keyFile, '-out', certFile];
  const whose = ['-days', '2', '-subj', subject, ...more];
  await promisify(execFile)('openssl', ['req', '-x509', ...key, ...outputs, ...whose]);
  return { certFile, keyFile };
}
