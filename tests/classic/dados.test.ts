import { beforeAll, describe, expect, it } from 'vitest';
import { checkBooks } from '../harness/books.ts';
import { eventually } from '../harness/eventually.ts';
import { atOnce } from '../harness/seeding.ts';
import { TOKENS } from './classic-process.ts';
import { startClassicWorld, type ClassicWorld } from './classic-world.ts';

const LOCK_SECONDS = 2;
const ACCOUNTS = Array.from({ length: 10 }, (_, index) => String(index + 1));

let world: ClassicWorld;

beforeAll(async () => {
  world = await startClassicWorld({ negocios: 0 });
  return () => world.stop();
}, 120_000);

/** A call as a client of the original writes it; what it was answered, with status 200. */
async function ask(operation: string, query: Readonly<Record<string, string>>) {
  const { status, body, text } = await world.dados.get(
    `/${operation}?${new URLSearchParams(query).toString()}`,
  );
  expect(status, text).toBe(200);
  return body;
}

const saldoOf = async (conta: string) =>
  (await ask('getSaldo', { id_negoc: 'reader', conta })).saldo;

/** An ID that nobody used before. */
let named = 0;
const someone = () => `negoc-${(named += 1)}`;

describe('tokens', () => {
  const routes = ['/autentica', '/getSaldo', '/setSaldo', '/getLock', '/unLock', '/setLock'];

  it('/status needs none and says that it runs', async () => {
    const { status, text } = await world.dados.get('/status', null);
    expect({ status, text }).toEqual({ status: 200, text: 'data_server is up and running' });
  });

  it.each(TOKENS)('%s is one of the ten', async (token) => {
    const { status, body } = await world.dados.get('/autentica?id_negoc=a', token);
    expect({ status, body }).toEqual({ status: 200, body: {} });
  });

  it.each(routes)('%s without one, or with a wrong one, is 401', async (route) => {
    for (const token of [
      null,
      '',
      'wrong',
      'BA0F',
      'ba0',
      'ba0f4c0e',
      'ba0f 4c0e',
      'x'.repeat(5_000),
    ]) {
      for (const query of ['', '?id_negoc=a&conta=1&valor=7']) {
        expect((await world.dados.get(route + query, token)).status).toBe(401);
      }
    }
    expect(await saldoOf('1')).toBe(1000);
  });
});

describe('getSaldo', () => {
  it('begins with 1000 in each of ten accounts', async () => {
    expect(await Promise.all(ACCOUNTS.map(saldoOf))).toEqual(ACCOUNTS.map(() => 1000));
  });

  it('answers a number and nothing else', async () => {
    const { text } = await world.dados.get('/getSaldo?id_negoc=a&conta=1');
    expect(text).toBe('{"saldo":1000}');
  });

  it('reads what another holds', async () => {
    const holder = someone();
    await ask('getLock', { id_negoc: holder, conta: '1' });
    expect(await ask('getSaldo', { id_negoc: someone(), conta: '1' })).toEqual({ saldo: 1000 });
    await ask('unLock', { id_negoc: holder, conta: '1' });
  });
});

