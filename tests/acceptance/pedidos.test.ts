import type { OrderAnswer } from '@lastro/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { balanceOf, checkBooks, stockOf } from '../harness/books.ts';
import { eventually } from '../harness/eventually.ts';
import { createCaller, type HttpCaller } from '../harness/http-caller.ts';
import { atOnce, createProduct, openAccount, tally } from '../harness/seeding.ts';

const CUSTOMERS = [50_000, 120_000, 90_000, 400_000, 70_000, 0];
const PRODUCTS = [
  [12_990, 6],
  [4_500, 12],
  [899, 20],
  [25_000, 3],
  [60_000, 2],
] as const;

interface Status {
  readonly em_andamento: number;
  readonly concluidos: number;
  readonly rejeitados: number;
}

interface ReportedOrder {
  readonly itens: readonly { produto: string; quantidade: number; preco_unitario: number }[];
  readonly total: number;
}

let bank: BankInProcess;
let shop: HttpCaller;

const customers = CUSTOMERS.map((_, index) => `cliente:${index + 1}`);
const products = PRODUCTS.map((_, index) => `produto:${index + 1}`);

beforeAll(async () => {
  bank = await startBankInProcess({ pedidos: true });
  await openAccount(bank, 'loja');
  await Promise.all(
    CUSTOMERS.map((money, index) => openAccount(bank, `cliente:${index + 1}`, money)),
  );
  await Promise.all(
    PRODUCTS.map(([price, stock], index) =>
      createProduct(bank, {
        sku: `produto:${index + 1}`,
        name: `Produto ${index + 1}`,
        price,
        stock,
        merchant: 'loja',
      }),
    ),
  );
  const { url } = bank.running.classics[0] ?? {};
  if (url === null || url === undefined) throw new Error('the classic surface is off');
  shop = createCaller(url, 'no key');
  return async () => {
    await shop.close();
    await bank.stop();
  };
});

async function statusOf(): Promise<Status> {
  return (await shop.call<Status>('GET', '/status')).body;
}

const sum = (numbers: readonly bigint[]) => numbers.reduce((total, number) => total + number, 0n);

/** Money and goods in the bank: no flood may change their sums. */
async function holdings() {
  const money = sum(await Promise.all([...customers, 'loja'].map((id) => balanceOf(bank, id))));
  const stock = await Promise.all(products.map((sku) => stockOf(bank, sku)));
  return { money, stock };
}

async function allOrders(): Promise<OrderAnswer[]> {
  const found: OrderAnswer[] = [];
  let cursor = '';
  do {
    const page = await bank.call<{ data: OrderAnswer[]; next: string | null }>(
      'GET',
      `/v1/orders?limit=1000${cursor}`,
    );
    found.push(...page.body.data);
    cursor = page.body.next === null ? '' : `&cursor=${page.body.next}`;
  } while (cursor !== '');
  return found;
}

