import { beforeAll, describe, expect, it } from 'vitest';
import { checkBooks } from '../harness/books.ts';
import { atOnce, tally } from '../harness/seeding.ts';
import { TOKENS } from './classic-process.ts';
import { startClassicWorld, type ClassicWorld } from './classic-world.ts';

let world: ClassicWorld;

beforeAll(async () => {
  world = await startClassicWorld({ negocios: 1 });
  return () => world.stop();
}, 120_000);

/** What the business server answers: its status, and its body where that is 200. */
async function ask(path: string, token?: string | null) {
  const { status, body } = await world.negocios[0]!.get(path, token);
  return status === 200 ? body : status;
}

describe('tokens', () => {
  it('/status needs none and says that it runs', async () => {
    const { status, text } = await world.negocios[0]!.get('/status', null);
    expect({ status, text }).toEqual({ status: 200, text: 'business_server is up and running' });
  });

  it.each(TOKENS)('%s is one of the ten', async (token) => {
    expect(await ask('/saldo/1', token)).toEqual({ saldo: 1000 });
  });

  it.each(['/saldo/1', '/deposito/1/5', '/saque/1/5', '/transferencia/1/2/5', '/saldo/99'])(
    '%s without one, or with a wrong one, is 401',
    async (route) => {
      for (const token of [null, '', 'wrong', 'BA0F', 'ba0', 'ba0f 4c0e', 'x'.repeat(5_000)]) {
        expect(await ask(route, token)).toBe(401);
      }
      expect(await ask('/saldo/1')).toEqual({ saldo: 1000 });
    },
  );
});

describe('operations', () => {
  it('deposits, withdraws and transfers to the centavo', async () => {
    expect(await ask('/deposito/1/50')).toEqual({});
    expect(await ask('/deposito/1/50.0')).toEqual({});
    expect(await ask('/deposito/1/0.01')).toEqual({});
    expect(await ask('/saldo/1')).toEqual({ saldo: 1100.01 });
    expect(await ask('/saque/1/100.11')).toEqual({});
    expect(await ask('/saldo/1')).toEqual({ saldo: 999.9 });
    expect(await ask('/transferencia/1/2/999.9')).toEqual({});
    expect(await ask('/saldo/1')).toEqual({ saldo: 0 });
    expect(await ask('/saldo/2')).toEqual({ saldo: 1999.9 });
    await checkBooks(world);
  });

  it('0.1 and 0.2 are 0.3', async () => {
    const before = await ask('/saldo/3');
    expect(before).toEqual({ saldo: 1000 });
    await ask('/saque/3/1000');
    await ask('/deposito/3/0.1');
    await ask('/deposito/3/0.2');
    expect(await ask('/saldo/3')).toEqual({ saldo: 0.3 });
  });

  it.each([
    '/saldo/11',
    '/saldo/0',
    '/saldo/abc',
    '/saldo/01',
    '/saldo/cash:BRL',
    '/saldo/1%0A2',
    '/deposito/11/5',
    '/saque/11/5',
    '/transferencia/11/1/5',
    '/transferencia/1/11/5',
    '/transferencia/11/12/5',
  ])('%s names an account that is not there: 404', async (path) => {
    expect(await ask(path)).toBe(404);
  });

  it('more than there is: 403, and nothing moves', async () => {
    expect(await ask('/saque/4/1000.01')).toBe(403);
    expect(await ask('/transferencia/4/5/1000.01')).toBe(403);
    expect(await ask('/saldo/4')).toEqual({ saldo: 1000 });
    expect(await ask('/saldo/5')).toEqual({ saldo: 1000 });
  });

  it('to itself: 403', async () => {
    expect(await ask('/transferencia/4/4/5')).toBe(403);
    expect(await ask('/saldo/4')).toEqual({ saldo: 1000 });
  });

  it.each([
    '0',
    '0.00',
    '-5',
    '-0.01',
    '5.555',
    '0.001',
    '1e3',
    '1E2',
    '0x10',
    'NaN',
    'Infinity',
    'abc',
    '1,5',
    '+5',
    '.',
    '5.',
    '.5',
    '%205',
    '5%20',
    '9'.repeat(16),
    '9'.repeat(300),
    '%00',
    '5%0A',
  ])('an amount of %s is refused with 403', async (amount) => {
    expect(await ask(`/deposito/5/${amount}`)).toBe(403);
    expect(await ask(`/saque/5/${amount}`)).toBe(403);
    expect(await ask(`/transferencia/5/6/${amount}`)).toBe(403);
    expect(await ask('/saldo/5')).toEqual({ saldo: 1000 });
    expect(await ask('/saldo/6')).toEqual({ saldo: 1000 });
  });

  it('what is no route is 404, and nothing is a 500', async () => {
    for (const path of [
      '/',
      '/saldo',
      '/saldo/',
      '/deposito/1',
      '/saque/1/5/6',
      '/%',
      '/saldo/%zz',
    ]) {
      expect([400, 404], path).toContain(await ask(path));
    }
    const posted = await world.negocios[0]!.call(
      'POST',
      '/deposito/5/5',
      {},
      {
        key: null,
        headers: { token: 'ba0f' },
      },
    );
    expect([404, 405]).toContain(posted.status);
    expect(await ask('/saldo/5')).toEqual({ saldo: 1000 });
  });

  it('waits for an account that another locked by hand, and goes on when it is free', async () => {
    const hand = async (operation: string, more = '') =>
      (await world.dados.get(`/${operation}?id_negoc=hand&conta=7${more}`)).body;
    expect(await hand('getLock')).toEqual({});
    const waiting = Promise.all(
      ['/deposito/7/5', '/saque/7/2', '/transferencia/7/8/1', '/transferencia/8/7/10'].map((path) =>
        ask(path),
      ),
    );
    expect(await ask('/saldo/7')).toEqual({ saldo: 1000 });
    expect(await hand('getSaldo')).toEqual({ saldo: 1000 });
    expect(await hand('setSaldo', '&valor=1500')).toEqual({});
    expect(await hand('unLock')).toEqual({});
    expect(await waiting).toEqual([{}, {}, {}, {}]);
    expect(await ask('/saldo/7')).toEqual({ saldo: 1512 });
    expect(await ask('/saldo/8')).toEqual({ saldo: 991 });
  });

  it('50 withdrawals at once of what there is for ten', async () => {
    const replies = await atOnce(50, () => ask('/saque/9/100'));
    expect(tally(replies.map((reply) => JSON.stringify(reply)))).toEqual({ '{}': 10, 403: 40 });
    expect(await ask('/saldo/9')).toEqual({ saldo: 0 });
    await checkBooks(world);
  });
});