describe('error codes', () => {
  const withAccount = ['getSaldo', 'setSaldo', 'getLock', 'unLock', 'setLock'];

  it.each(withAccount)('%s without an account: -2', async (operation) => {
    for (const query of [
      { id_negoc: 'a' },
      { id_negoc: 'a', valor: '5' },
      { id_negoc: 'a', conta: '' },
    ]) {
      expect(await ask(operation, query)).toEqual({ error_code: -2 });
    }
  });

  it.each(withAccount)('%s of an account that is not there: -4', async (operation) => {
    const strangers = [
      '0',
      '11',
      '-1',
      '1.0',
      '01',
      'abc',
      '1 ',
      'cash:BRL',
      'é',
      'x'.repeat(2_000),
    ];
    for (const conta of [...strangers, '../1', '1\u0000', "1'; drop table", '%31']) {
      const asked = { id_negoc: 'a', conta, valor: '5' };
      expect(await ask(operation, asked), conta).toEqual({ error_code: -4 });
    }
  });

  it('setSaldo without a value, or with a bad one: -3, and nothing is written', async () => {
    const bad = [
      '',
      'abc',
      '-5',
      '-0.01',
      '5.555',
      '0.001',
      '1e3',
      '1E3',
      '0x10',
      'NaN',
      'Infinity',
    ];
    const worse = [
      '1,5',
      ' 5',
      '5 ',
      '+5',
      '.',
      '5.',
      '.5',
      '1_000',
      '9'.repeat(16),
      '9'.repeat(400),
    ];
    expect(await ask('setSaldo', { id_negoc: 'a', conta: '10' })).toEqual({ error_code: -3 });
    for (const valor of [...bad, ...worse]) {
      const asked = { id_negoc: 'a', conta: '10', valor };
      expect(await ask('setSaldo', asked), valor).toEqual({ error_code: -3 });
    }
    expect(await saldoOf('10')).toBe(1000);
  });

  it('names given twice are refused as one of these, and write nothing', async () => {
    const twice = ['conta=10&conta=9&valor=5', 'conta=10&valor=5&valor=6', 'conta[]=10&valor=5'];
    for (const query of twice) {
      const { status, body } = await world.dados.get(`/setSaldo?id_negoc=a&${query}`);
      expect(status).toBe(200);
      expect([-2, -3, -4]).toContain(body.error_code);
    }
    expect(await saldoOf('10')).toBe(1000);
    expect(await saldoOf('9')).toBe(1000);
  });

  it('an unknown route and another method are no 500', async () => {
    expect((await world.dados.get('/getsaldos?id_negoc=a&conta=1')).status).toBe(404);
    const headers = { token: 'ba0f' };
    const posted = await world.dados.call(
      'POST',
      '/setSaldo?conta=1&valor=5',
      {},
      { key: null, headers },
    );
    expect([404, 405]).toContain(posted.status);
    expect(await saldoOf('1')).toBe(1000);
  });
});

describe('setSaldo', () => {
  it.each([
    ['50', 50],
    ['50.0', 50],
    ['50.00', 50],
    ['50.5', 50.5],
    ['50.05', 50.05],
    ['0.07', 0.07],
    ['0', 0],
    ['0.1', 0.1],
    ['1234567.89', 1_234_567.89],
    ['2000', 2000],
  ])('%s is exactly that', async (valor, saldo) => {
    expect(await ask('setSaldo', { id_negoc: 'a', conta: '2', valor })).toEqual({});
    expect(await ask('getSaldo', { id_negoc: 'a', conta: '2' })).toEqual({ saldo });
  });

  it('the same again changes nothing and is no error', async () => {
    for (let time = 0; time < 2; time += 1) {
      expect(await ask('setSaldo', { id_negoc: 'a', conta: '2', valor: '77.7' })).toEqual({});
    }
    expect(await saldoOf('2')).toBe(77.7);
  });

  it('books the difference, up and down: money comes from somewhere', async () => {
    const totals = await totalsOf();
    expect(await ask('setSaldo', { id_negoc: 'a', conta: '3', valor: '1500.25' })).toEqual({});
    const raised = await totalsOf();
    expect(await ask('setSaldo', { id_negoc: 'a', conta: '3', valor: '900' })).toEqual({});
    const lowered = await totalsOf();
    expect(raised.accounts - totals.accounts).toBe(500_25n);
    expect(raised.others - totals.others).toBe(-500_25n);
    expect(lowered.accounts - raised.accounts).toBe(-600_25n);
    expect(lowered.others - raised.others).toBe(600_25n);
    await checkBooks(world);
  });

  it('20 at once end as one of them, with the books right', async () => {
    const values = Array.from({ length: 20 }, (_, index) => `${1_000 + index}.5`);
    const replies = await atOnce(20, (index) =>
      ask('setSaldo', { id_negoc: 'a', conta: '4', valor: values[index] ?? '' }),
    );
    expect(replies).toEqual(values.map(() => ({})));
    expect(values.map(Number)).toContain(await saldoOf('4'));
    await checkBooks(world);
  });
});

