import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { CliError } from './exit-code.ts';
import { languageOf, type Language } from './language.ts';
import { runProgram } from './program.ts';
import { readyPage } from './ready-page.ts';
import { textsIn } from './texts.ts';

/** Runs the program in this process, for what ends before anything is started. */
async function run(argv: readonly string[], language: Language = 'en') {
  const stdout = new PassThrough();
  const context = {
    env: language === 'pt' ? { LANG: 'pt_BR.UTF-8' } : {},
    workingFolder: '/somewhere',
    texts: textsIn(language),
    stdout: stdout as unknown as NodeJS.WriteStream,
    version: '1.2.3',
  };
  const code = await runProgram(argv, context);
  stdout.end();
  return { code, out: (await stdout.toArray()).join('') };
}

test('--version says the version', async () => {
  expect(await run(['--version'])).toEqual({ code: 0, out: '1.2.3\n' });
});

test('--help teaches: examples, environment, addresses, exit codes', async () => {
  const { code, out } = await run(['--help']);
  expect(code).toBe(0);
  for (const taught of [
    'Examples:',
    'LASTRO_<FLAG>',
    '/openapi.json',
    'Exit codes:',
    'serve',
    'demo',
    'simulate',
  ]) {
    expect(out).toContain(taught);
  }
});

test('help for a command lists its flags, in the reader’s language', async () => {
  const { out } = await run(['serve', '--help'], 'pt');
  expect(out).toContain('Uso:');
  expect(out).toContain('nome do banco');
  expect(out).toContain('Exemplos:');
});

test('simulate teaches its exit codes in both languages', async () => {
  const english = await run(['simulate', 'orders', '--help']);
  expect(english.out).toContain('--hot-product <share>');
  expect(english.out).toContain('1  an invariant is broken');
  const portuguese = await run(['help', 'simulate'], 'pt');
  expect(portuguese.out).toContain('transfers');
  expect((await run(['simulate', 'transfers', '--help'], 'pt')).out).toContain('Códigos de saída:');
});

test('classic teaches both of its servers, in both languages', async () => {
  const dados = await run(['classic', 'dados', '--help']);
  expect(dados.out).toContain('--lock-seconds <n>');
  expect(dados.out).toContain('LASTRO_DADOS_TOKENS');
  const negocio = await run(['classic', 'negocio', '--help'], 'pt');
  expect(negocio.out).toContain('servidor de negócio');
  expect(negocio.out).toContain('--log-folder <dir>');
  expect(negocio.out).toContain('Uso:');
});

test.for<readonly [readonly string[], string]>([
  [['srve'], 'There is no command srve: see lastro --help.'],
  [['serve', '--nope'], 'There is no flag --nope: see lastro --help.'],
  [['serve', '--port'], 'The flag --port <n> needs a value.'],
  [['demo', 'now'], 'Too many arguments: see lastro --help.'],
  [['demo', '--port', 'x'], '--port must be a whole number from 1 to 65533, not “x”.'],
  [['simulate', 'order'], 'There is no command order: see lastro --help.'],
  [['simulate', 'orders', '--hot-product', '2'], '--hot-product must be a number from 0 to 1'],
  [['simulate', 'orders', '--accounts', '2'], 'There is no flag --accounts: see lastro --help.'],
  [['simulate', 'transfers', '--accounts', '1'], '--accounts must be a whole number from 2 to'],
  [['classic', 'contas'], 'There is no command contas: see lastro --help.'],
  [['classic', 'dados', '--port', '0'], '--port must be a port number from 1 to 65535, not “0”.'],
  [['classic', 'dados', '--lock-seconds', '601'], '--lock-seconds must be a whole number from 1'],
  [['classic', 'dados', '--lock-seconds', '0'], '--lock-seconds must be a whole number from 1'],
  [['classic', 'dados', '--host', 'a b'], '--host must be a host name or an IP address'],
  [['classic', 'dados', '5000'], 'Too many arguments: see lastro --help.'],
  [['classic', 'negocio'], 'The argument <url> is missing: see lastro --help.'],
  [
    ['classic', 'negocio', 'http://127.0.0.1:5000'],
    'The argument <port> is missing: see lastro --help.',
  ],
  [['classic', 'negocio', 'localhost:5000', '5001'], '<url> must look like http://127.0.0.1:4000'],
  [['classic', 'negocio', 'http://127.0.0.1:5000', 'x'], 'must be a port number from 1 to 65535'],
  [['seed', '--output', 'xml'], '--output must be text or json, not “xml”.'],
  [['seed', '--as', 'delta'], '--as must be one of alfa, beta, gama, not “delta”.'],
  [['seed', '--url', 'x'], '--url must look like http://127.0.0.1:4000, not “x”.'],
])('%j is bad usage', async ([argv, sentence]) => {
  const error: unknown = await run(argv).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(CliError);
  expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining(sentence) });
});

test.for([
  [{ LANG: 'pt_BR.UTF-8' }, 'pt'],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'pt_PT' }, 'pt'],
  [{ LANG: 'pt_BR', LC_ALL: 'C' }, 'en'],
  [{ LANG: 'pt_BR', LC_ALL: '' }, 'pt'],
  [{}, 'en'],
] as const)('%o speaks %s', ([env, language]) => {
  expect(languageOf(env)).toBe(language);
});

describe('the demo’s last page', () => {
  const words = {
    title: '',
    bank: (id: string) => id,
    bankNote: '',
    classicNotes: { pedidos: '', dados: '', negocio: '', contas: '' },
    adminKey: 'key',
    inEnvironment: '',
    tryIt: '',
    payAcross: (from: string, to: string) => `${from} pays ${to}`,
    end: '',
  };
  const alfa = {
    id: 'alfa',
    url: 'http://h:1',
    classics: [{ surface: 'pedidos' as const, port: 3, url: null }],
  };
  const beta = { id: 'beta', url: 'http://h:2', classics: [] };

  test('what it says to paste survives a folder with spaces and quotes', () => {
    const page = readyPage(words, [alfa], "/it's here/admin-key");
    expect(page).toContain(String.raw`$(cat '/it'\''s here/admin-key')`);
    expect(page).not.toContain('pedidos');
    expect(page).not.toContain('alfa pays');
    expect(readyPage(words, [alfa], undefined)).toContain('Bearer $LASTRO_BOOTSTRAP_KEY"');
  });

  test('it shows every bank, and how one pays the other', () => {
    const page = readyPage(words, [alfa, beta], '/key');
    expect(page).toMatch(/^ {2}alfa +http:\/\/h:1$/m);
    expect(page).toMatch(/^ {2}beta +http:\/\/h:2$/m);
    expect(page).toContain('alfa pays beta');
    const curls = page.match(/^ {2}curl -s \S+/gm);
    expect(curls).toEqual(
      [
        'http://h:1/v1/accounts/cliente:1',
        'http://h:1/v1/transfers',
        'http://h:2/v1/accounts/cliente:2',
        'http://h:1/v1/peers/beta/position',
        'http://h:2/v1/peers/alfa/position',
      ].map((url) => `  curl -s ${url}`),
    );
    expect(page).toContain(`-d '{"from":"cliente:1","to":"beta/cliente:2","amount":2500}'`);
  });
});
