import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { localTransactionId } from '@lastro/core';
import type { OwnOutcome } from '../../packages/server/src/engine/own-ticket.ts';
import { readHold } from '../../packages/server/src/ledger/hold-queries.ts';
import {
  isNonceSpent,
  readConsents,
  readCrossTransaction,
  readCrossTransactions,
  readUnfinishedCrossTransactions,
} from '../../packages/server/src/store/consortium-reads.ts';
import { eventually } from '../harness/eventually.ts';
import { query } from '../harness/postgres.ts';
import { COMMIT_BYTES, startByteProxy } from './fixtures/byte-proxy.ts';
import {
  envelope,
  startEngine,
  transfer,
  wordFor,
  type EngineWorld,
} from './fixtures/engine-world.ts';
import { abort, begin, bodyOf, commit, leg, prepare } from './fixtures/share-steps.ts';
import {
  balancesOf,
  expectSound,
  kinds,
  secondProcess,
  startWorld,
} from './fixtures/share-world.ts';

test('a share is promised, posted and settled, and every table follows from the journal', async () => {
  const world = await startWorld();
  const { engine, url, database } = world;
  const out = bodyOf('test', 'test/ana beta/zoe 300', 'test/ana test/bia 50');
  expect(await wordFor(engine.submit(envelope(begin(out))))).toBe('crossbank.prepared');
  expect(await balancesOf(url)).toEqual({
    ana: 1_000,
    'ana held': 350,
    bia: 0,
    'peer:alfa:BRL': 0,
    'peer:beta:BRL': 0,
  });
  const [unfinished] = await readUnfinishedCrossTransactions(database.reads, null, 10);
  expect(unfinished).toMatchObject({ id: out.id, durable: { is: 'prepared', body: out } });
  const before = Date.now() + 60_000;
  const listed = { before, after: null, limit: 10 };
  const prepared = await readCrossTransactions(database.reads, { state: 'prepared', ...listed });
  expect(prepared.map(({ id }) => id)).toEqual([out.id]);
  const held = await readHold(database.reads, localTransactionId(out.id, null));
  expect(held).toMatchObject({
    state: 'pending',
    transfers: [
      { from: 'ana', to: 'peer:beta:BRL', amount: 300 },
      { from: 'ana', to: 'bia', amount: 50 },
    ],
  });
  expect(held).not.toHaveProperty('expiresAt');
  const done = await engine.settle(commit(out));
  expect(done).toMatchObject({ kind: 'done', fact: { type: 'crossbank.committed' } });
  const ended = await readHold(database.reads, localTransactionId(out.id, null));
  expect(ended).toMatchObject({
    state: 'captured',
    endedSeq: done.kind === 'done' ? done.seq : undefined,
    captured: [{ amount: 300 }, { amount: 50 }],
  });
  expect(await balancesOf(url)).toEqual({
    ana: 650,
    bia: 50,
    'peer:alfa:BRL': 0,
    'peer:beta:BRL': 300,
  });
  expect(await engine.settle({ type: 'SettleShare', id: out.id })).toMatchObject({ kind: 'done' });
  expect(await readUnfinishedCrossTransactions(database.reads, null, 10)).toEqual([]);
  const record = await readCrossTransaction(database.reads, out.id);
  expect(record?.durable).toMatchObject({ is: 'committed', settled: true, rebuilt: false });
  expect(record?.decidedSeq).toBe(done.kind === 'done' ? done.seq : undefined);
  await expectSound(world);
});

test('shares that are decided and settled in one block, or settled in a later one', async () => {
  const world = await startWorld();
  const { engine, database } = world;
  const bodies = Array.from({ length: 12 }, () => bodyOf('test', 'test/ana beta/zoe 5'));
  const begun = await Promise.all(
    bodies.map((body) => wordFor(engine.submit(envelope(begin(body))))),
  );
  expect(new Set(begun)).toEqual(new Set(['crossbank.prepared']));
  const decide = (body: (typeof bodies)[number], index: number) =>
    engine.settle(index % 2 === 0 ? commit(body) : abort(body.id));
  const settle = ({ id }: (typeof bodies)[number]) => engine.settle({ type: 'SettleShare', id });
  const [early, late] = [bodies.slice(0, 6), bodies.slice(6)];
  const ended = await Promise.all([
    ...early.flatMap((body, index) => [decide(body, index), settle(body)]),
    ...late.map(decide),
  ]);
  expect(new Set(kinds(ended))).toEqual(new Set(['done']));
  await expectSound(world);
  expect(new Set(kinds(await Promise.all(late.map(settle))))).toEqual(new Set(['done']));
  expect(await readUnfinishedCrossTransactions(database.reads, null, 10)).toEqual([]);
  await expectSound(world);
});

