import { expect, test } from 'vitest';
import { readDemoSettings } from './demo/demo-settings.ts';
import { CliError } from './exit-code.ts';
import { readSeedSettings } from './seed.ts';
import { readServeSettings, type ServeSettings } from './serve.ts';
import { Settings, type Flags } from './settings.ts';
import { readSimulateSettings } from './simulate.ts';
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
    feed: undefined,
    logLevel: 'info',
  });
  expect(readSeedSettings({}, contextOf({}))).toEqual({
    url: 'http://127.0.0.1:4000',
    keyFile: '/somewhere/data/admin-key',
    bank: expect.objectContaining({ id: 'alfa' }),
    isJson: false,
  });
  expect(readSimulateSettings(new Settings({}, contextOf({})))).toEqual({
    url: 'http://127.0.0.1:4000',
    keyFile: '/somewhere/data/admin-key',
    count: 1_000,
    concurrency: 50,
    seed: expect.any(Number),
    isJson: false,
  });
  expect(readDemoSettings({}, contextOf({}))).toMatchObject({ floodCount: 200, isJson: false });
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
    LASTRO_FEED: 'http://user:pass@sensor/leituras',
    LASTRO_EVERY: '0.5',
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
    feed: { url: 'http://user:pass@sensor/leituras', everySeconds: 0.5 },
    logLevel: 'warn',
  });
  const demo = readDemoSettings(
    {},
    contextOf({ ...env, LASTRO_PEDIDOS_PORT: '3200', LASTRO_FLOOD: '0' }),
  );
  expect(demo).toMatchObject({ dataFolder: '/elsewhere', port: 4100, pedidosPort: 3200 });
  expect(demo.floodCount).toBe(0);
  const simulation = { LASTRO_COUNT: '7', LASTRO_CONCURRENCY: '3', LASTRO_SEED: '0' };
  expect(
    readSimulateSettings(new Settings({ output: 'json' }, contextOf(simulation))),
  ).toMatchObject({ count: 7, concurrency: 3, seed: 0, isJson: true });
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
  ['classic', 'distribank'],
  ['classic', 'contas,contas=5001'],
  ['contas-peers', 'beta'],
  ['contas-peers', 'beta=localhost'],
  ['contas-peers', 'beta=localhost:0'],
  ['contas-peers', 'beta=localhost:5011,beta=localhost:5012'],
  ['contas-peers', 'Beta=localhost:5011'],
  ['contas-peers', 'beta=https://localhost:5011'],
  ['contas-peers', ''],
  ['classic', 'dados,dados=5005'],
  ['classic', 'dados,negocio='],
  ['classic', ''],
  ['database-url', 'mysql://a/b'],
  ['database-url', 'nothing'],
  ['log-level', 'loud'],
  ['every', '0'],
  ['every', '86401'],
  ['every', '1e1'],
  ['every', ''],
])('--%s “%s” is refused in one sentence, with exit code 2', ([flag, value]) => {
  const refusal = refusalOf({ [flag]: value });
  expect(refusal.exitCode).toBe(2);
  expect(refusal.message).toMatch(new RegExp(`^--${flag} must .*\\.$`));
  const variable = `LASTRO_${flag.toUpperCase().replaceAll('-', '_')}`;
  if (value !== '')
    expect(refusalOf({}, { [variable]: value }).message).toMatch(`${variable} must`);
});

test.for<readonly [Flags, string]>([
  [{ count: '0' }, '--count must be a whole number from 1 to 1000000000, not “0”.'],
  [{ concurrency: '1001' }, '--concurrency must be a whole number from 1 to 1000, not “1001”.'],
  [{ seed: '-1' }, '--seed must be a whole number from 0 to 4294967295, not “-1”.'],
  [{ seed: '4294967296' }, '--seed must be'],
  [{ count: '1.5' }, '--count must be'],
  [{ output: 'xml' }, '--output must be text or json, not “xml”.'],
])('%o is refused to simulate', ([flags, sentence]) => {
  expect(() => readSimulateSettings(new Settings(flags, contextOf({})))).toThrow(sentence);
});

test.for(['1.1', '-0.1', 'all', '.5', ''])('“%s” is no share', (text) => {
  const settings = new Settings({ 'hot-product': text }, contextOf({}));
  expect(() => settings.share('hot-product')).toThrow('--hot-product must be a number from 0 to 1');
});

test('a feed needs a surface that takes its orders, and an address', () => {
  const feed = 'http://127.0.0.1:8080/leituras';
  const settings = serveWith({ classic: 'pedidos', feed });
  expect(settings.feed).toEqual({ url: feed, everySeconds: 5 });
  expect(refusalOf({ feed })).toMatchObject({
    exitCode: 2,
    message: '--feed needs the classic surface that takes its orders: add --classic pedidos.',
  });
  for (const text of ['leituras', 'ftp://geheim@sensor/', 'http://geheim%zz@sensor/', '']) {
    const { message, exitCode } = refusalOf({ classic: 'pedidos', feed: text });
    expect(message).toBe('--feed must be an address that begins with http:// or https://.');
    expect(exitCode).toBe(2);
  }
});

