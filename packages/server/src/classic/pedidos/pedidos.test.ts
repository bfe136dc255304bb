import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { abandonDatabase, createBankDatabase } from '../../../../../tests/harness/postgres.ts';
import type { Engine } from '../../engine/engine.ts';
import { EngineError, type EngineErrorCode } from '../../engine/engine-error.ts';
import { startFeed } from './feed.ts';
import { json, startFeedServer } from './fixtures/feed-server.ts';
import { createRecordingLog } from './fixtures/recording-log.ts';
import {
  fillShop,
  openShop,
  readBooks,
  type Goods,
  type RunningShop,
} from './fixtures/shop-world.ts';

let shop: RunningShop;
let database = '';

const GOODS: Goods = {
  customers: [
    [1, 'Ana <b>', 1_000_000n],
    [2, null, 500_000n],
    [3, 'Caio', 250_001n],
    [4, 'Duda', 0n],
  ],
  products: [
    [1, 'Geladeira & cia', 199_999n, 3n],
    [2, 'Fogão', 100_050n, 4n],
    [3, 'Lâmpada', 1_990n, 10n],
    [4, 'Esgotado', 100n, 0n],
  ],
};
/** What each order meets, one after the other, before its answer comes through. */
const FAULTS: readonly EngineErrorCode[] = [
  'overloaded',
  'outcome_unknown',
  'database_unavailable',
];
const MONEY = 1_750_001n;
const UNITS = 17n;

async function open(): Promise<void> {
  database = await createBankDatabase();
  shop = await openShop(database);
  await fillShop(shop.engine, GOODS);
}

async function close(): Promise<void> {
  await shop.stop();
  await abandonDatabase(database);
}

function openForEach(): void {
  beforeEach(open);
  afterEach(close);
}

interface Status {
  em_andamento: number;
  concluidos: number;
  rejeitados: number;
}

async function get<Body>(path: string): Promise<Body> {
  const response = await fetch(shop.url + path);
  expect(response.status).toBe(200);
  return (await response.json()) as Body;
}

const post = (body?: string, headers?: Record<string, string>) =>
  fetch(`${shop.url}/pedido`, {
    method: 'POST',
    ...(body === undefined ? {} : { body }),
    ...(headers && { headers }),
  });

const order = (customer: number, ...items: [number, number][]) =>
  JSON.stringify({
    cliente_id: customer,
    itens: items.map(([product, quantity]) => ({ produto_id: product, quantidade: quantity })),
  });

async function flood(orders: number, body?: string): Promise<void> {
  const answers = await Promise.all(Array.from({ length: orders }, () => post(body)));
  for (const answer of answers) {
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ mensagem: 'Pedido recebido com sucesso' });
  }
}

async function quiet(): Promise<Status> {
  const running = async () => (await get<Status>('/status')).em_andamento;
  await expect.poll(running, { timeout: 20_000 }).toBe(0);
  return get('/status');
}

async function expectBooksAddUp(): Promise<void> {
  const books = await readBooks(shop.reads);
  expect(books.merchant).toBe(books.sold);
  expect(books.customers + books.merchant).toBe(MONEY);
  expect(books.unitsSold).toBe(books.unitsOrdered);
  expect(books.unitsSold + books.unitsLeft).toBe(UNITS);
  expect(books.lowest).toBeGreaterThanOrEqual(0n);
  expect(await get('/status')).toEqual({
    em_andamento: 0,
    concluidos: books.completed,
    rejeitados: books.refused,
  });
}

describe('orders without a body', () => {
  openForEach();

  it.each([1, 20, 200])(
    '%d at once: each ends as concluded or refused, and everything adds up',
    async (orders) => {
      await flood(orders);
      const { concluidos, rejeitados } = await quiet();
      expect(concluidos + rejeitados).toBe(orders);
      expect(concluidos).toBeGreaterThan(0);
      await expectBooksAddUp();
    },
  );

  it('go on as long as somebody can pay something, and are refused then', async () => {
    for (let round = 0; round < 10; round += 1) {
      await flood(5);
      await quiet();
    }
    const { concluidos, rejeitados } = await quiet();
    expect(concluidos + rejeitados).toBe(50);
    expect(rejeitados).toBeGreaterThan(32);
    const after = await readBooks(shop.reads);
    await flood(3);
    await quiet();
    const refused = after.refused + 3;
    expect(await readBooks(shop.reads)).toEqual({ ...after, refused });
    await expectBooksAddUp();
  });

  it('come from forms and old clients, too: an empty body of any type', async () => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await post('', type)).status).toBe(202);
    expect((await post('', { 'content-type': 'application/json' })).status).toBe(202);
    const { concluidos, rejeitados } = await quiet();
    expect(concluidos + rejeitados).toBe(2);
  });

  it('are refused with a record where the bank has no shop', async () => {
    const empty = await openShop(await createBankDatabase());
    try {
      expect((await fetch(`${empty.url}/pedido`, { method: 'POST' })).status).toBe(202);
      const status = async () => (await fetch(`${empty.url}/status`)).json();
      // The merchant of a bank without a shop is one that does not exist.
      await expect.poll(status).toEqual({ em_andamento: 0, concluidos: 0, rejeitados: 1 });
    } finally {
      await empty.stop();
    }
  });
});