describe('the data server’s API for its tokens', () => {
  const api = (method: 'GET' | 'POST', path: string, body: unknown, token: string | null) =>
    world.dados.call(method, path, body, {
      key: null,
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
    });

  it('answers transfers, deposits, withdrawals and account reads', async () => {
    const amount = 1_00;
    const [sent, put, taken] = await Promise.all([
      api('POST', '/v1/transfers', { from: '10', to: '9', amount }, 'ba0f'),
      api('POST', '/v1/deposits', { account: '10', amount }, 'ba0f'),
      api('POST', '/v1/withdrawals', { account: '10', amount }, 'ba0f'),
    ]);
    expect([sent.status, put.status, taken.status]).toEqual([201, 201, 201]);
    const read = await api('GET', '/v1/accounts/10', undefined, 'ba0f');
    expect(read.body).toMatchObject({ balance: 999_00 });
  });

  it('needs a token, and shows nothing of the bank beyond the ten accounts', async () => {
    const transfer = { from: '10', to: '9', amount: 1 };
    expect((await api('POST', '/v1/transfers', transfer, null)).status).toBe(401);
    expect((await api('POST', '/v1/transfers', transfer, 'wrong')).status).toBe(401);
    await world.call('POST', '/v1/accounts', { id: 'private', asset: 'BRL/2' });
    await world.call('POST', '/v1/deposits', { account: 'private', amount: 500 });
    const refused = await Promise.all([
      api('GET', '/v1/accounts/private', undefined, 'ba0f'),
      api('POST', '/v1/transfers', { from: 'private', to: '9', amount: 1 }, 'ba0f'),
      api('POST', '/v1/transfers', { from: '9', to: 'private', amount: 1 }, 'ba0f'),
      api('POST', '/v1/withdrawals', { account: 'private', amount: 1 }, 'ba0f'),
      api('POST', '/v1/deposits', { account: 'private', amount: 1 }, 'ba0f'),
      api('POST', '/v1/accounts', { id: 'mine', asset: 'BRL/2' }, 'ba0f'),
      api('POST', '/v1/accounts/9/freeze', {}, 'ba0f'),
      api(
        'POST',
        '/v1/transfers/batch',
        { transfers: [{ from: 'private', to: '9', amount: 1 }] },
        'ba0f',
      ),
      api('GET', '/v1/accounts', undefined, 'ba0f'),
      api('GET', '/v1/journal', undefined, 'ba0f'),
    ]);
    for (const { status, text } of refused) expect([401, 403, 404, 422], text).toContain(status);
    const { body } = await world.call('GET', '/v1/accounts/private');
    expect(body).toMatchObject({ balance: 500 });
  });
});

it('leaves the books right', async () => {
  expect((await world.call('GET', '/v1/consistency')).body).toMatchObject({ ok: true });
});