test('dados and its business servers have their usual ports, or others, and dados starts first', () => {
  expect(serveWith({ classic: 'dados,negocio' }).classics).toEqual([
    { surface: 'dados', port: 5000 },
    { surface: 'negocio', port: 5001 },
    { surface: 'negocio', port: 5002 },
    { surface: 'negocio', port: 5003 },
  ]);
  expect(serveWith({ classic: 'negocio=6001, negocio=6002,dados=6000' }).classics).toEqual([
    { surface: 'dados', port: 6000 },
    { surface: 'negocio', port: 6001 },
    { surface: 'negocio', port: 6002 },
  ]);
});

test('contas has the original’s port, or PORT; beside dados it has another one', () => {
  const port = { PORT: '5007' };
  expect(serveWith({ classic: 'contas' }).classics).toEqual([{ surface: 'contas', port: 5000 }]);
  expect(serveWith({ classic: 'contas' }, port).classics[0]?.port).toBe(5007);
  expect(serveWith({ classic: 'contas=5012' }, port).classics[0]?.port).toBe(5012);
  expect(serveWith({ classic: 'pedidos' }, { PORT: 'none' }).classics[0]?.port).toBe(3000);
  expect(serveWith({ classic: 'contas,dados' }, port).classics).toEqual([
    { surface: 'dados', port: 5000 },
    { surface: 'contas', port: 5010 },
  ]);
  expect(refusalOf({ classic: 'contas' }, { PORT: '5000x' })).toMatchObject({ exitCode: 2 });
});

test('the other servers of contas are named with their banks', () => {
  expect(serveWith({}).contasPeers).toBeUndefined();
  const list = 'beta=localhost:5011, gama=10.0.0.3:5000,delta=[::1]:5013';
  expect(serveWith({ 'contas-peers': list }).contasPeers).toEqual([
    { bank: 'beta', host: 'localhost', port: 5011 },
    { bank: 'gama', host: '10.0.0.3', port: 5000 },
    { bank: 'delta', host: '[::1]', port: 5013 },
  ]);
});

test.for(['negocio', 'negocio=5001', 'pedidos,negocio'])(
  '“%s” is refused without dados',
  (text) => {
    expect(refusalOf({ classic: text })).toMatchObject({
      exitCode: 2,
      message:
        '--classic has negocio and no data server for it: add dados, or run lastro classic negocio URL PORT.',
    });
  },
);

test('tokens of dados come from the environment alone', () => {
  expect(serveWith({}).dadosTokens).toBeUndefined();
  expect(serveWith({}, { LASTRO_DADOS_TOKENS: '' }).dadosTokens).toBeUndefined();
  const env = { LASTRO_DADOS_TOKENS: 'ba0f, 4c0e,um-token-bem-mais-longo' };
  expect(serveWith({}, env).dadosTokens).toEqual(['ba0f', '4c0e', 'um-token-bem-mais-longo']);
  for (const text of ['abc', 'geheim,', ',geheim', 'geheim,geh eim', 'geheim,ação', ',']) {
    const { message, exitCode } = refusalOf({}, { LASTRO_DADOS_TOKENS: text });
    expect(message).toBe(
      'LASTRO_DADOS_TOKENS must be tokens of 4 to 200 visible ASCII characters, separated by commas.',
    );
    expect(exitCode).toBe(2);
  }
});

test('seed takes the people of any bank of the world, whatever LASTRO_BANK is', () => {
  const bankOf = (flags: Flags) =>
    readSeedSettings(flags, contextOf({ LASTRO_BANK: 'loja' })).bank.id;
  expect(bankOf({})).toBe('alfa');
  expect(bankOf({ as: 'gama' })).toBe('gama');
  expect(() => bankOf({ as: 'loja' })).toThrow('--as must be one of alfa, beta, gama, not “loja”.');
});

test('the demo’s banks take three ports in a row', () => {
  const demo = (flags: Flags) => readDemoSettings(flags, contextOf({}));
  expect(demo({}).port).toBe(4_000);
  expect(demo({ port: '65533' }).port).toBe(65_533);
  expect(() => demo({ port: '65534' })).toThrow(
    '--port must be a whole number from 1 to 65533, not “65534”.',
  );
});

test('the demo moves the servers of accounts together', () => {
  const demo = (flags: Flags) => readDemoSettings(flags, contextOf({}));
  expect(demo({}).contasShift).toBe(0);
  expect(demo({ 'contas-port': '6010' }).contasShift).toBe(1_000);
  expect(() => demo({ 'contas-port': '65534' })).toThrow('--contas-port must be');
});

test('the demo is asked, as a bank is, whether it should be seen from elsewhere without TLS', () => {
  const demo = (flags: Flags) => readDemoSettings(flags, contextOf({}));
  expect(() => demo({ host: '0.0.0.0' })).toThrow('--insecure');
  expect(demo({ host: '0.0.0.0', insecure: 'true' }).host).toBe('0.0.0.0');
});

