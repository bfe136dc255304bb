import { randomUUID } from 'node:crypto';
import type { OrderAnswer, Problem } from '@lastro/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { balanceOf, checkBooks, productOf, stockOf } from '../harness/books.ts';
import { endOf } from '../harness/http-caller.ts';
import {
  atOnce,
  createProduct,
  createProducts,
  openAccount,
  openAccounts,
  tally,
} from '../harness/seeding.ts';

let bank: BankInProcess;

beforeAll(async () => {
  bank = await startBankInProcess();
  return () => bank.stop();
});

interface Line {
  readonly sku: string;
  readonly quantity: number;
}

/** Places an order; `completed`, or the code of its refusal. */
async function order(customer: string, merchant: string, lines: readonly Line[]): Promise<string> {
  const body = { id: randomUUID(), customer, merchant, lines };
  const reply = await bank.call<OrderAnswer | Problem>('POST', '/v1/orders', body);
  return (reply.status === 201 ? reply.body.status : reply.body.code)?.toString() ?? reply.text;
}

async function refusedOrdersOf(customer: string): Promise<OrderAnswer[]> {
  const path = `/v1/orders?status=refused&limit=1000&customer=${customer}`;
  return (await bank.call<{ data: OrderAnswer[] }>('GET', path)).body.data;
}

describe('a flood of orders', () => {
  it('sells exactly the 100 units that there are to 1 000 orders of 100 customers', async () => {
    const merchant = await openAccount(bank, 'one-product-shop');
    const customers = await openAccounts(bank, 'flood', 100, 100_000);
    const sku = await createProduct(bank, { sku: 'scarce', price: 250, stock: 100, merchant });

    const ends = await atOnce(1_000, (index) =>
      order(customers[index % customers.length] ?? '', merchant, [{ sku, quantity: 1 }]),
    );

    expect(tally(ends)).toEqual({ completed: 100, insufficient_stock: 900 });
    expect(await productOf(bank, sku)).toMatchObject({ stock: 0, sold: 100, reserved: 0 });
    expect(await balanceOf(bank, merchant)).toBe(25_000n);
    const balances = await Promise.all(customers.map((customer) => balanceOf(bank, customer)));
    expect(balances.reduce((sum, balance) => sum + balance, 0n)).toBe(100n * 100_000n - 25_000n);
    const refused = await Promise.all(customers.map(refusedOrdersOf));
    expect(refused.flat()).toHaveLength(900);
    await checkBooks(bank);
  });

  it('lets a customer with money for 10 buy exactly 10 of 200 at once', async () => {
    const merchant = await openAccount(bank, 'patient-shop');
    const customer = await openAccount(bank, 'poor', 10 * 399 + 398);
    const sku = await createProduct(bank, { sku: 'plenty', price: 399, stock: 1_000_000 });

    const ends = await atOnce(200, () => order(customer, merchant, [{ sku, quantity: 1 }]));

    expect(tally(ends)).toEqual({ completed: 10, insufficient_funds: 190 });
    expect(await balanceOf(bank, customer)).toBe(398n);
    expect(await balanceOf(bank, merchant)).toBe(10n * 399n);
    expect(await stockOf(bank, sku)).toBe(999_990);
    await checkBooks(bank);
  });

  it('ends thousands of orders of several products in opposite line order, without a deadlock', async () => {
    const merchant = await openAccount(bank, 'department-store');
    const customers = await openAccounts(bank, 'opposite', 20, 1_000_000);
    const skus = await createProducts(
      bank,
      ['oa', 'ob', 'oc', 'od', 'oe'].map((sku) => ({ sku, price: 7, stock: 2_000 })),
    );
    const lines = skus.map((sku) => ({ sku, quantity: 1 }));
    const reversed = lines.toReversed();

    const ends = await atOnce(3_000, (index) =>
      order(
        customers[index % customers.length] ?? '',
        merchant,
        index % 2 === 0 ? lines : reversed,
      ),
    );

    expect(tally(ends)).toEqual({ completed: 2_000, insufficient_stock: 1_000 });
    const stocks = await Promise.all(skus.map((sku) => stockOf(bank, sku)));
    expect(stocks).toEqual([0, 0, 0, 0, 0]);
    expect(await balanceOf(bank, merchant)).toBe(2_000n * 35n);
    await checkBooks(bank);
  });

  it('keeps accounts that pay each other crosswise at their sum', async () => {
    const ids = await openAccounts(bank, 'ring', 4, 200);
    const ends = await atOnce(2_000, async (index) => {
      const from = ids[index % 4];
      const to = ids[(index + 1 + (index % 3)) % 4];
      const reply = await bank.call('POST', '/v1/transfers', {
        from,
        to,
        amount: 1 + (index % 90),
      });
      return endOf(reply);
    });

    expect(Object.keys(tally(ends)).toSorted()).toEqual(['201', 'insufficient_funds']);
    const balances = await Promise.all(ids.map((id) => balanceOf(bank, id)));
    expect(balances.reduce((sum, balance) => sum + balance, 0n)).toBe(800n);
    expect(balances.every((balance) => balance >= 0n)).toBe(true);
    await checkBooks(bank);
  });

  it('complains about nothing', () => {
    expect(bank.complaints).toEqual([]);
  });
});