test('many shares in few blocks, posted and given back among local transfers', async () => {
  const world = await startWorld();
  const { engine, url } = world;
  const bodies = Array.from({ length: 40 }, () => bodyOf('alfa', 'alfa/zoe test/bia 5'));
  const local = () => wordFor(engine.submit(transfer('ana', 'bia', 1n)));
  const [promised, ...words] = await Promise.all([
    Promise.all(bodies.map((body) => engine.settle(prepare(body)))),
    ...bodies.map(local),
  ]);
  expect(new Set(kinds(promised))).toEqual(new Set(['done']));
  expect(new Set(words)).toEqual(new Set(['transfer.posted']));
  const ended = await Promise.all(
    bodies.map((body, index) => engine.settle(index % 2 === 0 ? commit(body) : abort(body.id))),
  );
  expect(new Set(kinds(ended))).toEqual(new Set(['done']));
  expect(await balancesOf(url)).toMatchObject({ ana: 960, bia: 140, 'peer:alfa:BRL': -100 });
  await expectSound(world);
});

test('of two processes one takes the step, and the other is told how it stands', async () => {
  const world = await startWorld();
  const other = await secondProcess(world.url);
  const body = bodyOf('alfa', 'alfa/zoe test/bia 5');
  const both = (run: (engine: EngineWorld['engine']) => Promise<OwnOutcome>) =>
    Promise.all([run(world.engine), run(other.engine)]);
  const promised = await both((engine) => engine.settle(prepare(body)));
  expect(kinds(promised)).toEqual(['done', 'stale']);
  const stale = promised.find(({ kind }) => kind === 'stale');
  expect(stale).toMatchObject({ durable: { is: 'prepared', body } });
  const decided = await Promise.all([
    world.engine.settle(commit(body)),
    other.engine.settle(abort(body.id)),
  ]);
  expect(kinds(decided)).toEqual(['done', 'stale']);
  const [first] = decided;
  const bia = first.kind === 'done' ? 5 : 0;
  expect(await balancesOf(world.url)).toMatchObject({ bia });
  await expectSound(world);
});

test('a warm process sees what another one decided meanwhile', async () => {
  const world = await startWorld();
  const other = await secondProcess(world.url);
  const bodies = Array.from({ length: 20 }, () => bodyOf('alfa', 'alfa/zoe test/bia 5'));
  for (const body of bodies) await world.engine.settle(prepare(body));
  for (const body of bodies) {
    expect(await other.engine.settle(commit(body))).toMatchObject({ kind: 'done' });
    expect(await world.engine.settle(abort(body.id))).toMatchObject({
      kind: 'stale',
      durable: { is: 'committed' },
    });
  }
  expect(await balancesOf(world.url)).toMatchObject({ bia: 100 });
  await expectSound(world);
});

test('a nonce is spent in the block of its effect, once, and with nothing else', async () => {
  const world = await startWorld();
  const other = await secondProcess(world.url);
  const nonce = { keyId: 'alfa-1', value: randomUUID(), keepUntil: Date.now() + 60_000 };
  const riding = { nonces: [nonce] };
  const [first, second] = [
    bodyOf('alfa', 'alfa/zoe test/bia 5'),
    bodyOf('alfa', 'alfa/zoe test/bia 7'),
  ];
  const refused = bodyOf('alfa', 'alfa/zoe test/ghost 5');
  expect(await world.engine.settle(prepare(refused), riding)).toMatchObject({ kind: 'refused' });
  const { reads } = world.database;
  expect(await isNonceSpent(reads, nonce.keyId, nonce.value)).toBe(false);
  const outcomes = await Promise.all([
    world.engine.settle(prepare(first), riding),
    other.engine.settle(prepare(second), riding),
  ]);
  expect(kinds(outcomes)).toEqual(['done', 'replayed']);
  expect(await isNonceSpent(reads, nonce.keyId, nonce.value)).toBe(true);
  const isFirst = outcomes[0].kind === 'done';
  expect(await balancesOf(world.url)).toMatchObject({ 'peer:alfa:BRL held': isFirst ? 5 : 7 });
  expect(await world.engine.settle(commit(first), riding)).toMatchObject({
    kind: isFirst ? 'replayed' : 'stale',
  });
  await expectSound(world);
});