describe('orders with a choice', () => {
  openForEach();

  it('buy what they name, for whom they name', async () => {
    await flood(1, order(1, [1, 2], [3, 5]));
    await quiet();
    expect(await get('/relatorio')).toEqual([
      {
        id: expect.any(Number),
        cliente: 'Ana <b>',
        itens: [
          { produto: 'Geladeira & cia', quantidade: 2, preco_unitario: 1999.99 },
          { produto: 'Lâmpada', quantidade: 5, preco_unitario: 19.9 },
        ],
        total: 4099.48,
        criado_em: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      },
    ]);
    await expectBooksAddUp();
  });

  it('sell no unit twice: 20 at once for the last 3', async () => {
    await flood(20, order(1, [1, 1]));
    expect(await quiet()).toEqual({ em_andamento: 0, concluidos: 3, rejeitados: 17 });
    await expectBooksAddUp();
  });

  it('spend no centavo twice: 20 at once from one who can pay two', async () => {
    await flood(20, order(3, [2, 1]));
    expect(await quiet()).toEqual({ em_andamento: 0, concluidos: 2, rejeitados: 18 });
    await expectBooksAddUp();
  });

  it('are taken whole or not at all', async () => {
    await flood(1, order(1, [3, 1], [4, 1]));
    await flood(1, order(4, [3, 1]));
    expect(await quiet()).toEqual({ em_andamento: 0, concluidos: 0, rejeitados: 2 });
    expect(await get('/relatorio')).toEqual([]);
    const refusals = 'select code, details from orders order by code';
    expect(await shop.reads.rows(refusals)).toEqual([
      { code: 'insufficient_funds', details: { account: 'cliente:4' } },
      { code: 'insufficient_stock', details: { sku: 'produto:4' } },
    ]);
    await expectBooksAddUp();
  });
});

