import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  startBankInProcess,
  type BankInProcess,
} from '../../../../tests/harness/bank-in-process.ts';
import { freePort } from '../../../../tests/harness/free-port.ts';
import { abandonDatabase, createDatabase } from '../../../../tests/harness/postgres.ts';
import { parsePeerAddress } from '../consortium/messages/peer-address.ts';
import { parseRegisterAddress } from '../consortium/register/register-address.ts';
import { CliError } from './exit-code.ts';
import type { Language } from './language.ts';
import { runProgram } from './program.ts';
import { textsIn } from './texts.ts';

const SOME_KEY = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
const SOME_PLACE = ['--peer-url', 'http://127.0.0.1:9', '--peer-key', SOME_KEY];

let bank: BankInProcess;
let keyFile: string;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lastro-peers-cli-'));
  const registerUrl = await createDatabase();
  bank = await startBankInProcess({
    bank: 'alfa',
    consortium: (url) => {
      const ownAddress = parsePeerAddress(url);
      if (ownAddress === null) throw new Error(`no address: ${url}`);
      const register = parseRegisterAddress(registerUrl);
      return { register, ownAddress, keyFile: join(folder, 'alfa.consortium.pem') };
    },
  });
  keyFile = join(folder, 'admin-key');
  await writeFile(keyFile, bank.adminKey);
  return async () => {
    await bank.stop();
    await abandonDatabase(registerUrl);
    await rm(folder, { recursive: true });
  };
});

async function run(argv: readonly string[], language: Language = 'en') {
  const stdout = new PassThrough();
  const code = await runProgram(['peers', ...argv], {
    env: {
      LASTRO_URL: bank.url,
      LASTRO_KEY_FILE: keyFile,
      ...(language === 'pt' ? { LANG: 'pt_BR.UTF-8' } : {}),
    },
    workingFolder: '/somewhere',
    texts: textsIn(language),
    stdout: stdout as unknown as NodeJS.WriteStream,
    version: '1.2.3',
  });
  stdout.end();
  return { code, out: (await stdout.toArray()).join('') };
}

async function failureOf(argv: readonly string[]): Promise<CliError> {
  const error: unknown = await run(argv).catch((caught: unknown) => caught);
  if (error instanceof CliError) return error;
  throw new Error(`${argv.join(' ')} did not fail`);
}

describe('lastro peers', () => {
  it('adds, lists, limits and removes a peer, in words for people', async () => {
    const none = await run(['list']);
    expect(none.out).toMatch(
      /^This is bank alfa at http:.+ Its keys:\n {2}SHA256:\S{43} {2}signs\n/,
    );
    expect(none.out).toContain('It has no peers yet');

    const added = await run(['add', 'beta', ...SOME_PLACE, '--limit', 'BRL/2=1000']);
    expect(added.code).toBe(0);
    expect(added.out).toMatch(
      /Bank beta at http:\/\/127\.0\.0\.1:9 is a peer\..+\n {2}SHA256:\S{43}\n/,
    );
    const listed = await run(['list'], 'pt');
    expect(listed.out).toContain('banco  estado');
    expect(listed.out).toMatch(/\nbeta {3,}\S.* 0 \/ 256 {2}http:\/\/127\.0\.0\.1:9/);

    const limited = await run([
      'limit',
      'beta',
      'BRL/2=2000',
      'USD/2=none',
      '--in-flight-max',
      '9',
    ]);
    expect(limited.out.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['asset', 'position', 'may owe', 'left of it', 'promised in', 'promised out'],
      ['BRL/2', '0', '2000', '2000', '0', '0'],
      ['USD/2', '0', 'no limit', 'no limit', '0', '0'],
      [''],
    ]);
    expect((await run(['position', 'beta'])).out).toBe(limited.out);
    expect((await run(['remove', 'beta'])).out).toBe('Bank beta is no peer any more.\n');
  });

  it('says the API’s own answers as JSON', async () => {
    const added = await run(['add', 'gama', ...SOME_PLACE, '--output', 'json']);
    expect(JSON.parse(added.out)).toMatchObject({ bank: 'gama', url: 'http://127.0.0.1:9' });
    const listed = await run(['list', '--output', 'json']);
    expect(JSON.parse(listed.out)).toMatchObject({
      self: { bank: 'alfa' },
      data: [{ bank: 'gama', keys: [{ publicKey: SOME_KEY, state: 'valid' }] }],
    });
    const position = await run(['position', 'gama', '--output', 'json']);
    expect(JSON.parse(position.out)).toMatchObject({ bank: 'gama', positions: [] });
    const removed = await run(['remove', 'gama', '--output', 'json']);
    expect(JSON.parse(removed.out)).toEqual({ removed: 'gama' });
  });

  it('rotates, and waits until the new key signs', async () => {
    const rotated = await run(['rotate']);
    expect(rotated.out).toMatch(/^The new key signs\.\n/);
    expect(rotated.out).toMatch(/SHA256:\S{43} {2}signs\n {2}SHA256:\S{43} {2}signed before\n$/);
    const retired = await run(['rotate', '--retire']);
    expect(retired.out).toMatch(
      /^The previous key is given up\.\n.+\n {2}SHA256:\S{43} {2}signs\n$/,
    );
  });

  it('ends with 3 when the bank refuses, and with 1 when it can’t be reached', async () => {
    const unknown = await failureOf(['add', 'nobody']);
    expect(unknown.exitCode).toBe(3);
    expect(unknown.message).toContain('No such member');
    expect((await failureOf(['remove', 'nobody'])).exitCode).toBe(3);
    expect((await failureOf(['settle', 'nobody', 'BRL/2=1'])).exitCode).toBe(3);
    const url = `http://127.0.0.1:${await freePort()}`;
    const away = await failureOf(['list', '--url', url]);
    expect(away.exitCode).toBe(1);
  }, 30_000);

  it.each<readonly [readonly string[], string]>([
    [['add'], 'The argument <bank> is missing'],
    [['add', 'B'], '<bank> must be a lower-case letter'],
    [['add', 'beta', '--limit', 'BRL=1'], '--limit must be like BRL/2=100000'],
    [['add', 'beta', '--peer-key', 'x'], '--peer-key must be a public key'],
    [['add', 'beta', '--peer-url', 'x'], '--peer-url must look like'],
    [['limit', 'beta'], 'Say what to limit'],
    [['limit', 'beta', 'BRL/2=-1'], '<limits> must be like'],
    [['limit', 'beta', '--in-flight-max', '0'], '--in-flight-max must be a whole number from 1'],
    [['settle', 'beta'], 'The argument <amount> is missing'],
    [['settle', 'beta', 'BRL/2=0'], '<amount> must be like BRL/2=300000'],
    [['settle', 'beta', 'BRL/2=1', '--account', 'a b'], 'An account’s id has 1 to 64'],
    [['rotate', '--wait', 'x'], '--wait must be a whole number from 0'],
    [['list', 'beta'], 'Too many arguments'],
    [['lst'], 'There is no command lst'],
    [['list', '--output', 'xml'], '--output must be text or json'],
  ])('%j is bad usage', async (argv, sentence) => {
    const error = await failureOf(argv);
    expect(error.message).toContain(sentence);
    expect(error.exitCode).toBe(2);
  });

  it('teaches in both languages', async () => {
    expect((await run(['--help'])).out).toContain('Exit codes:');
    expect((await run(['limit', '--help'])).out).toContain('in minor units');
    expect((await run(['rotate', '--help'], 'pt')).out).toContain('Códigos de saída:');
  });
});
