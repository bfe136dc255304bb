import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { checkBooks } from '../harness/books.ts';
import { atOnce, openAccount, tally } from '../harness/seeding.ts';
import {
  apiOfBank,
  ask,
  call,
  contasServer,
  open,
  opened,
  post,
  refusal,
  serveContas,
  someone,
  told,
} from './contas-server.ts';

/** What a client of the original sees, written from the description of that surface alone. */

serveContas();

const saldoOf = async (id: string) =>
  (await told('GET', `/contas/${encodeURIComponent(id)}`))['saldo'];

const refusalThat = (mensagem: string) => ({ sucesso: false, mensagem });
const done = (mensagem: string) => ({ sucesso: true, mensagem });

it('GET / is a short HTML page', async () => {
  const { status, headers, text } = await call('GET', '/');
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
      contasServer().call('POST', '/contas', undefined, { key: null, headers, raw });
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
  await openAccount(apiOfBank(), 'cliente-do-banco', 100_00);
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
      contasServer().call('POST', `/contas/${id}/deposito`, { valor }, { key: null, headers });
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
    const servidor = `localhost:${contasServer().port}`;
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
    const endereco_servidor = `localhost:${contasServer().port}`;
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
  const { status, body } = await contasServer().call(
    'POST',
    `/contas/${id}/saque`,
    { valor: 5 },
    { key: null, headers },
  );
  expect({ status, body }).toEqual({ status: 403, body: refusal });
  expect(await saldoOf(id)).toBe(100);
});

it('all of it adds up', async () => {
  await checkBooks(apiOfBank());
  expect((await apiOfBank().call('GET', '/v1/consistency')).status).toBe(200);
});