describe('what is refused changes nothing', () => {
  beforeAll(open);
  afterAll(close);

  afterEach(async () => {
    expect(await get('/status')).toEqual({ em_andamento: 0, concluidos: 0, rejeitados: 0 });
  });

  it('an order from a page of another site is 403', async () => {
    const response = await post(undefined, { 'sec-fetch-site': 'cross-site' });
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ erro: expect.any(String) });
  });

  it.each([
    [order(99, [1, 1]), 404, 'Cliente 99 não encontrado'],
    [order(1, [1, 1], [98, 1], [97, 1]), 404, 'Produto 98 não encontrado'],
    ['{"cliente_id":1}', 400, '"itens" deve ser uma lista com pelo menos um item'],
    ['{', 400, 'O corpo não é um JSON válido, com números inteiros'],
  ])('%s is %d and no order', async (body, status, erro) => {
    const response = await post(body, { 'content-type': 'application/json' });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ erro });
  });

  it('a body beyond 64 KiB is 413', async () => {
    const response = await post(`"${'x'.repeat(70_000)}"`);
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ erro: 'Corpo grande demais' });
  });

  it.each(['limit=0', 'limit=10001', 'limit=x', 'limit=1&limit=2', 'antes=-1', 'antes='])(
    '/relatorio?%s is 400',
    async (query) => {
      const response = await fetch(`${shop.url}/relatorio?${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ erro: expect.any(String) });
    },
  );

  it('anything elsewhere is 404', async () => {
    const response = await fetch(`${shop.url}/outra`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ erro: 'Rota não encontrada' });
  });
});

describe('the intake', () => {
  openForEach();

  it('answers 503 when it is full, and what it received ends all the same', async () => {
    const limits = { queueLengthMax: 2, inFlightMax: 1, drainTimeoutMs: 10_000 };
    const small = await openShop(database, { limits });
    const send = () => fetch(`${small.url}/pedido`, { method: 'POST' });
    const answers = await Promise.all(Array.from({ length: 50 }, send));
    const received = answers.filter(({ status }) => status === 202).length;
    const full = answers.find(({ status }) => status === 503);
    expect(full?.headers.get('retry-after')).toBe('1');
    expect(await full?.json()).toEqual({ erro: 'Fila de pedidos cheia: tente novamente' });
    await small.stop();
    const { completed, refused } = await readBooks(shop.reads);
    expect(completed + refused).toBe(received);
  });

  it('drains at the stop: every 202 is in the ledger, and the counts survive the restart', async () => {
    await flood(200);
    await shop.stop();
    shop = await openShop(database);
    const { em_andamento: running, concluidos, rejeitados } = await get<Status>('/status');
    expect([running, concluidos + rejeitados]).toEqual([0, 200]);
    await expectBooksAddUp();
    await flood(1);
    const later = await quiet();
    expect(later.concluidos + later.rejeitados).toBe(201);
  });
});

describe('every 202 ends as one order', () => {
  openForEach();

  it('whatever the engine says for a while, and though an answer is lost', async () => {
    await shop.stop();
    const tries = new Map<string, number>();
    const between = (engine: Engine): Pick<Engine, 'submit'> => ({
      async submit(envelope) {
        const attempt = (tries.get(envelope.id) ?? 0) + 1;
        tries.set(envelope.id, attempt);
        const fault = FAULTS[attempt - 1];
        if (fault === undefined || fault === 'outcome_unknown') {
          const outcome = await engine.submit(envelope);
          if (fault === undefined) return outcome;
        }
        throw new EngineError(fault);
      },
    });
    shop = await openShop(database, { between });
    await flood(20);
    const { concluidos, rejeitados } = await quiet();
    expect([...tries.values()]).toEqual(Array.from({ length: 20 }, () => FAULTS.length + 1));
    expect(concluidos + rejeitados).toBe(20);
    await expectBooksAddUp();
  });
});

describe('the report', () => {
  openForEach();

  beforeEach(async () => {
    for (const product of [3, 2, 1]) {
      await flood(1, order(1, [product, 1]));
      await quiet();
    }
  });

  it('has the newest first, in parts', async () => {
    const all = await get<{ id: number; total: number }[]>('/relatorio');
    expect(all.map(({ total }) => total)).toEqual([1999.99, 1000.5, 19.9]);
    const ids = all.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted((left, right) => right - left));
    const response = await fetch(`${shop.url}/relatorio?limit=2`);
    expect(await response.json()).toEqual(all.slice(0, 2));
    expect(response.headers.get('link')).toBe(`</relatorio?limit=2&antes=${ids[1]}>; rel="next"`);
    expect(await get(`/relatorio?limit=2&antes=${ids[1]}`)).toEqual(all.slice(2));
  });
});

describe('a browser', () => {
  openForEach();

  let policy = '';
  const page = async (path: string) => {
    const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
    const response = await fetch(shop.url + path, { headers: { accept } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none';/);
    return response.text();
  };

  it('sees pages that load nothing and escape what they show', async () => {
    await flood(1, order(1, [1, 1]));
    await quiet();
    const pages = await Promise.all(['/', '/relatorio', '/status'].map(page));
    for (const text of pages) {
      expect(text).toMatch(/^<!doctype html>\n<html lang="pt-BR">/);
      expect(text).not.toMatch(/https?:|src=/);
    }
    const [home, report, status] = pages;
    for (const tag of ['style', 'script']) {
      const inside = home?.split(`<${tag}>`)[1]?.split(`</${tag}>`)[0] ?? '';
      const hash = createHash('sha256').update(inside).digest('base64');
      expect(policy).toContain(`${tag}-src 'sha256-${hash}'`);
    }
    expect(home).toMatch(/<form method="post" action="pedido">/);
    expect(status).toMatch(/<dd id="concluidos">1<\/dd>/);
    expect(report).toMatch(/Ana &lt;b&gt;/);
    expect(report).toMatch(/1 × Geladeira &amp; cia, R\$\u00A01\.999,99/);
  });
});

describe('a feed', () => {
  openForEach();

  it('orders once for a reading, over a restart of the bank too', async () => {
    const server = await startFeedServer();
    const log = createRecordingLog();
    const start = () =>
      startFeed({ url: server.url, everySeconds: 0.02, log, receive: shop.pedidos.receive });
    server.answer = json([{ v: 1 }, { v: 2 }]);
    let feed = start();
    const ended = async () => {
      const { concluidos, rejeitados } = await quiet();
      return concluidos + rejeitados;
    };
    await expect.poll(ended).toBe(2);
    await feed.stop();
    await shop.stop();

    shop = await openShop(database);
    server.answer = json([{ v: 2 }, { v: 1 }, { v: 3 }]);
    feed = start();
    await expect.poll(ended).toBe(3);
    await feed.stop();
    await server.close();
    expect(await ended()).toBe(3);
    await expectBooksAddUp();
  });
});
