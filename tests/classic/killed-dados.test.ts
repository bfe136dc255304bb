import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { emptyDatabase, spawnLastro } from '../backup/run-lastro.ts';
import { newKey } from '../harness/bank-in-process.ts';
import { checkBooks } from '../harness/books.ts';
import { eventually } from '../harness/eventually.ts';
import { allEvents } from '../leases/lease-calls.ts';
import { verified } from '../leases/verified.ts';
import { atLeast, startClassicWorld, type ClassicWorld } from './classic-world.ts';

const TIMEOUT_MS = 240_000;
const CALLERS = 20;
/** Acknowledged before the kill, and again after it. */
const SOME = 60;

let world: ClassicWorld;

beforeAll(async () => {
  world = await startClassicWorld({ negocios: 2 });
  return () => world.stop();
}, TIMEOUT_MS);

const reais = (centavos: number) => (centavos / 100).toFixed(2);

it(
  'a data server that is killed and started again has all that was acknowledged, once',
  { timeout: TIMEOUT_MS },
  async () => {
    /** By their amount, which no two operations share. */
    const acknowledged = new Set<number>();
    const unknown = new Set<number>();
    const over = new AbortController();
    let next = 1;
    const callers = Array.from({ length: CALLERS }, async (_, index) => {
      while (!over.signal.aborted) {
        const amount = (next += 1);
        const [from, to] = index % 2 === 0 ? ['1', '2'] : ['2', '1'];
        const negocio = world.negocios[index % 2]!;
        const { status, text } = await negocio.get(`/transferencia/${from}/${to}/${reais(amount)}`);
        if (status === 200) acknowledged.add(amount);
        else {
          // Too little money, or nobody there to ask; never anything else.
          expect([403, 503], text).toContain(status);
          if (status === 503) unknown.add(amount);
          await sleep(10);
        }
      }
    });
    await eventually('operations are acknowledged', () => acknowledged.size >= SOME, 60_000);
    await world.dados.kill();
    const before = acknowledged.size;
    await world.dados.restart();
    await eventually(
      'the business servers go on by themselves',
      () => acknowledged.size >= before + SOME,
      60_000,
    );
    over.abort();
    await Promise.all(callers);

    const moved = (await allEvents(world))
      .filter(({ type, data }) => type === 'transfer.posted' && data['from'] !== data['to'])
      .map(({ data }) => data)
      .filter(
        ({ from, to }) => ['1', '2'].includes(String(from)) && ['1', '2'].includes(String(to)),
      )
      .map(({ amount }) => Number(amount));
    expect(new Set(moved).size).toBe(moved.length);
    const found = new Set(moved);
    expect([...acknowledged].filter((amount) => !found.has(amount))).toEqual([]);
    expect(moved.filter((amount) => !acknowledged.has(amount) && !unknown.has(amount))).toEqual([]);
    const saldos = await Promise.all(
      ['1', '2'].map(
        async (account) => (await world.negocios[0]!.get(`/saldo/${account}`)).body.saldo,
      ),
    );
    expect(Math.round(((saldos[0] ?? 0) + (saldos[1] ?? 0)) * 100)).toBe(2000_00);
    await checkBooks(world);
    expect((await verified(world.databaseUrl)).total).toBe(0);
  },
);

it('a lock outlives the server that gave it', { timeout: TIMEOUT_MS }, async () => {
  const ask = async (operation: string, who: string) =>
    (await world.dados.get(`/${operation}?id_negoc=${who}&conta=5`)).body;
  const lines = (await world.dadosLines()).length;
  expect(await ask('getLock', 'one')).toEqual({});
  await world.dados.restart();
  expect(await ask('getLock', 'other')).toEqual({ error_code: -1 });
  expect(await ask('unLock', 'one')).toEqual({});
  expect(await ask('getLock', 'other')).toEqual({});
  expect(await ask('unLock', 'other')).toEqual({});
  // And its log went on with the number.
  const added = (await world.dadosLines(atLeast(lines + 4))).slice(lines);
  const numbers = added.map((line) => Number(line.split(', ')[1]));
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
});

it(
  'without its data server a business server answers 503, says that it runs, and stops at once',
  { timeout: TIMEOUT_MS },
  async () => {
    const [, negocio] = world.negocios;
    // One waits for a lock: it is not what a stop waits for.
    await world.dados.get('/getLock?id_negoc=hand&conta=6');
    const waiting = negocio!.get('/deposito/6/5');
    await world.dados.kill();
    const { status, headers } = await world.negocios[0]!.get('/saldo/1');
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('1');
    expect((await world.negocios[0]!.get('/status')).status).toBe(200);
    const [{ status: waited }] = await Promise.all([waiting, negocio!.kill('SIGTERM')]);
    expect(waited).toBe(503);
    await world.dados.restart();
    expect((await world.negocios[0]!.get('/saldo/1')).status).toBe(200);
  },
);

it('on a taken port the data server ends with one sentence', { timeout: TIMEOUT_MS }, async () => {
  const ended = await spawnLastro(
    ['classic', 'dados', `--port=${world.dados.port}`, '--bank=test', '--log-level=silent'],
    { DATABASE_URL: await emptyDatabase(), LASTRO_BOOTSTRAP_KEY: newKey() },
  );
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toMatch(/^lastro: Port \d+ .* is taken: .*\n$/);
});
