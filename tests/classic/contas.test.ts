import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { newKey } from '../harness/bank-in-process.ts';
import { checkBooks } from '../harness/books.ts';
import { eventually } from '../harness/eventually.ts';
import { createCaller } from '../harness/http-caller.ts';
import { createDatabase, dropDatabase } from '../harness/postgres.ts';
import { atOnce, openAccount, tally } from '../harness/seeding.ts';
import { apiUrlOf, startContas, type ClassicProcess } from './classic-process.ts';

/** What a client of the original sees, written from the description of that surface alone. */

let server: ClassicProcess;
let api: ReturnType<typeof createCaller>;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lastro-contas-'));
  const databaseUrl = await createDatabase();
  const adminKey = newKey();
  const flags = ['--bank=alfa'];
  server = await startContas({ databaseUrl, folder, adminKey, flags });
  const apiUrl = await eventually('it tells its address', () => apiUrlOf(server), 60_000);
  api = createCaller(apiUrl, adminKey);
  return async () => {
    await api.close();
    await server.stop();
    await dropDatabase(databaseUrl);
    await rm(folder, { recursive: true, force: true });
  };
}, 240_000);

/** As the original's clients call it: no key, JSON. */
async function ask(method: 'GET' | 'POST', path: string, body?: unknown) {
  const {
    status,
    headers,
    body: answered,
    text,
  } = await server.call(method, path, body, { key: null });
  expect(headers['content-type'], text).toMatch(/^application\/json/);
  return { status, body: answered };
}

/** What is answered with status 200. */
async function told(method: 'GET' | 'POST', path: string, body?: unknown) {
  const { status, body: answered } = await ask(method, path, body);
  expect({ status, answered }).toEqual({ status: 200, answered });
  return answered;
}

const post = (path: string, body?: unknown) => told('POST', path, body);
const open = (id_conta: string, saldo: number) => post('/contas', { id_conta, saldo });
const saldoOf = async (id: string) =>
  (await told('GET', `/contas/${encodeURIComponent(id)}`))['saldo'];

/** An id that nobody used before. */
let named = 0;
const someone = () => `conta-${(named += 1)}`;

/** An account of its own, with a balance. */
async function opened(saldo: number): Promise<string> {
  const id = someone();
  expect(await open(id, saldo)).toEqual({ mensagem: 'Conta criada com sucesso' });
  return id;
}

const refusal = { sucesso: false, mensagem: expect.stringMatching(/.+/) };
const refusalThat = (mensagem: string) => ({ sucesso: false, mensagem });
const done = (mensagem: string) => ({ sucesso: true, mensagem });

it('GET / is a short HTML page', async () => {
  const { status, headers, text } = await server.call('GET', '/', undefined, { key: null });
  expect(status).toBe(200);
  expect(headers['content-type']).toMatch(/^text\/html/);
  expect(text).toMatch(/^<!doctype html>/);
  expect(text.length).toBeLessThan(10_000);
});