test('the demo moves the data server and its business servers together', () => {
  const demo = (flags: Flags) => readDemoSettings(flags, contextOf({}));
  expect(demo({}).dadosShift).toBe(0);
  expect(demo({ 'dados-port': '6100' }).dadosShift).toBe(1_100);
  expect(() => demo({ 'dados-port': '65533' })).toThrow('--dados-port must be');
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

test('a bank that others can reach speaks TLS, unless it is told that something else does', () => {
  expect(serveWith({}).tls).toBeUndefined();
  for (const host of ['127.0.0.1', '127.8.8.8', '::1', 'localhost']) {
    expect(serveWith({ host }).host).toBe(host);
  }
  for (const host of ['0.0.0.0', '::', 'bank.example', '10.0.0.1', '127.0.0.1.example']) {
    const { message, exitCode } = refusalOf({ host });
    expect(message).toContain(`--host ${host} lets others read`);
    expect(message).toContain('--insecure');
    expect(exitCode).toBe(2);
    expect(serveWith({ host, insecure: 'true' }).host).toBe(host);
    expect(serveWith({ host }, { LASTRO_INSECURE: '1' }).host).toBe(host);
    expect(serveWith({ host, 'tls-cert': 'a.crt', 'tls-key': '/b.key' }).tls).toEqual({
      certFile: '/somewhere/a.crt',
      keyFile: '/b.key',
    });
  }
  expect(() => serveWith({ host: '::' }, { LASTRO_INSECURE: '0' })).toThrow('lets others read');
  expect(() => serveWith({ host: '::' }, { LASTRO_INSECURE: 'maybe' })).toThrow(
    'LASTRO_INSECURE must be 1 or 0, not “maybe”.',
  );
  expect(refusalOf({ 'tls-cert': 'a.crt' }).message).toContain('go together');
  expect(refusalOf({}, { LASTRO_TLS_KEY: 'a.key' }).message).toContain('go together');
});

test('a bank in a consortium says where the others reach it', () => {
  expect(serveWith({}).consortium).toBeUndefined();
  const register = 'etcd://a,b,c';
  expect(serveWith({ register }).consortium).toEqual({
    register: {
      home: 'etcd',
      origins: ['http://a:2379', 'http://b:2379', 'http://c:2379'],
      name: 'lastro',
      login: null,
    },
    ownAddress: { origin: 'http://127.0.0.1:4000', prefix: '' },
  });
  const tls = { 'tls-cert': 'a.crt', 'tls-key': 'a.key' };
  expect(serveWith({ register, host: '::1', port: '1', ...tls }).consortium).toMatchObject({
    ownAddress: { origin: 'https://[::1]:1' },
  });
  const env = { LASTRO_REGISTER: register, LASTRO_PUBLIC_URL: 'https://alfa.example/lastro/' };
  expect(serveWith({ host: '0.0.0.0', ...tls }, env).consortium).toMatchObject({
    ownAddress: { origin: 'https://alfa.example', prefix: '/lastro' },
  });
  expect(refusalOf({ register, host: '0.0.0.0', ...tls }).message).toContain('--public-url');
  expect(refusalOf({ register, 'public-url': 'alfa' }).message).toContain(
    '--public-url must look like',
  );
  expect(refusalOf({ 'public-url': 'https://alfa.example' }).message).toContain('--register');
  const { message, exitCode } = refusalOf({ register: 'redis://:geheim@h' });
  expect(message).toContain('begins with postgres://, etcd:// or etcds://');
  expect(message).not.toContain('geheim');
  expect(exitCode).toBe(2);
});

test('files for TLS to the register are taken where it is spoken, and whole', () => {
  const register = 'etcds://alfa:geheim@a,b,c';
  expect(serveWith({ register }).consortium?.registerTls).toBeUndefined();
  const pair = { 'register-cert': 'alfa.crt', 'register-key': '/alfa.key' };
  const env = { LASTRO_REGISTER: register, LASTRO_REGISTER_CA: 'ca.crt' };
  expect(serveWith(pair, env).consortium?.registerTls).toEqual({
    caFile: '/somewhere/ca.crt',
    certFile: '/somewhere/alfa.crt',
    keyFile: '/alfa.key',
  });
  for (const [flags, variables, complaint] of [
    [{ 'register-ca': 'ca.crt' }, {}, '--register-ca can’t be used'],
    [{ register: 'etcd://a', ...pair }, {}, '--register-cert can’t be used'],
    [{ register: 'postgres://h/d' }, { LASTRO_REGISTER_CA: 'ca.crt' }, 'LASTRO_REGISTER_CA can’t'],
    [{ register, 'register-key': 'a.key' }, {}, '--register-key can’t be used'],
    [{ register, 'register-cert': 'a.crt' }, {}, 'go together'],
  ] as const) {
    const error = refusalOf(flags, variables);
    expect(error.message).toContain(complaint);
    expect(error.message).not.toContain('geheim');
    expect(error.cause).toMatchObject({ code: 'register_tls_invalid' });
    expect(error.exitCode).toBe(2);
  }
});
