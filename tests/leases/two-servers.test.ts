import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { startBankProcess, type BankProcess } from '../harness/bank-process.ts';
import { checkBooks } from '../harness/books.ts';
import { eventually } from '../harness/eventually.ts';
import { openAccount } from '../harness/seeding.ts';
import { verified } from './verified.ts';
import { allEvents, ask, lease, pay, queueOf, release } from './lease-calls.ts';
import { endOf, servedOf, ticketsOf } from './service.ts';

/** Starting a server takes long on a busy machine. */
const TIMEOUT_MS = 180_000;

let servers: readonly [BankProcess, BankProcess];

beforeAll(async () => {
  const first = await startBankProcess();
  const { databaseUrl, adminKey } = first;
  servers = [first, await startBankProcess({ databaseUrl, adminKey })];
  await openAccount(first, 'other', 100_000);
  return async () => {
    await servers[1].stop();
    await servers[0].stop();
  };
}, TIMEOUT_MS);

const OWNERS = 20;
const TTL_SECONDS = 2;
const DEADLINE_MS = 120_000;

/** How late the desks and blocks of a busy machine may be with a lease that ran out. */
const SWEEP_MS = 10_000;

const serverOf = (index: number) => servers[index % 2 === 0 ? 0 : 1];

/** One owner: waits for its turn as often as needed, works under its token, and gives it back. */
async function own(index: number, account: string, isCrashing: boolean) {
  const server = serverOf(index);
  const owner = `owner-${index}`;
  const wanted = { owner, ttl: TTL_SECONDS, wait: 30 };
  const end = performance.now() + DEADLINE_MS;
  let asked = randomUUID();
  for (;;) {
    const reply = await ask(server, account, { id: asked, ...wanted });
    // What is final needs a new id; a database that was slow to answer gets the same one.
    if (reply.status === 423) asked = randomUUID();
    if ([423, 503, 504].includes(reply.status) && performance.now() < end) continue;
    expect(reply.status, reply.text).toBe(201);
    const { id, token } = reply.body;
    const writes: string[] = [];
    for (let write = 0; write < 3; write += 1) {
      const { status, body } = await pay(serverOf(write), account, 'other', token);
      // A slow machine may let the lease run out; then nothing more is written.
      writes.push(String(body.code ?? status));
    }
    if (!isCrashing) await release(server, account, id);
    return { index, id, token, writes, isCrashing };
  }
}

// They wait more than they work, each on an account of its own.
it.concurrent(
  'serves 20 owners through two servers in the order of their tickets, crashed ones among them',
  { timeout: TIMEOUT_MS },
  async () => {
    const account = await openAccount(servers[0], 'hot', 10_000);
    const done = await Promise.all(
      Array.from({ length: OWNERS }, (_, index) => own(index, account, index % 5 === 4)),
    );
    for (const { writes } of done) {
      expect(['201', 'lease_lost']).toEqual(expect.arrayContaining(writes));
    }

    const lives = ticketsOf(await allEvents(servers[1]), account);
    const served = servedOf(lives);
    expect(served.map(({ id }) => id).toSorted()).toEqual(done.map(({ id }) => id).toSorted());
    // First come, first served: of those who were not withdrawn, none overtook another.
    const tickets = served.map(({ ticket }) => ticket);
    expect(tickets).toEqual(tickets.toSorted((one, other) => one - other));
    for (const [index, life] of served.entries()) {
      const before = served[index - 1];
      if (before === undefined) continue;
      // Never two at once, and nobody waits for longer than those before it hold.
      expect(life.grantedAt).toBeGreaterThanOrEqual(endOf(before));
      const freeAt = Math.max(endOf(before), life.askedAt);
      expect(life.grantedAt - freeAt).toBeLessThan(SWEEP_MS);
    }
    const tokens = new Map(done.map(({ index, token }) => [index, token]));
    expect(new Set(tokens.values()).size).toBe(OWNERS);

    // No old token writes any more, through either server.
    for (const token of tokens.values()) {
      for (const server of servers) {
        const { status, body } = await pay(server, account, 'other', token);
        if (status !== 201) expect(body.code).toBe('lease_lost');
        const isLast = token === Math.max(...tokens.values());
        expect(status === 201 && !isLast).toBe(false);
      }
    }
    await checkBooks(servers[0]);
  },
);

it.concurrent(
  'a crashed owner keeps others out until its lease runs out, and no longer',
  { timeout: TIMEOUT_MS },
  async () => {
    const account = await openAccount(servers[0], 'crashed', 100);
    const crashed = await lease(servers[0], account, { ttl: 8 });
    const waiting = lease(servers[1], account, { wait: 30 });
    await eventually('it waits', async () => (await queueOf(servers[0], account)).length === 2);
    expect((await pay(servers[1], account, 'other')).body.code).toBe('account_leased');
    const next = await waiting;
    const [first, second] = servedOf(ticketsOf(await allEvents(servers[0]), account));
    expect(second?.token).toBe(next.token);
    expect(second?.grantedAt).toBeGreaterThanOrEqual(first?.expiresAt ?? Infinity);
    expect((second?.grantedAt ?? 0) - (first?.expiresAt ?? 0)).toBeLessThan(SWEEP_MS);
    expect((await pay(servers[0], account, 'other', crashed.token)).body.code).toBe('lease_lost');
  },
);

