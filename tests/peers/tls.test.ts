import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { Agent, request } from 'undici';
import { beforeAll, expect, test } from 'vitest';
import { startBank } from '../../packages/server/src/bank.ts';
import { CliError } from '../../packages/server/src/cli/exit-code.ts';
import { textsIn } from '../../packages/server/src/cli/texts.ts';
import { readTls } from '../../packages/server/src/cli/tls-files.ts';
import { freePort } from '../harness/free-port.ts';
import { abandonDatabase, createBankDatabase } from '../harness/postgres.ts';

let folder: string;
let files: { readonly certFile: string; readonly keyFile: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lastro-tls-'));
  files = await newCertificate('bank');
  return () => rm(folder, { recursive: true });
});

/** A self-signed certificate for 127.0.0.1. */
async function newCertificate(name: string) {
  const [certFile, keyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const subject = ['-subj', '/CN=bank', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const outputs = ['-keyout', keyFile, '-out', certFile];
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    ...key,
    ...subject,
    ...outputs,
    '-days',
    '2',
  ]);
  return { certFile, keyFile };
}

test('a bank with a certificate speaks HTTPS and nothing else on its port', async () => {
  const databaseUrl = await createBankDatabase();
  const bank = await startBank({
    bank: 'alfa',
    host: '127.0.0.1',
    port: await freePort(),
    databaseUrl,
    adminKeys: [],
    classics: [],
    tls: await readTls(files, textsIn('en')),
    log: pino({ level: 'silent' }),
  });
  const trusting = new Agent({ connect: { ca: await readFile(files.certFile) } });
  try {
    expect(bank.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const answer = await request(`${bank.url}/readyz`, { dispatcher: trusting });
    expect(answer.statusCode).toBe(200);
    await answer.body.dump();
    await expect(request(`${bank.url}/readyz`)).rejects.toThrow(/self-signed/);
    await expect(request(bank.url.replace('https', 'http'))).rejects.toThrow();
  } finally {
    await trusting.destroy();
    await bank.stop();
    await abandonDatabase(databaseUrl);
  }
});

test('files that are missing, malformed or of two pairs are refused in one sentence', async () => {
  const other = await newCertificate('other');
  const text = join(folder, 'text.crt');
  await writeFile(text, 'no certificate');
  for (const wrong of [
    { ...files, certFile: join(folder, 'none.crt') },
    { ...files, certFile: text },
    { ...files, keyFile: other.keyFile },
  ]) {
    const error: unknown = await readTls(wrong, textsIn('en')).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CliError);
    expect(error).toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(
        /^The certificate .+ and the key .+ can’t be used for TLS: .+\.$/,
      ),
    });
  }
  expect(await readTls(undefined, textsIn('en'))).toBeUndefined();
});
