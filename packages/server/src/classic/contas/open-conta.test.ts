import { beforeAll, expect, it } from 'vitest';
import { eventually } from '../../../../../tests/harness/eventually.ts';
import { EngineError } from '../../engine/engine-error.ts';
import {
  abandonDatabase,
  createBankDatabase,
  query,
} from '../../../../../tests/harness/postgres.ts';
import { openContas } from './fixtures/contas-world.ts';

let databaseUrl: string;

beforeAll(async () => {
  databaseUrl = await createBankDatabase();
  return () => abandonDatabase(databaseUrl);
});

/** As when the process is killed between the two commands of an opening. */
async function openHalf(id: string, saldo: number) {
  const contas = await openContas(databaseUrl, (engine) => ({
    submit: (envelope) =>
      envelope.command.type === 'Deposit'
        ? Promise.reject(new EngineError('outcome_unknown'))
        : engine.submit(envelope),
  }));
  const { status, body } = await contas.ask('POST', '/contas', { id_conta: id, saldo });
  expect([status, body['sucesso']]).toEqual([504, false]);
  await contas.stop();
}

const saldoOf = async (contas: Awaited<ReturnType<typeof openContas>>, id: string) =>
  (await contas.ask('GET', `/contas/${id}`)).body['saldo'];

async function centavosOn(account: string): Promise<string | undefined> {
  const [row] = await query<{ credits_posted: string }>(
    databaseUrl,
    `select credits_posted from account where id = $1`,
    [account],
  );
  return row?.credits_posted;
}

it('a first balance that its opening was killed before comes with the next start, once', async () => {
  await openHalf('ana', 100.5);
  for (let start = 0; start < 2; start += 1) {
    const contas = await openContas(databaseUrl);
    // Nobody asks for it.
    await eventually(
      'it is there',
      async () => (await centavosOn('conta:ana')) === '10050',
      30_000,
    );
    expect(await saldoOf(contas, 'ana')).toBe(100.5);
    const again = await contas.ask('POST', '/contas', { id_conta: 'ana', saldo: 7 });
    expect(again.body).toEqual({ sucesso: false, mensagem: 'Conta já existe' });
    expect(await saldoOf(contas, 'ana')).toBe(100.5);
    await contas.stop();
  }
});

it('an opening that only says that it is one brings nothing', async () => {
  const contas = await openContas(databaseUrl);
  await contas.ask('POST', '/contas', { id_conta: 'bia', saldo: 50 });
  const [bia] = await query<{ metadata: Record<string, string> }>(
    databaseUrl,
    `select metadata from account where id = 'conta:bia'`,
  );
  const metadata = { ...bia?.metadata, saldo_inicial: '999999' };
  await contas.engine.submit({
    principal: 'somebody',
    id: 'opens-it',
    hash: '0'.repeat(64),
    leaseTokens: [],
    command: {
      type: 'OpenAccount',
      account: 'conta:eva',
      asset: 'BRL/2',
      creditLimit: 0n,
      maximumBalance: null,
      metadata,
    },
  });
  expect(await saldoOf(contas, 'eva')).toBe(0);
  expect(await saldoOf(contas, 'bia')).toBe(50);
  await contas.stop();
});
