import { describe, expect, it } from 'vitest';
import { createRequestMaker, type Traffic } from './traffic.ts';

/** What any of the bodies may hold. */
interface Body {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly customer: string;
  readonly transfers: readonly { readonly id: string }[];
}

function make(traffic: Traffic, count: number): { path: string; body: Body }[] {
  const next = createRequestMaker(traffic, Date.now, Math.random);
  return Array.from({ length: count }, () => {
    const { path, body } = next(0);
    return { path, body: JSON.parse(body) as Body };
  });
}

describe('the traffic', () => {
  it('moves between every pair of accounts, and never within one', () => {
    const made = make({ kind: 'transfers', accounts: { prefix: 'a', count: 3 } }, 1_000);
    const pairs = new Set(made.map(({ body }) => `${body.from} ${body.to}`));
    expect(pairs).toEqual(
      new Set(['a-0 a-1', 'a-0 a-2', 'a-1 a-0', 'a-1 a-2', 'a-2 a-0', 'a-2 a-1']),
    );
  });

  it('gives each transfer of a batch its own id', () => {
    const [batch] = make({ kind: 'batches', size: 500, accounts: { prefix: 'hot', count: 2 } }, 1);
    expect(batch?.path).toBe('/v1/transfers/batch');
    expect(new Set(batch?.body.transfers.map(({ id }) => id)).size).toBe(500);
  });

  it('opens each account once', () => {
    const made = make({ kind: 'openings', accounts: { prefix: 'a', count: 4 } }, 4);
    expect(made.map(({ body }) => body.id)).toEqual(['a-0', 'a-1', 'a-2', 'a-3']);
  });

  it('pays every account of every other bank, and none of the bank that is called', () => {
    const accounts = { prefix: 'a', count: 2 };
    const next = createRequestMaker(
      { kind: 'payments', accounts, banks: ['alfa', 'beta', 'gama'] },
      Date.now,
      Math.random,
    );
    const bodies = Array.from({ length: 1_000 }, () => JSON.parse(next(1).body) as Body);
    const payees = ['alfa/a-0', 'alfa/a-1', 'gama/a-0', 'gama/a-1'];
    expect(new Set(bodies.map(({ to }) => to))).toEqual(new Set(payees));
    expect(new Set(bodies.map(({ from }) => from))).toEqual(new Set(['a-0', 'a-1']));
  });

  it('buys one unit of the one product', () => {
    const customers = { prefix: 'a', count: 10 };
    const [order] = make({ kind: 'orders', customers, merchant: 'shop', sku: 'hot' }, 1);
    expect(order?.body).toMatchObject({
      merchant: 'shop',
      lines: [{ sku: 'hot', quantity: 1 }],
    });
    expect(order?.body.customer).toMatch(/^a-[0-9]$/);
  });
});