describe('opening an account', () => {
  it('says so, and the account has its balance', async () => {
    const id = someone();
    expect(await open(id, 150.75)).toEqual({ mensagem: 'Conta criada com sucesso' });
    expect(await told('GET', `/contas/${id}`)).toEqual({ sucesso: true, saldo: 150.75 });
  });

  it('with nothing on it', async () => {
    expect(await saldoOf(await opened(0))).toBe(0);
  });

  it('that exists is refused, and changes nothing', async () => {
    const id = await opened(10);
    expect(await open(id, 99)).toEqual(refusalThat('Conta já existe'));
    expect(await saldoOf(id)).toBe(10);
  });

  it('20 times at once opens one', async () => {
    const id = someone();
    const answers = await atOnce(20, () => open(id, 5));
    expect(tally(answers.map(({ mensagem }) => String(mensagem)))).toEqual({
      'Conta criada com sucesso': 1,
      'Conta já existe': 19,
    });
    expect(await saldoOf(id)).toBe(5);
  });

  it.each([
    ['no body', undefined],
    ['no saldo', { id_conta: 'x' }],
    ['no id', { saldo: 5 }],
    ['an empty id', { id_conta: '', saldo: 5 }],
    ['null for an id', { id_conta: null, saldo: 5 }],
    ['a balance below zero', { id_conta: 'x', saldo: -1 }],
    ['three decimals', { id_conta: 'x', saldo: 1.234 }],
    ['a text for a balance', { id_conta: 'x', saldo: 'muito' }],
    ['null for a balance', { id_conta: 'x', saldo: null }],
    ['more than there is', { id_conta: 'x', saldo: 1e20 }],
    ['an id without end', { id_conta: 'x'.repeat(5_000), saldo: 5 }],
    ['a list', [{ id_conta: 'x', saldo: 5 }]],
  ])('with %s is “Dados inválidos”', async (_, body) => {
    expect(await post('/contas', body)).toEqual(refusalThat('Dados inválidos'));
    expect(await told('GET', '/contas/x')).toEqual(refusalThat('Conta não encontrada'));
  });

  it('reads JSON under any content type, and broken JSON as nothing', async () => {
    const headers = { 'content-type': 'text/plain' };
    const send = (raw: string) =>
      server.call('POST', '/contas', undefined, { key: null, headers, raw });
    const id = someone();
    expect((await send(JSON.stringify({ id_conta: id, saldo: 1.5 }))).body).toEqual({
      mensagem: 'Conta criada com sucesso',
    });
    expect((await send('{"id_conta": "x", ')).body).toEqual(refusalThat('Dados inválidos'));
    expect(await saldoOf(id)).toBe(1.5);
  });

  it('takes any text for an id', async () => {
    const ids = [
      'joão',
      'Conta da Ana',
      'a/b',
      'x?y=z#w',
      '100%',
      '..',
      'cash:BRL',
      '💰',
      'x'.repeat(200),
    ];
    for (const [index, id] of ids.entries()) {
      expect(await open(id, index), id).toEqual({ mensagem: 'Conta criada com sucesso' });
    }
    for (const [index, id] of ids.entries()) expect(await saldoOf(id), id).toBe(index);
  });
});

it('an account that is not there is not found', async () => {
  const notFound = refusalThat('Conta não encontrada');
  for (const id of ['ninguem', 'x'.repeat(3_000), '%00', 'conta:1']) {
    expect(await told('GET', `/contas/${id}`)).toEqual(notFound);
    expect(await post(`/contas/${id}/deposito`, { valor: 5 })).toEqual(notFound);
    expect(await post(`/contas/${id}/saque`, { valor: 5 })).toEqual(notFound);
    expect(await post(`/contas/${id}/transferencia`, { valor: 5, conta_destino: 'y' })).toEqual(
      notFound,
    );
  }
});

it('accounts of the bank that are not of this surface are not there', async () => {
  await openAccount(api, 'cliente-do-banco', 100_00);
  const notFound = refusalThat('Conta não encontrada');
  for (const id of ['cliente-do-banco', 'cash:BRL', 'peer:beta:BRL']) {
    if (id !== 'cash:BRL') expect(await told('GET', `/contas/${id}`)).toEqual(notFound);
    expect(await post('/transferencia', { id_origem: id, id_destino: 'z', valor: 1 })).toEqual(
      refusal,
    );
  }
});

