import type { CommandRequest, DepthRequest, WriteRequest } from './request.ts';

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

/** What the beginning leaves behind, for what must be refused later. */
export const LEFT = {
  reversed: uuidOf(10),
  leg: uuidOf(11),
  group: uuidOf(12),
  released: uuidOf(13),
  brief: uuidOf(14),
  cancelled: uuidOf(15),
  lease: uuidOf(16),
} as const;

const PLAIN = { key: null, flaw: null } as const;

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
      ['keep', 'BRL/2', 0],
      ['let', 'BRL/2', 0],
      ['ice', 'BRL/2', 0],
      ['gone', 'BRL/2', 0],
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
  {
    resource: 'change',
    sku: 'pen',
    version: 1,
    body: { name: 'a pen' },
    key: 'first-change',
    flaw: null,
  },
  {
    resource: 'receipts',
    sku: 'pen',
    body: { quantity: 2 },
    key: 'first-receipt',
    flaw: null,
  },
  {
    resource: 'adjustments',
    sku: 'pen',
    body: { quantity: -1, reason: 'counted' },
    key: 'first-adjustment',
    flaw: null,
  },
  ...depths(),
];

/** One of everything that can happen to promises, corrections, accounts and leases. */
function depths(): readonly CommandRequest[] {
  const leg = { from: 'mill', to: 'keep', amount: 5 } as const;
  const deep = (number: number, request: DepthRequest): CommandRequest => {
    return { ...request, key: `first-of-depth-${number}`, flaw: null };
  };
  const life: readonly DepthRequest[] = [
    { resource: 'freeze', account: 'ice', body: { reason: 'kept' } },
    { resource: 'unfreeze', account: 'ice', body: {} },
    { resource: 'freeze', account: 'ice', body: {} },
    { resource: 'close', account: 'gone', body: {} },
    { resource: 'reopen', account: 'gone', body: {} },
    { resource: 'close', account: 'gone', body: {} },
    { resource: 'limits', account: 'keep', version: null, body: { maximumBalance: 1_000 } },
  ];
  const first = uuidOf(20);
  const lease = { account: 'let', lease: first } as const;
  const rest: readonly DepthRequest[] = [
    { resource: 'holds', body: { id: LEFT.brief, ...leg, ttl: 1 } },
    { resource: 'holds', body: { id: LEFT.group, transfers: [leg, leg] } },
    { resource: 'holds', body: { id: LEFT.released, ...leg } },
    { resource: 'extend', hold: LEFT.released, body: { ttl: 7_000_000 } },
    { resource: 'release', hold: LEFT.released, body: {} },
    { resource: 'holds', body: { id: uuidOf(21), ...leg } },
    { resource: 'capture', hold: uuidOf(21), body: { id: uuidOf(22), amount: 4 } },
    { resource: 'reversal', reverses: uuidOf(22), byAdmin: true, body: { amount: 1 } },
    { resource: 'whole reversal', reverses: LEFT.reversed, body: {} },
    { resource: 'cancel', order: LEFT.cancelled, body: {} },
    { resource: 'leases', account: 'let', body: { id: first, owner: 'first', ttl: 600 } },
    { resource: 'renew', ...lease, body: { ttl: 600 } },
    { resource: 'give back', ...lease, body: {} },
    { resource: 'leases', account: 'let', body: { id: LEFT.lease, owner: 'next', ttl: 600 } },
  ];
  const ordered = { customer: 'ana', merchant: 'shop', lines: [{ sku: 'tea', quantity: 1 }] };
  return [
    {
      resource: 'transactions',
      body: { id: LEFT.reversed, transfers: [{ id: LEFT.leg, ...leg }] },
      ...PLAIN,
    },
    { resource: 'orders', body: { id: LEFT.cancelled, ...ordered }, ...PLAIN },
    ...[...life, ...rest].map((request, number) => deep(number, request)),
  ];
}

function uuidOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

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