it(
  'every write under a lease fell into the time of that lease',
  { timeout: TIMEOUT_MS },
  async () => {
    const account = await openAccount(servers[0], 'fenced', 10_000);
    const over = new AbortController();
    const tokens: number[] = [];
    // Writers that go on with every token that they ever saw, through both servers.
    const stubborn = Array.from({ length: 4 }, async (_, index) => {
      const accepted: { readonly token: number; readonly id: string }[] = [];
      while (!over.signal.aborted) {
        const token = tokens[Math.floor((index / 4) * tokens.length)];
        if (token === undefined) {
          await sleep(5);
          continue;
        }
        const reply = await pay(serverOf(index), account, 'other', token);
        if (reply.status === 201) accepted.push({ token, id: String(reply.body.id) });
        else expect(reply.body.code).toBe('lease_lost');
      }
      return accepted;
    });
    for (let round = 0; round < 6; round += 1) {
      const { id, token } = await lease(serverOf(round), account, { ttl: 1, wait: 20 });
      tokens.push(token);
      if (round % 2 === 0) await release(serverOf(round + 1), account, id);
    }
    over.abort();
    const accepted = (await Promise.all(stubborn)).flat();
    const events = await allEvents(servers[0]);
    const lives = new Map(servedOf(ticketsOf(events, account)).map((life) => [life.token, life]));
    const posted = new Map(
      events
        .filter(({ type }) => type === 'transfer.posted')
        .map((event) => [String(event.data['id']), event]),
    );
    for (const { token, id } of accepted) {
      const life = lives.get(token);
      const event = posted.get(id);
      if (life === undefined || event === undefined) throw new Error(`${id} is not in the journal`);
      expect(event.seq).toBeGreaterThan(life.token);
      expect(Date.parse(event.at)).toBeLessThan(life.expiresAt ?? 0);
      expect(event.seq).toBeLessThan(life.releasedSeq ?? Infinity);
    }
  },
);

it(
  'a killed server: its tickets keep their place, and their repeat elsewhere gets the lease',
  { timeout: TIMEOUT_MS },
  async () => {
    const [first, second] = servers;
    const account = await openAccount(first, 'killed', 100);
    const held = await lease(second, account, { ttl: 600 });
    const [lost, repeated, late] = [randomUUID(), randomUUID(), randomUUID()];
    const calls = [];
    for (const [index, id] of [lost, repeated].entries()) {
      const wait = index === 0 ? 5 : 30;
      calls.push(ask(first, account, { id, wait }).catch((error: unknown) => error));
      await eventually('it waits', async () =>
        (await queueOf(second, account)).some((entry) => entry.id === id),
      );
    }
    await first.kill();
    for (const ended of await Promise.all(calls)) expect(ended).toBeInstanceOf(Error);
    // The one nobody asks for again lapses by itself.
    await eventually(
      'its time is over',
      async () => !(await queueOf(second, account)).some(({ id }) => id === lost),
      30_000,
    );
    const again = lease(second, account, { id: repeated, wait: 30 });
    const last = ask(second, account, { id: late, wait: 30 });
    await eventually('the last one waits', async () =>
      (await queueOf(second, account)).some(({ id }) => id === late),
    );
    await release(second, account, held.id);
    const granted = await again;
    expect(granted.id).toBe(repeated);
    await release(second, account, granted.id);
    expect((await last).status).toBe(201);
    await first.restart();
    const grants = servedOf(ticketsOf(await allEvents(first), account)).map(({ id }) => id);
    expect(grants).toEqual([held.id, repeated, late]);
  },
);

it(
  'a server that stops tells its waiters to ask again, and loses no place',
  { timeout: TIMEOUT_MS },
  async () => {
    const [first, second] = servers;
    const account = await openAccount(first, 'stopped', 100);
    const held = await lease(second, account, { ttl: 600 });
    const id = randomUUID();
    const waiting = ask(first, account, { id, wait: 30 });
    await eventually('it waits', async () => (await queueOf(second, account)).length === 2);
    await first.kill('SIGTERM');
    expect(await waiting).toMatchObject({ status: 504, body: { code: 'outcome_unknown' } });
    const again = lease(second, account, { id, wait: 30 });
    await release(second, account, held.id);
    expect((await again).id).toBe(id);
    await first.restart();
  },
);

it('leaves books and journal sound', async () => {
  await checkBooks(servers[0]);
  expect(await verified(servers[0].databaseUrl)).toEqual({ total: 0, byTable: {}, first: null });
});
