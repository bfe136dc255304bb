import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { eventually } from '../harness/eventually.ts';
import { freePort } from '../harness/free-port.ts';
import {
  bankIds,
  clientOf,
  expectFilled,
  expectMirrored,
  expectNothingRuns,
  moneyIn,
  newPlace,
  occupy,
  portOf,
  processesOf,
  readyDemo,
  run,
  settledPosition,
  startDemo,
  stopped,
  untilSaid,
  type Demo,
  type Place,
} from './demo-process.ts';

vi.setConfig({ testTimeout: 300_000 });

/** Loaded before the launcher, makes it believe that it runs on Node 20 and start another one. */
const pretendNode20 = `data:text/javascript,Object.defineProperty(process, 'versions', {
  value: { ...process.versions, node: '20.20.2' } })`;

/** Moves 50 reais from account 1 to 2 through the business server on this port; its status. */
async function transferred(port: number): Promise<number> {
  const url = `http://127.0.0.1:${port}/transferencia/1/2/50`;
  return (await fetch(url, { headers: { token: 'ba0f' } })).status;
}

test('stopped in the middle of its start, the demo leaves nothing running', async () => {
  const place = await newPlace();
  const demo = startDemo(place);
  await untilSaid(demo, 'PostgreSQL');
  demo.child.kill('SIGTERM');
  expect(await demo.ended).toBe(0);
  expect(demo.err()).toBe('');
  await expectNothingRuns(place.data);
});

test('the demo fills its banks, says how to use them, and stops at SIGINT', async () => {
  const place = await newPlace();
  const bootstrapKey = 'a key for all three banks of the demo'.replaceAll(' ', '-');
  const first = await readyDemo(place, { LASTRO_BOOTSTRAP_KEY: bootstrapKey });
  expect(first.err()).toBe('');
  expect(first.out()).not.toContain('\u001B');
  expect(first.out()).toContain(`http://127.0.0.1:${place.pedidosPort}`);
  expect(first.out()).toContain(join(place.data, 'admin-key'));
  expect((await stat(join(place.data, 'admin-key'))).mode & 0o777).toBe(0o600);
  for (const id of bankIds) {
    expect(first.out()).toMatch(new RegExp(`bank ${id} +http://127.0.0.1:${portOf(place, id)} `));
    const byBootstrapKey = await clientOf(place, id, bootstrapKey);
    expect((await byBootstrapKey.apiKeys.list()).data).toEqual([]);
    const keyFile = join(place.data, 'keys', `${id}.consortium.pem`);
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
  }
  const [alfa, beta] = [await clientOf(place), await clientOf(place, 'beta')];
  await expectFilled(alfa);
  expect(await alfa.readAccount('cliente:3')).toMatchObject({ balance: 0 });
  expect(await beta.readAccount('cliente:1')).toMatchObject({ balance: 180_000_000 });
  const { positions } = await beta.peers.readPosition('gama');
  expect(positions).toMatchObject([{ asset: 'BRL/2', exposureLimit: 100_000_000 }]);

  for (const more of [0, 1, 2, 3]) {
    expect(first.out()).toContain(`http://127.0.0.1:${place.dadosPort + more}`);
  }
  const [curl = '', postCurl = '', dadosCurl = '', contasCurl = '', ...across] =
    first.out().match(/^ {2}curl .*$/gm) ?? [];
  const pasted = await run('sh', ['-c', curl]);
  expect(JSON.parse(pasted.stdout)).toMatchObject({ id: 'cliente:1', balance: 250_000_000 });
  expect(JSON.parse((await run('sh', ['-c', postCurl])).stdout)).toEqual({
    mensagem: 'Pedido recebido com sucesso',
  });
  expect((await run('sh', ['-c', dadosCurl])).stdout).toBe('{"saldo":1000}');
  expect(await transferred(place.dadosPort + 3)).toBe(200);
  expect(await run('sh', ['-c', dadosCurl])).toMatchObject({ stdout: '{"saldo":950}' });
  expect(await transferred(place.dadosPort + 1)).toBe(200);
  expect(JSON.parse((await run('sh', ['-c', contasCurl])).stdout)).toEqual({
    mensagem: 'Conta criada com sucesso',
  });
  for (const more of [0, 1, 2]) {
    expect(first.out()).toContain(`http://127.0.0.1:${place.contasPort + more}`);
  }
  // The business servers of one bank write one log.
  const log = join(place.data, 'business_server.log');
  const lines = await eventually('an operation has its line', async () => {
    const read = (await readFile(log, 'utf8')).split('\n');
    return read.length > 2 && read;
  });
  expect(lines.map((line) => line.split(', ').slice(1).join(', '))).toEqual([
    '1, 127.0.0.1, transferencia, 1, 2, 50',
    '2, 127.0.0.1, transferencia, 1, 2, 50',
    '',
  ]);
  await eventually('the order is there', async () => (await alfa.listOrders()).data.length === 1);

  const [payCurl = '', ...readCurls] = across;
  const paid = await run('sh', ['-c', payCurl]);
  expect(JSON.parse(paid.stdout)).toMatchObject({ status: 'posted' });
  expect(await settledPosition(alfa, 'beta')).toBe(2_500);
  await expectMirrored(place);
  const [account, ownPosition, itsPosition] = await Promise.all(
    readCurls.map(async (each) => (await run('sh', ['-c', each])).stdout),
  );
  expect(JSON.parse(account ?? '')).toMatchObject({ id: 'cliente:2', balance: 64_002_500 });
  expect(JSON.parse(ownPosition ?? '')).toMatchObject({ positions: [{ position: 2_500 }] });
  expect(JSON.parse(itsPosition ?? '')).toMatchObject({ positions: [{ position: -2_500 }] });

  await expectFilled(alfa, 2_500);
  await stopped(first, 'SIGINT');
  expect(first.err()).toBe('');
  await expectNothingRuns(place.data);
});