/** Centavos in the ten accounts, and in all others of the bank. */
async function totalsOf() {
  const { body } = await world.call<{ data: { id: string; balance: string | number }[] }>(
    'GET',
    '/v1/accounts?limit=1000',
  );
  const sum = (isOurs: boolean) =>
    body.data
      .filter(({ id }) => ACCOUNTS.includes(id) === isOurs)
      .reduce((total, { balance }) => total + BigInt(balance), 0n);
  return { accounts: sum(true), others: sum(false) };
}

describe('getLock', () => {
  it('is of one: -1 for others, {} again for the holder, free after unLock', async () => {
    const [one, other] = [someone(), someone()];
    expect(await ask('getLock', { id_negoc: one, conta: '5' })).toEqual({});
    expect(await ask('getLock', { id_negoc: other, conta: '5' })).toEqual({ error_code: -1 });
    expect(await ask('getLock', { id_negoc: one, conta: '5' })).toEqual({});
    expect(await ask('setSaldo', { id_negoc: other, conta: '5', valor: '1' })).toEqual({
      error_code: -1,
    });
    expect(await saldoOf('5')).toBe(1000);
    expect(await ask('setSaldo', { id_negoc: one, conta: '5', valor: '1001' })).toEqual({});
    expect(await ask('unLock', { id_negoc: one, conta: '5' })).toEqual({});
    expect(await ask('getLock', { id_negoc: other, conta: '5' })).toEqual({});
    expect(await ask('setLock', { id_negoc: other, conta: '5' })).toEqual({});
    expect(await ask('setSaldo', { id_negoc: one, conta: '5', valor: '1000' })).toEqual({});
  });

  it.each(['unLock', 'setLock'])('%s of another leaves it where it is', async (operation) => {
    const [one, other] = [someone(), someone()];
    await ask('getLock', { id_negoc: one, conta: '6' });
    expect(await ask(operation, { id_negoc: other, conta: '6' })).toEqual({ error_code: -1 });
    expect(await ask('getLock', { id_negoc: other, conta: '6' })).toEqual({ error_code: -1 });
    expect(await ask(operation, { id_negoc: one, conta: '6' })).toEqual({});
  });

  it('giving back what nobody holds is {}', async () => {
    expect(await ask('unLock', { id_negoc: someone(), conta: '6' })).toEqual({});
    expect(await ask('setLock', { id_negoc: someone(), conta: '6' })).toEqual({});
  });

  it('locks one account and no other', async () => {
    const [one, other] = [someone(), someone()];
    await ask('getLock', { id_negoc: one, conta: '6' });
    expect(await ask('getLock', { id_negoc: other, conta: '7' })).toEqual({});
    await ask('unLock', { id_negoc: one, conta: '6' });
    await ask('unLock', { id_negoc: other, conta: '7' });
  });

  it('without id_negoc it is of the caller’s address', async () => {
    const other = someone();
    expect(await ask('getLock', { conta: '7' })).toEqual({});
    expect(await ask('getLock', { id_negoc: other, conta: '7' })).toEqual({ error_code: -1 });
    expect(await ask('getLock', { id_negoc: '127.0.0.1', conta: '7' })).toEqual({});
    expect(await ask('setSaldo', { conta: '7', valor: '1000' })).toEqual({});
    expect(await ask('unLock', { conta: '7' })).toEqual({});
  });

  it('is given to exactly one of 50 who ask at once', async () => {
    const asking = Array.from({ length: 50 }, someone);
    const replies = await Promise.all(
      asking.map((id) => ask('getLock', { id_negoc: id, conta: '8' })),
    );
    const holders = asking.filter((_, index) => replies[index]?.error_code === undefined);
    expect(holders).toHaveLength(1);
    expect(replies.filter(({ error_code }) => error_code === -1)).toHaveLength(49);
    expect(await ask('unLock', { id_negoc: holders[0] ?? '', conta: '8' })).toEqual({});
  });

  it('two long names that begin alike are two owners; an empty one is the address', async () => {
    const [one, other] = [`${'x'.repeat(500)}1`, `${'x'.repeat(500)}2`];
    expect(await ask('getLock', { id_negoc: one, conta: '9' })).toEqual({});
    expect(await ask('getLock', { id_negoc: other, conta: '9' })).toEqual({ error_code: -1 });
    expect(await ask('unLock', { id_negoc: one, conta: '9' })).toEqual({});
    expect(await ask('getLock', { id_negoc: '', conta: '9' })).toEqual({});
    expect(await ask('unLock', { id_negoc: '127.0.0.1', conta: '9' })).toEqual({});
    expect(await ask('getLock', { id_negoc: other, conta: '9' })).toEqual({});
    expect(await ask('unLock', { id_negoc: other, conta: '9' })).toEqual({});
  });

  it('takes any name for id_negoc: long, empty, with signs, in other scripts', async () => {
    const names = ['x'.repeat(3_000), 'ção', 'a,b', 'a\nb', 'a\r\nb', '🔒', "' or 1=1", '\u0000'];
    for (const id of names) {
      expect(await ask('getLock', { id_negoc: id, conta: '9' }), id).toEqual({});
      expect(await ask('getLock', { id_negoc: 'another', conta: '9' }), id).toEqual({
        error_code: -1,
      });
      expect(await ask('unLock', { id_negoc: id, conta: '9' }), id).toEqual({});
    }
  });
});