describe('deposits and withdrawals', () => {
  it('move money to the centavo', async () => {
    const id = await opened(100);
    const deposit = (valor: number) => post(`/contas/${id}/deposito`, { valor });
    const withdraw = (valor: number) => post(`/contas/${id}/saque`, { valor });
    expect(await deposit(50)).toEqual(done('Depósito realizado'));
    expect(await deposit(0.1)).toEqual(done('Depósito realizado'));
    expect(await deposit(0.2)).toEqual(done('Depósito realizado'));
    expect(await saldoOf(id)).toBe(150.3);
    expect(await withdraw(150.29)).toEqual(done('Saque realizado'));
    expect(await saldoOf(id)).toBe(0.01);
    expect(await withdraw(0.02)).toEqual(refusalThat('Saldo insuficiente'));
    expect(await withdraw(0.01)).toEqual(done('Saque realizado'));
    expect(await saldoOf(id)).toBe(0);
  });

  it.each([0, -5, 0.001, 10.005, 1e15, 1e300, '50', true, {}, [5]])(
    '%j is no amount, and nothing moves',
    async (valor) => {
      const id = await opened(100);
      expect(await post(`/contas/${id}/deposito`, { valor })).toEqual(refusal);
      expect(await post(`/contas/${id}/saque`, { valor })).toEqual(refusal);
      expect(await saldoOf(id)).toBe(100);
    },
  );

  it.each([undefined, {}, { valor: null }, { amount: 5 }])('%j has none', async (body) => {
    const id = await opened(100);
    expect(await post(`/contas/${id}/deposito`, body)).toEqual(refusal);
    expect(await post(`/contas/${id}/saque`, body)).toEqual(refusal);
    expect(await saldoOf(id)).toBe(100);
  });

  it('50 withdrawals at once take what there is, and no more', async () => {
    const id = await opened(100);
    const answers = await atOnce(50, () => post(`/contas/${id}/saque`, { valor: 10 }));
    expect(tally(answers.map(({ mensagem }) => String(mensagem)))).toEqual({
      'Saque realizado': 10,
      'Saldo insuficiente': 40,
    });
    expect(await saldoOf(id)).toBe(0);
  });

  it('50 deposits at once are all there', async () => {
    const id = await opened(0);
    await atOnce(50, () => post(`/contas/${id}/deposito`, { valor: 0.1 }));
    expect(await saldoOf(id)).toBe(5);
  });

  it('the same request again is another operation', async () => {
    const id = await opened(0);
    for (let time = 0; time < 2; time += 1) await post(`/contas/${id}/deposito`, { valor: 5 });
    expect(await saldoOf(id)).toBe(10);
  });

  it('but not under the same Idempotency-Key', async () => {
    const id = await opened(0);
    const headers = { 'idempotency-key': `key-of-${id}` };
    const deposit = (valor: number) =>
      server.call('POST', `/contas/${id}/deposito`, { valor }, { key: null, headers });
    for (let time = 0; time < 2; time += 1) {
      expect((await deposit(5)).body).toEqual(done('Depósito realizado'));
    }
    expect((await deposit(6)).body).toEqual(refusal);
    expect(await saldoOf(id)).toBe(5);
  });
});

type Route = (from: string, to: string, valor: unknown) => Promise<unknown>;

describe.each<readonly [string, Route]>([
  [
    '/contas/:id/transferencia',
    (from, to, valor) => post(`/contas/${from}/transferencia`, { valor, conta_destino: to }),
  ],
  [
    '/transferencia/:id',
    (from, to, valor) => post(`/transferencia/${from}`, { valor, conta_destino: to }),
  ],
  [
    '/transferencia',
    (from, to, valor) => post('/transferencia', { id_origem: from, id_destino: to, valor }),
  ],
])('POST %s', (_, transfer) => {
  it('moves money, and says how much and to whom', async () => {
    const [from, to] = [await opened(100), await opened(0)];
    expect(await transfer(from, to, 60)).toEqual(
      done(`Transferência de 60 para a conta ${to} realizada`),
    );
    expect(await transfer(from, to, 0.05)).toEqual(
      done(`Transferência de 0.05 para a conta ${to} realizada`),
    );
    expect([await saldoOf(from), await saldoOf(to)]).toEqual([39.95, 60.05]);
  });

  it('refuses what is not there, with a message', async () => {
    const [from, to] = [await opened(100), await opened(0)];
    expect(await transfer(from, to, 100.01)).toEqual(refusalThat('Saldo insuficiente'));
    expect(await transfer(from, from, 5)).toEqual(refusal);
    // Not here, and no server was named.
    expect(await transfer(from, 'ninguem', 5)).toEqual(refusal);
    expect(await transfer('ninguem', to, 5)).toEqual(refusal);
    for (const valor of [0, -1, 0.001, '5', null, undefined]) {
      expect(await transfer(from, to, valor), String(valor)).toEqual(refusal);
    }
    expect([await saldoOf(from), await saldoOf(to)]).toEqual([100, 0]);
  });

  it('in a circle at once, keeps the sum', async () => {
    const ids = await atOnce(3, () => opened(100));
    const answers = await atOnce(60, (index) =>
      transfer(ids[index % 3] ?? '', ids[(index + 1) % 3] ?? '', 30.33),
    );
    expect(answers).toHaveLength(60);
    const balances = await Promise.all(ids.map(saldoOf));
    const centavos = balances.map((saldo) => Math.round(Number(saldo) * 100));
    expect(centavos.reduce((sum, each) => sum + each, 0)).toBe(300_00);
    expect(Math.min(...centavos)).toBeGreaterThanOrEqual(0);
  });
});

