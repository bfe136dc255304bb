import type { CommandRequest, WriteRequest } from './request.ts';

// A world so small that requests meet in it.

/** Who calls, by the scope of the key. Several clients share one. */
export const CALLERS = [
  { name: 'admin', scope: 'admin' },
  { name: 'clerk', scope: 'admin' },
  { name: 'app', scope: 'write' },
  { name: 'till', scope: 'write' },
  { name: 'eye', scope: 'read' },
] as const;

export type CallerName = (typeof CALLERS)[number]['name'];

export const TOO_MUCH = 1_000_000_000_001;
/** Leaves an account with it room for a balance of 40. */
const CREDIT_NEAR_BOUND = Number.MAX_SAFE_INTEGER - 40;
export const FIRST_DEPOSIT = '00000000-0000-4000-8000-000000000001';

/** What is sent first and one after the other, so that there is something to move. */
export const BEGINNING: readonly WriteRequest[] = [
  ...(
    [
      ['ana', 'BRL/2', 0],
      ['bia', 'BRL/2', 0],
      ['caio', 'BRL/2', 50],
      ['dora', 'BRL/2', CREDIT_NEAR_BOUND],
      ['shop', 'BRL/2', 0],
      ['mill', 'BRL/2', null],
      ['usd', 'USD/2', 0],
    ] as const
  ).map(
    ([id, asset, creditLimit]) =>
      ({
        resource: 'accounts',
        body: { id, asset, creditLimit },
        key: null,
        flaw: null,
      }) satisfies CommandRequest,
  ),
  deposit('ana', 400, FIRST_DEPOSIT),
  deposit('bia', 200, '00000000-0000-4000-8000-000000000002'),
  product('tea', 3, 'BRL/2', 'shop', 40),
  product('pen', 0, 'BRL/2', null, 30),
  product('import', 2, 'USD/2', null, 10),
];

export function deposit(account: string, amount: number, id: string): CommandRequest {
  return { resource: 'deposits', body: { id, account, amount }, key: null, flaw: null };
}

export function product(
  sku: string,
  price: number,
  asset: string,
  merchant: string | null,
  stock: number,
): CommandRequest {
  const body = { sku, name: sku, price, asset, merchant, stock };
  return { resource: 'products', body, key: `first-of-${sku}`, flaw: null };
}
