import { expect, test } from 'vitest';
import { readDemoSettings } from './demo.ts';
import { CliError } from './exit-code.ts';
import { readSeedSettings } from './seed.ts';
import { readServeSettings, type ServeSettings } from './serve.ts';
import type { Flags } from './settings.ts';
import { textsIn } from './texts.ts';

function contextOf(env: NodeJS.ProcessEnv) {
  return {
    env,
    workingFolder: '/somewhere',
    texts: textsIn('en'),
    stdout: process.stdout,
    version: '',
  };
}

function serveWith(flags: Flags, env: NodeJS.ProcessEnv = {}): ServeSettings {
  return readServeSettings(flags, contextOf(env));
}

function refusalOf(flags: Flags, env: NodeJS.ProcessEnv = {}): CliError {
  try {
    serveWith(flags, env);
  } catch (error) {
    if (error instanceof CliError) return error;
  }
  throw new Error('expected a usage error');
}

test('without flags and variables the defaults hold', () => {
  expect(serveWith({})).toEqual({
    bank: 'main',
    dataFolder: '/somewhere/data',
    host: '127.0.0.1',
    port: 4000,
    databaseUrl: undefined,
    bootstrapKey: undefined,
    classics: [],
    logLevel: 'info',
  });
  expect(readSeedSettings({}, contextOf({}))).toEqual({
    url: 'http://127.0.0.1:4000',
    keyFile: '/somewhere/data/admin-key',
  });
});

test('every flag is also a variable', () => {
  const env = {
    LASTRO_BANK: 'loja',
    LASTRO_DATA: '/elsewhere',
    LASTRO_HOST: '::1',
    LASTRO_PORT: '4100',
    LASTRO_DATABASE_URL: 'postgres://a:b@c/d',
    LASTRO_BOOTSTRAP_KEY: 'k'.repeat(32),
    LASTRO_CLASSIC: 'pedidos=3100',
    LASTRO_LOG_LEVEL: 'warn',
  };
  expect(serveWith({}, env)).toEqual({
    bank: 'loja',
    dataFolder: '/elsewhere',
    host: '::1',
    port: 4100,
    databaseUrl: 'postgres://a:b@c/d',
    bootstrapKey: 'k'.repeat(32),
    classics: [{ surface: 'pedidos', port: 3100 }],
    logLevel: 'warn',
  });
  const demo = readDemoSettings({}, contextOf({ ...env, LASTRO_PEDIDOS_PORT: '3200' }));
  expect(demo).toMatchObject({ dataFolder: '/elsewhere', port: 4100, pedidosPort: 3200 });
});

test('a flag beats its variable, also when the variable is wrong', () => {
  expect(serveWith({ port: '4001' }, { LASTRO_PORT: '4002' }).port).toBe(4001);
  expect(serveWith({ port: '4001' }, { LASTRO_PORT: 'x' }).port).toBe(4001);
});

test('an empty variable is as if it were not set', () => {
  expect(serveWith({}, { LASTRO_PORT: '', DATABASE_URL: '' })).toEqual(serveWith({}));
});

test('the database URL: flag, then LASTRO_DATABASE_URL, then DATABASE_URL', () => {
  const env = { DATABASE_URL: 'postgres://c/c', LASTRO_DATABASE_URL: 'postgresql://b/b' };
  expect(serveWith({ 'database-url': 'postgres://a/a' }, env).databaseUrl).toBe('postgres://a/a');
  expect(serveWith({}, env).databaseUrl).toBe('postgresql://b/b');
  expect(serveWith({}, { DATABASE_URL: 'postgres://c/c' }).databaseUrl).toBe('postgres://c/c');
});

test.for<readonly [string, string]>([
  ['port', '0'],
  ['port', '65536'],
  ['port', '4e3'],
  ['port', '-1'],
  ['port', ''],
  ['bank', 'a'],
  ['bank', 'Alfa'],
  ['bank', '1a'],
  ['bank', 'a'.repeat(32)],
  ['bank', 'a/b'],
  ['host', 'a b'],
  ['classic', 'pedidos=0'],
  ['classic', 'pedidos=1=2'],
  ['classic', 'pedidos,pedidos=3001'],
  ['classic', 'contas'],
  ['classic', ''],
  ['database-url', 'mysql://a/b'],
  ['database-url', 'nothing'],
  ['log-level', 'loud'],
])('--%s “%s” is refused in one sentence, with exit code 2', ([flag, value]) => {
  const refusal = refusalOf({ [flag]: value });
  expect(refusal.exitCode).toBe(2);
  expect(refusal.message).toMatch(new RegExp(`^--${flag} must .*\\.$`));
  const variable = `LASTRO_${flag.toUpperCase().replaceAll('-', '_')}`;
  if (value !== '')
    expect(refusalOf({}, { [variable]: value }).message).toMatch(`${variable} must`);
});

test('a refusal never quotes a secret', () => {
  expect(refusalOf({}, { DATABASE_URL: 'mysql://u:geheim@h/d' }).message).not.toContain('geheim');
  for (const key of ['k'.repeat(31), `${'k'.repeat(40)} `, `${'k'.repeat(40)}ü`]) {
    const { message, exitCode } = refusalOf({}, { LASTRO_BOOTSTRAP_KEY: key });
    expect(message).toContain('LASTRO_BOOTSTRAP_KEY must be at least 32');
    expect(message).not.toContain(key);
    expect(exitCode).toBe(2);
  }
});