describe('other servers', () => {
  it('this one can be named, too', async () => {
    const [from, to] = [await opened(100), await opened(0)];
    const servidor = `localhost:${server.port}`;
    const transfer = (conta_destino: string) =>
      post(`/contas/${from}/transferencia`, { valor: 5, conta_destino, servidor });
    expect(await transfer(to)).toEqual(done(`Transferência de 5 para a conta ${to} realizada`));
    expect(await transfer('ninguem')).toEqual(refusal);
    expect(await told('GET', `/saldo-outro-servidor/${to}/${servidor}`)).toEqual({
      sucesso: true,
      saldo: 5,
    });
    const deposit = { id_conta: to, valor: 2.5, endereco_servidor: servidor };
    expect(await post('/transacao-outro-servidor', deposit)).toEqual(done('Depósito realizado'));
    expect(await saldoOf(to)).toBe(7.5);
  });

  it('that are no configured peer are 403, and nobody is asked', async () => {
    let asked = 0;
    const stranger = createServer((_request, reply) => {
      asked += 1;
      reply.end(JSON.stringify({ sucesso: true, saldo: 1_000_000 }));
    }).listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const { port } = stranger.address() as AddressInfo;
    const from = await opened(100);
    const addresses = [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      '169.254.169.254:80',
      'nonsense',
      5,
      {},
    ];
    for (const servidor of addresses) {
      const transfer = { valor: 5, conta_destino: 'x', servidor };
      for (const path of [`/contas/${from}/transferencia`, `/transferencia/${from}`]) {
        expect(await ask('POST', path, transfer)).toEqual({ status: 403, body: refusal });
      }
      const deposit = { id_conta: 'x', valor: 5, endereco_servidor: servidor };
      const forbidden = { status: 403, body: refusal };
      expect(await ask('POST', '/transacao-outro-servidor', deposit)).toEqual(forbidden);
      const path = `/saldo-outro-servidor/x/${encodeURIComponent(JSON.stringify(servidor))}`;
      expect(await ask('GET', path)).toEqual(forbidden);
    }
    expect(await saldoOf(from)).toBe(100);
    expect(asked).toBe(0);
    stranger.close();
  });

  it('and what is missing is told', async () => {
    expect(await post('/transacao-outro-servidor', { id_conta: 'x', valor: 5 })).toEqual(refusal);
    const endereco_servidor = `localhost:${server.port}`;
    expect(await post('/transacao-outro-servidor', { valor: 5, endereco_servidor })).toEqual(
      refusal,
    );
    const without = { id_conta: 'x', endereco_servidor };
    expect(await post('/transacao-outro-servidor', without)).toEqual(refusal);
  });
});

it('POST /replicar takes an operation', async () => {
  const operation = { tipo: 'deposito', id_conta: 'x', valor: 1_000_000 };
  expect(await post('/replicar', operation)).toEqual(done('Log replicado com sucesso'));
  expect(await told('GET', '/contas/x')).toEqual(refusalThat('Conta não encontrada'));
});

it('an unknown route, another method and a path that says nothing are no 500', async () => {
  expect(await ask('GET', '/nada')).toEqual({ status: 404, body: refusal });
  expect((await ask('GET', '/contas')).status).toBe(404);
  expect((await ask('POST', '/contas/x')).status).toBe(404);
  expect((await ask('GET', '/contas/%zz')).status).toBe(400);
  expect((await ask('POST', '/contas', { id_conta: 'x'.repeat(100_000), saldo: 1 })).status).toBe(
    413,
  );
});