test('nonces are forgotten once their messages have run out', async () => {
  const world = await startWorld();
  const spend = (keepUntil: number) =>
    world.engine.settle(prepare(bodyOf('alfa', 'alfa/zoe test/bia 5')), {
      nonces: [{ keyId: 'alfa-1', value: randomUUID(), keepUntil }],
    });
  await spend(Date.now() - 1);
  await spend(Date.now() + 60_000);
  const [row] = await query<{ count: string }>(world.url, 'select count(*) from peer_nonce');
  expect(row?.count).toBe('1');
});

test('a step that can’t be written raises an alarm and harms no neighbour', async () => {
  const world = await startWorld();
  const { engine, url, alarms } = world;
  await query(url, 'alter table hold_leg add constraint no_666 check (amount <> 666)');
  const bad = bodyOf('test', 'test/ana test/bia 1', 'test/ana beta/zoe 1');
  const worse = bodyOf('alfa', 'alfa/zoe test/bia 13');
  await query(url, 'alter table hold_leg add constraint no_13 check (amount <> 13)');
  const good = Array.from({ length: 20 }, () => transfer('ana', 'bia', 1n));
  const [failed, ...words] = await Promise.all([
    engine.settle(prepare(worse)).catch((error: unknown) => String(error)),
    wordFor(engine.submit(envelope(begin(bad)))),
    ...good.map((each) => wordFor(engine.submit(each))),
  ]);
  expect(failed).toContain('internal_error');
  expect(words).toEqual(['crossbank.prepared', ...good.map(() => 'transfer.posted')]);
  expect(alarms.join('\n')).toContain('PrepareShare can’t be recorded'.replace('’', "'"));
  const rows = await query(url, `select 1 from outcome where code = 'internal_error'`);
  expect(rows).toEqual([]);
  await query(url, 'alter table hold_leg drop constraint no_13');
  expect(await engine.settle(prepare(worse))).toMatchObject({ kind: 'done' });
  await expectSound(world);
});

test('consents are used up with a promise and given back with it', async () => {
  const world = await startWorld();
  const { engine, database } = world;
  const consent = randomUUID();
  const granted = {
    account: 'ana',
    bank: 'alfa',
    amount: 100n,
    uses: 'total',
    expiresAt: Date.now() + 60_000,
  } as const;
  await engine.submit(envelope({ type: 'GrantConsent', id: consent, ...granted }));
  const spent = async () =>
    (await readConsents(database.reads, { account: 'ana', bank: undefined }, undefined, 10))[0]
      ?.spent;
  const wanted = (amount: number) => bodyOf('alfa', leg(`test/ana alfa/zoe ${amount}`, consent));
  const [first, second] = [wanted(60), wanted(40)];
  await engine.settle(prepare(first));
  expect(await engine.settle(prepare(wanted(41)))).toMatchObject({
    kind: 'refused',
    refusal: { code: 'consent_exceeded' },
  });
  await engine.settle(prepare(second));
  expect(await spent()).toBe(100n);
  await engine.settle(abort(first.id));
  await engine.settle(commit(second));
  expect(await spent()).toBe(40n);
  await expectSound(world);
});

test('a begin that holds stand in the way of is postponed, and the same id goes on', async () => {
  const world = await startWorld();
  const { engine } = world;
  const holding = bodyOf('test', 'test/ana beta/zoe 900');
  await engine.submit(envelope(begin(holding)));
  const body = bodyOf('test', 'test/ana beta/zoe 200');
  const id = randomUUID();
  const asked = { ...envelope(begin(body, false), id), hash: '1'.repeat(64) };
  expect(await wordFor(engine.submit(asked))).toBe('postponed');
  await engine.settle(abort(holding.id));
  expect(await wordFor(engine.submit(asked))).toBe('crossbank.prepared');
  expect(await engine.submit(asked)).toMatchObject({ kind: 'settled', replayed: true });
  await expectSound(world);
});