// One demo for what needs one that runs: each start is a dozen programs.
test('a first flood, once; a taken classic port: one line; another demo beside it: one sentence; after SIGTERM it goes on with its data', async () => {
  const place = await newPlace();
  await occupy(place.pedidosPort);
  await occupy(place.dadosPort);
  const first = await readyDemo(place, { LASTRO_FLOOD: '' });
  await expectClassicsOff(first, place);
  expect(first.err()).toBe('');
  expect(first.out()).toMatch(/^Orders: --count 200 --concurrency 50 --seed \d+$/m);
  expect(first.out()).toMatch(/^ {2}accepted +\d+$/m);
  expect(first.out()).toMatch(/^The books add up: /m);
  expect(first.out()).toMatch(/^Payments between banks: --count 100 --concurrency 20 --seed \d+$/m);
  expect(first.out()).toMatch(
    /^alfa.cliente:1, beta.cliente:1, and gama.cliente:1 paid R\$ 1,000.00 /m,
  );
  expect(first.out()).toMatch(/^The books of alfa, beta, and gama add up: /m);
  expect(first.out()).toMatch(/^Every two banks agree on what they owe each other:$/m);
  const [alfa, beta, gama] = await Promise.all(bankIds.map((id) => clientOf(place, id)));
  expect((await alfa?.listOrders({ limit: 1000 }))?.data).toHaveLength(200);
  // Of the three who paid one, all did.
  const money = await Promise.all([alfa, beta, gama].map(async (each) => each && moneyIn(each)));
  expect(money.reduce((sum = 0, each = 0) => sum + each, 0)).toBe(9_065_000_00);
  await expectMirrored(place);
  await expectNoneBeside(place);
  await stopped(first);
  expect(first.err()).toBe('');

  const second = await readyDemo(place, { LASTRO_FLOOD: '', LASTRO_OUTPUT: 'json' }, '"banks"');
  expect(JSON.parse(second.out())).toMatchObject({
    banks: bankIds.map((id) => ({ id, url: `http://127.0.0.1:${portOf(place, id)}` })),
    adminKeyFile: join(place.data, 'admin-key'),
    floods: [],
  });
  expect((await alfa?.listOrders({ limit: 1000 }))?.data).toHaveLength(200);
  await expectMirrored(place);
  await stopped(second);
});

/** Of pedidos and dados, whose ports are taken, one line each; the rest goes on. */
async function expectClassicsOff(demo: Demo, place: Place): Promise<void> {
  expect(demo.out().match(/^port \d+ is taken, so .*$/gm)).toEqual([
    expect.stringMatching(
      new RegExp(`^port ${place.pedidosPort} is taken, so .* pedidos stays off`),
    ),
    expect.stringMatching(new RegExp(`^port ${place.dadosPort} is taken, so .* dados stays off`)),
  ]);
  // Its business servers reach the bank all the same.
  expect(await transferred(place.dadosPort + 1)).toBe(200);
}

/** Another demo on a port of this one, or on its data, says one sentence, and nothing of it runs. */
async function expectNoneBeside(place: Place): Promise<void> {
  // Alfa of this one would have its port, and beta that of the other's alfa.
  const late = { ...(await newPlace()), port: place.port - 1 };
  const loser = startDemo(late);
  expect(await loser.ended).toBe(1);
  expect(loser.err()).toMatch(
    new RegExp(
      `^lastro: Port \\d+ .* the bank (alfa|beta)’s, is taken: .*, ${place.port}, .*\\.\n$`,
    ),
  );
  await expectNothingRuns(late.data);

  const twin = startDemo({ ...place, port: await freePort() });
  expect(await twin.ended).toBe(1);
  expect(twin.err()).toMatch(/^lastro: .*\n$/);
  await (await clientOf(place)).readyz();
}

test('a launcher that is killed leaves no process behind', async () => {
  const place = await newPlace();
  const early = startDemo(place, {}, ['--import', pretendNode20]);
  await untilSaid(early, 'banks alfa, beta, gama');
  // The launcher, the demo, its banks and its PostgreSQL: what is killed is only the first of them.
  expect((await processesOf(place.data)).length).toBeGreaterThan(5);
  early.child.kill('SIGKILL');
  await expectNothingRuns(place.data);
});

test('an unreachable database: one sentence without its password, and nothing runs', async () => {
  const place = await newPlace();
  const url = `postgres://user:geheim@127.0.0.1:${await freePort()}/alfa`;
  const demo = startDemo(place, { DATABASE_URL: url });
  expect(await demo.ended).toBe(1);
  expect(demo.err()).toMatch(/^lastro: .*\n$/);
  expect(demo.err() + demo.out()).not.toContain('geheim');
  await expectNothingRuns(place.data);
});

test('with pt in the environment the demo speaks Portuguese', async () => {
  const place = await newPlace();
  const demo = startDemo(place, { LANG: 'pt_BR.UTF-8', LASTRO_HOST: 'not a host' });
  expect(await demo.ended).toBe(2);
  expect(demo.err()).toMatch(/^lastro: LASTRO_HOST deve ser/);
});