it('a page of another site can’t operate', async () => {
  const id = await opened(100);
  const headers = { 'sec-fetch-site': 'cross-site' };
  const { status, body } = await server.call(
    'POST',
    `/contas/${id}/saque`,
    { valor: 5 },
    { key: null, headers },
  );
  expect({ status, body }).toEqual({ status: 403, body: refusal });
  expect(await saldoOf(id)).toBe(100);
});

describe('GET /log', () => {
  const LINE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (INFO|WARN) (.+) \[alfa:(\d+)\]$/;

  async function page(query = '') {
    const { status, headers, text } = await server.call('GET', `/log${query}`, undefined, {
      key: null,
    });
    expect(status, text).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/plain/);
    const lines = text.split('\n').slice(0, -1);
    const next = /<\/log(\?[^>]+)>/.exec(String(headers['link']))?.[1];
    return { lines: lines.map(read), next };
  }

  function read(line: string) {
    const [, time = '', level, operation, clock] = LINE.exec(line) ?? [];
    expect(operation, line).toBeDefined();
    return { time: Date.parse(time), level, operation, clock: Number(clock) };
  }

  it('tells each operation once, in the bank’s order, with level and clock', async () => {
    const [ana, bia] = [await opened(100), await opened(0)];
    await post(`/contas/${ana}/deposito`, { valor: 5.5 });
    await post(`/contas/${ana}/saque`, { valor: 0.5 });
    await post(`/contas/${ana}/saque`, { valor: 5_000 });
    await post('/transferencia', { id_origem: ana, id_destino: bia, valor: 20 });
    const { lines } = await page();
    expect(lines.slice(-7).map(({ level, operation }) => `${level} ${operation}`)).toEqual([
      `INFO Conta ${ana} criada`,
      `INFO Depósito de 100 na conta ${ana}`,
      `INFO Conta ${bia} criada`,
      `INFO Depósito de 5.5 na conta ${ana}`,
      `INFO Saque de 0.5 da conta ${ana}`,
      `WARN Recusada: Saldo insuficiente (conta ${ana})`,
      `INFO Transferência de 20 da conta ${ana} para a conta ${bia}`,
    ]);
    for (const [index, line] of lines.slice(1).entries()) {
      expect(line.clock).toBeGreaterThan(lines[index]?.clock ?? 0);
      expect(line.time).toBeGreaterThanOrEqual(lines[index]?.time ?? 0);
    }
  });

  it('has nothing of other people', async () => {
    const before = await page();
    await openAccount(api, 'segredo-do-banco', 77_77);
    expect(await page()).toEqual(before);
  });

  it('comes in pages that together are the whole', async () => {
    const whole = (await page('?limit=1000')).lines;
    let pages: typeof whole = [];
    let query: string | undefined = '?limit=7';
    while (query !== undefined) {
      const { lines, next } = await page(query);
      expect(lines.length).toBeLessThanOrEqual(7);
      pages = [...lines, ...pages];
      query = next;
    }
    expect(pages.slice(-whole.length)).toEqual(whole);
    for (const bad of ['?limit=0', '?limit=1001', '?limit=x', '?antes=-1', '?antes=']) {
      expect((await ask('GET', `/log${bad}`)).status, bad).toBe(400);
    }
  });

  it('no id makes a line of its own', async () => {
    const forged = `x\n2026-01-01T00:00:00.000Z INFO Depósito de 1 na conta y [alfa:1]`;
    expect(await post('/contas', { id_conta: forged, saldo: 1 })).toEqual(refusal);
    expect(await open('x [alfa:1] 2026-01-01T00:00:00.000Z INFO y', 1)).toEqual({
      mensagem: 'Conta criada com sucesso',
    });
    const { lines } = await page('?limit=2');
    expect(lines.map(({ operation }) => operation)).toEqual([
      expect.stringMatching(/^Conta conta-sha256:[\w-]{43} criada$/),
      expect.stringMatching(/^Depósito de 1 na conta conta-sha256:[\w-]{43}$/),
    ]);
  });
});

it('all of it adds up', async () => {
  await checkBooks(api);
  expect((await api.call('GET', '/v1/consistency')).status).toBe(200);
});