test('a step whose block stands and whose answer is lost is told as done, and is taken once', async () => {
  const world = await startWorld();
  const proxy = await startByteProxy(Number(new URL(world.url).port));
  onTestFinished(() => proxy.close());
  const through = new URL(world.url);
  through.port = String(proxy.port);
  const behind = await startEngine({ url: world.url, writerUrl: through.href });
  onTestFinished(() => behind.stop());
  const body = bodyOf('alfa', 'alfa/zoe test/bia 5');
  const nonce = { keyId: 'alfa-1', value: randomUUID(), keepUntil: Date.now() + 60_000 };
  expect(await behind.engine.settle(prepare(body), { nonces: [nonce] })).toMatchObject({
    kind: 'done',
  });
  const { reads } = world.database;
  const old = proxy.newest;
  old.swallowAnswersAfter(COMMIT_BYTES);
  const deciding = behind.engine.settle(commit(body));
  await eventually('the block is committed', async () => {
    const record = await readCrossTransaction(reads, body.id);
    return record?.durable.is === 'committed';
  });
  old.cutClient();
  const record = await readCrossTransaction(reads, body.id);
  expect(await deciding).toMatchObject({ kind: 'done', seq: record?.decidedSeq });
  expect(behind.engine.statistics).toMatchObject({ unknown: 1, resolved: 1 });
  expect(await balancesOf(world.url)).toMatchObject({ bia: 5, 'peer:alfa:BRL': -5 });
  await expectSound(world);
});

test('a purchase across banks is one transaction of order, goods and money, or nothing', async () => {
  const world = await startWorld();
  const { engine, url } = world;
  const product = { sku: 'tea', name: 'Tea', price: 30n, asset: 'BRL/2', merchant: 'bia' };
  const stock = { stock: 10n, transferId: randomUUID() };
  await engine.submit(envelope({ type: 'CreateProduct', ...product, ...stock }));
  const buy = (quantity: bigint) => {
    const body = bodyOf('test', `alfa/zoe test/bia ${30n * quantity}`);
    const lines = [{ sku: 'tea', quantity }];
    const order = { id: randomUUID(), customer: 'alfa/zoe', merchant: 'bia', lines };
    return { body, order: { ...order, total: 30n * quantity } };
  };
  const place = ({ body, order }: ReturnType<typeof buy>) =>
    wordFor(engine.submit(envelope({ ...begin(body), order })));
  const [kept, lost, tooMany] = [buy(2n), buy(7n), buy(2n)];
  expect([await place(kept), await place(lost)]).toEqual([
    'crossbank.prepared',
    'crossbank.prepared',
  ]);
  expect(await place(tooMany)).toBe('order.refused');
  await engine.settle(commit(kept.body));
  await engine.settle(abort(lost.body.id));
  const cancel = { order: kept.order.id, id: randomUUID(), transferId: randomUUID() };
  expect(await wordFor(engine.submit(envelope({ type: 'CancelOrder', ...cancel })))).toBe(
    'part_of',
  );
  const reverse = { id: randomUUID(), reverses: kept.order.id, transferId: randomUUID() };
  expect(await wordFor(engine.submit(envelope({ type: 'ReverseTransaction', ...reverse })))).toBe(
    'part_of',
  );
  const orders = await query<{ status: string; customer: string; code: string | null }>(
    url,
    'select status, customer, code from orders order by seq',
  );
  expect(orders).toEqual([
    { status: 'refused', customer: 'alfa/zoe', code: 'insufficient_stock' },
    { status: 'completed', customer: 'alfa/zoe', code: null },
    { status: 'refused', customer: 'alfa/zoe', code: 'transaction_aborted' },
  ]);
  const shelves = await query<{ id: string; balance: string }>(
    url,
    `select id, credits_posted - debits_posted as balance from account
      where id in ('stock:tea', 'sold:tea') order by id`,
  );
  expect(shelves.map(({ balance }) => balance)).toEqual(['2', '8']);
  await expectSound(world);
});

test('a restored bank posts what it forgot below a limit, and the books say so', async () => {
  const world = await startWorld();
  const { engine, url } = world;
  const lost = bodyOf('alfa', leg('test/ana alfa/zoe 1200'), 'alfa/zoe test/new 1');
  expect(await engine.settle(commit(lost, 'absent'))).toMatchObject({ kind: 'done' });
  expect(await balancesOf(url)).toMatchObject({ ana: -200, 'peer:alfa:BRL': 1_199 });
  const marked = await query<{ id: string }>(
    url,
    'select id from account where rebuilt order by id',
  );
  expect(marked.map(({ id }) => id)).toEqual(['ana', 'new', 'peer:alfa:BRL']);
  expect(await wordFor(engine.submit(transfer('ana', 'bia', 1n)))).toBe('insufficient_funds');
  await expectSound(world);
});
