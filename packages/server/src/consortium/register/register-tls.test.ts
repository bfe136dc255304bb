import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeAuthority, type CertificateFiles } from '../../../../../tests/harness/certificates.ts';
import { readRegisterTls } from './register-tls.ts';

let folder: string;
let caFile: string;
let bank: CertificateFiles;
let other: CertificateFiles;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lastro-register-tls-'));
  const authority = await makeAuthority(folder, 'authority');
  ({ caFile } = authority);
  bank = await authority.issue('/O=bank', 'extendedKeyUsage=clientAuth');
  other = await authority.issue('/O=other', 'extendedKeyUsage=clientAuth');
});

afterAll(() => rm(folder, { recursive: true }));

it('reads what is named, and needs none of it', async () => {
  const nothing = { caFile: undefined, certFile: undefined, keyFile: undefined };
  expect(await readRegisterTls(nothing)).toEqual({});
  const ca = await readFile(caFile, 'utf8');
  expect(await readRegisterTls({ ...nothing, caFile })).toEqual({ ca });
  expect(await readRegisterTls({ caFile, ...bank })).toEqual({
    ca,
    cert: await readFile(bank.certFile, 'utf8'),
    key: await readFile(bank.keyFile, 'utf8'),
  });
});

it('refuses files that are missing, malformed or of two pairs', async () => {
  const [text, broken] = [join(folder, 'text.crt'), join(folder, 'broken.crt')];
  await writeFile(text, 'no certificate');
  const ca = await readFile(caFile, 'utf8');
  await writeFile(broken, ca + ca.replace(/\n[A-Za-z0-9+/=]+\n-----END/, '\n-----END'));
  for (const [wrong, named] of [
    [{ caFile: join(folder, 'none.crt') }, 'none.crt'],
    [{ caFile: text }, 'there is no certificate in it'],
    [{ caFile: broken }, broken],
    [{ caFile: folder }, folder],
    [{ certFile: text }, text],
    [{ keyFile: join(folder, 'none.key') }, 'none.key'],
    [{ keyFile: other.keyFile }, other.keyFile],
  ] as const) {
    await expect(readRegisterTls({ caFile, ...bank, ...wrong })).rejects.toMatchObject({
      code: 'register_tls_invalid',
      message: expect.stringContaining(named),
    });
  }
});