describe('POST /pedido without body', () => {
  it.each([20, 1_000])(
    '%i at once: each ends as concluded or refused, to the centavo and the unit',
    async (count) => {
      const [before, held] = [await statusOf(), await holdings()];
      const known = (await allOrders()).length;
      const shopMoney = await balanceOf(bank, 'loja');

      const replies = await atOnce(count, () => shop.call('POST', '/pedido'));
      expect(tally(replies.map(({ status }) => String(status)))).toEqual({ 202: count });
      const after = await eventually(
        'every order has ended',
        async () => {
          const status = await statusOf();
          return status.em_andamento === 0 && status;
        },
        20_000,
      );

      expect(after.concluidos + after.rejeitados).toBe(
        before.concluidos + before.rejeitados + count,
      );
      const orders = (await allOrders()).slice(0, -known || undefined);
      expect(orders).toHaveLength(count);
      const completed = orders.filter(({ status }) => status === 'completed');
      expect(completed).toHaveLength(after.concluidos - before.concluidos);
      const refused = orders.filter(({ status }) => status === 'refused');
      for (const { code } of refused)
        expect(['insufficient_funds', 'insufficient_stock']).toContain(code);

      const now = await holdings();
      expect(now.money).toBe(held.money);
      expect(await balanceOf(bank, 'loja')).toBe(
        shopMoney + sum(completed.map(({ total }) => BigInt(total ?? 0))),
      );
      const sold = tally(
        completed.flatMap(({ lines }) =>
          lines.flatMap(({ sku, quantity }) => Array.from({ length: quantity }, () => sku)),
        ),
      );
      expect(now.stock).toEqual(
        held.stock.map((stock, index) => stock - (sold[products[index] ?? ''] ?? 0)),
      );
      expect(await balanceOf(bank, 'cliente:6')).toBe(0n);
      await checkBooks(bank);
    },
  );

  it('sells until nobody can buy anything, and reports what it sold', async () => {
    const report = await shop.call<ReportedOrder[]>('GET', '/relatorio?limit=10000');
    const { concluidos } = await statusOf();
    expect(report.body).toHaveLength(concluidos);
    const centavos = report.body.map(({ total }) => BigInt(Math.round(total * 100)));
    expect(sum(centavos)).toBe(await balanceOf(bank, 'loja'));
    for (const { itens, total } of report.body) {
      const lines = itens.map((item) => Math.round(item.quantidade * item.preco_unitario * 100));
      expect(lines.reduce((all, line) => all + line, 0)).toBe(Math.round(total * 100));
    }
  });
});

describe('POST /pedido with a body', () => {
  it('takes the order of that customer, of several products, or refuses it whole', async () => {
    await openAccount(bank, 'cliente:50', 10_000);
    await createProduct(bank, { sku: 'produto:50', price: 1_000, stock: 5, merchant: 'loja' });
    await createProduct(bank, { sku: 'produto:51', price: 10, stock: 5, merchant: 'loja' });
    const before = await statusOf();
    const body = (first: number, second: number) => ({
      cliente_id: 50,
      itens: [
        { produto_id: 50, quantidade: first },
        { produto_id: 51, quantidade: second },
      ],
    });
    for (const order of [body(2, 1), body(1, 5), body(2, 1)]) {
      expect((await shop.call('POST', '/pedido', order)).status).toBe(202);
    }
    await eventually('they have ended', async () => {
      const { em_andamento: running, concluidos, rejeitados } = await statusOf();
      return running === 0 && concluidos + rejeitados === before.concluidos + before.rejeitados + 3;
    });
    expect((await statusOf()).rejeitados).toBe(before.rejeitados + 1);
    expect(await balanceOf(bank, 'cliente:50')).toBe(10_000n - 2n * 2_010n);
    expect([await stockOf(bank, 'produto:50'), await stockOf(bank, 'produto:51')]).toEqual([1, 3]);
    await checkBooks(bank);
  });

  it('refuses what is malformed, without a trace', async () => {
    const before = await statusOf();
    const item = { produto_id: 1, quantidade: 1 };
    const bodies: readonly unknown[] = [
      {},
      [],
      'x',
      5,
      null,
      { cliente_id: 1 },
      { cliente_id: '1', itens: [item] },
      { cliente_id: 1, itens: [] },
      { cliente_id: 1, itens: item },
      { cliente_id: 0, itens: [item] },
      { cliente_id: 1, itens: [{ ...item, quantidade: 0 }] },
      { cliente_id: 1, itens: [{ ...item, quantidade: -1 }] },
      { cliente_id: 1.5, itens: [item] },
    ];
    for (const body of bodies)
      expect([body, (await shop.call('POST', '/pedido', body)).status]).toEqual([body, 400]);
    for (const raw of [
      '{',
      '{"cliente_id":1.0,"itens":[{"produto_id":1,"quantidade":1}]}',
      '{"cliente_id":1,"itens":[{"produto_id":1,"quantidade":1e2}]}',
    ]) {
      expect((await shop.call('POST', '/pedido', undefined, { raw })).status).toBe(400);
    }
    for (const unknown of [
      { cliente_id: 999, itens: [item] },
      { cliente_id: 1, itens: [{ produto_id: 999, quantidade: 1 }] },
    ]) {
      expect((await shop.call('POST', '/pedido', unknown)).status).toBe(404);
    }
    expect(await statusOf()).toEqual(before);
  });
});