describe('a holder that never comes back', () => {
  let short: ClassicWorld;

  beforeAll(async () => {
    short = await startClassicWorld({ negocios: 0, flags: [`--lock-seconds=${LOCK_SECONDS}`] });
    return () => short.stop();
  }, 120_000);

  it('keeps others out for as long as the lock lasts, and writes nothing afterwards', async () => {
    const of = async (operation: string, who: string, more = '') =>
      (await short.dados.get(`/${operation}?id_negoc=${who}&conta=1${more}`)).body;
    const asked = performance.now();
    expect(await of('getLock', 'gone')).toEqual({});
    await eventually(
      'the lock lapses',
      async () => (await of('getLock', 'next')).error_code === undefined,
      30_000,
    );
    expect(performance.now() - asked).toBeGreaterThanOrEqual(LOCK_SECONDS * 1_000 - 50);
    expect(await of('setSaldo', 'gone', '&valor=1')).toEqual({ error_code: -1 });
    expect(await of('setSaldo', 'next', '&valor=1200')).toEqual({});
    expect(await of('getSaldo', 'gone')).toEqual({ saldo: 1200 });
    await checkBooks(short);
  });

  it('does not overwrite what others wrote since its lock ran out, until it takes it again', async () => {
    const of = async (operation: string, who: string, more = '') =>
      (await short.dados.get(`/${operation}?id_negoc=${who}&conta=2${more}`)).body;
    expect(await of('getLock', 'slow')).toEqual({});
    expect(await of('getSaldo', 'slow')).toEqual({ saldo: 1000 });
    const deposit = () =>
      short.dados.call('POST', '/v1/deposits', { account: '2', amount: 50_00 }, { key: 'ba0f' });
    await eventually(
      'a deposit gets through',
      async () => (await deposit()).status === 201,
      30_000,
    );
    expect(await of('setSaldo', 'slow', '&valor=900')).toEqual({ error_code: -1 });
    expect(await of('getSaldo', 'slow')).toEqual({ saldo: 1050 });
    expect(await of('setSaldo', 'slow', '&valor=900')).toEqual({ error_code: -1 });
    expect(await of('getLock', 'slow')).toEqual({});
    expect(await of('setSaldo', 'slow', '&valor=950')).toEqual({});
    expect(await of('unLock', 'slow')).toEqual({});
    expect(await of('setSaldo', 'slow', '&valor=951')).toEqual({});
    await checkBooks(short);
  });
});

it('leaves the books right', async () => {
  expect((await world.call('GET', '/v1/consistency')).body).toMatchObject({ ok: true });
});
