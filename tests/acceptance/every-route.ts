import type { Scope } from '@lastro/contract';
import type { AnyBody, Method } from '../harness/http-caller.ts';
import {
  amount,
  choice,
  conditions,
  free,
  id,
  limit,
  maybeAmount,
  maybeId,
  patience,
  seconds,
  type IntegerMember,
  type TextMember,
} from './body-members.ts';
import { ROUTES_OF_PEERS } from './routes-of-peers.ts';

export interface Route {
  readonly method: Method;
  /** With names of things that exist in the world of the tests. */
  readonly path: string;
  readonly scope: Scope;
  /** A body that is well formed; none where the route takes none. */
  readonly body?: AnyBody;
  readonly headers?: Readonly<Record<string, string>>;
  readonly integers?: readonly IntegerMember[];
  readonly texts?: readonly TextMember[];
  /** Whether the body may be left out. */
  readonly bodyIsOptional?: boolean;
  /** Whether it is a list with `limit` and `cursor`. */
  readonly isList?: boolean;
}

/** Ids of things that the tests open before they begin. */
export const WORLD = {
  account: 'alice',
  other: 'bob',
  sku: 'thing',
  uuid: '01980000-0000-7000-8000-000000000001',
} as const;

const LEASES = `/v1/accounts/${WORLD.account}/leases`;

const transfer = { id: WORLD.uuid, from: WORLD.account, to: WORLD.other, amount: 5 };
const cash = { id: WORLD.uuid, account: WORLD.account, amount: 5 };

/** Every route of `/v1`. */
export const ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/accounts',
    scope: 'write',
    body: {
      id: 'never-opened',
      asset: 'BRL/2',
      creditLimit: 5,
      maximumBalance: 500,
      metadata: { note: 'x' },
    },
    integers: [limit('creditLimit'), limit('maximumBalance')],
    texts: [maybeId('id'), id('asset'), free('metadata', 'note')],
  },
  { method: 'GET', path: '/v1/accounts', scope: 'read', isList: true },
  { method: 'GET', path: `/v1/accounts/${WORLD.account}`, scope: 'read' },
  { method: 'GET', path: `/v1/accounts/${WORLD.account}/balance`, scope: 'read' },
  { method: 'GET', path: `/v1/accounts/${WORLD.account}/entries`, scope: 'read', isList: true },
  {
    method: 'PATCH',
    path: `/v1/accounts/${WORLD.account}`,
    scope: 'admin',
    headers: { 'if-match': '"1"' },
    body: { creditLimit: 5, maximumBalance: null },
    integers: [limit('creditLimit'), limit('maximumBalance')],
  },
  ...['freeze', 'unfreeze', 'close', 'reopen'].map((verb): Route => ({
    method: 'POST',
    path: `/v1/accounts/${WORLD.account}/${verb}`,
    scope: 'admin',
    body: { reason: 'asked for' },
    bodyIsOptional: true,
    texts: [{ at: ['reason'], kind: 'free', isOptional: true }],
  })),
  {
    method: 'POST',
    path: LEASES,
    scope: 'write',
    body: { id: WORLD.uuid, owner: 'somebody', ttl: 1, wait: 0 },
    integers: [seconds('ttl'), seconds('wait', 'allowed')],
    texts: [maybeId('id'), free('owner')],
  },
  { method: 'GET', path: LEASES, scope: 'read' },
  {
    method: 'POST',
    path: `${LEASES}/${WORLD.uuid}/renew`,
    scope: 'write',
    body: { ttl: 1 },
    bodyIsOptional: true,
    integers: [seconds('ttl')],
  },
  { method: 'POST', path: `${LEASES}/${WORLD.uuid}/release`, scope: 'write' },
  ...['/v1/deposits', '/v1/withdrawals'].map((path): Route => ({
    method: 'POST',
    path,
    scope: 'admin',
    body: { ...cash, metadata: { note: 'x' } },
    integers: [amount('amount')],
    texts: [maybeId('id'), id('account'), free('metadata', 'note')],
  })),
  {
    method: 'POST',
    path: '/v1/transfers',
    scope: 'write',
    body: { ...transfer, ifVersion: 2, ifBalanceAtLeast: 5, metadata: { note: 'x' } },
    integers: [amount('amount'), ...conditions(), ...patience.integers],
    texts: [
      maybeId('id'),
      id('from'),
      id('to'),
      free('metadata', 'note'),
      choice('asset'),
      choice('consent'),
      ...patience.texts,
    ],
  },
  { method: 'GET', path: '/v1/transfers', scope: 'read', isList: true },
  { method: 'GET', path: `/v1/transfers/${WORLD.uuid}`, scope: 'read' },
  {
    method: 'POST',
    path: '/v1/transfers/batch',
    scope: 'write',
    body: { transfers: [transfer, { ...transfer, id: WORLD.uuid.replace(/1$/, '2') }] },
    // One transfer of many that core refuses is a result, not a refusal of the batch.
    integers: [{ ...amount('transfers', 1, 'amount'), aboveAmountMax: 'allowed' }],
    texts: [maybeId('transfers', 0, 'id'), id('transfers', 1, 'from'), id('transfers', 0, 'to')],
  },
  {
    method: 'POST',
    path: `/v1/transfers/${WORLD.uuid}/reversals`,
    scope: 'write',
    body: { id: WORLD.uuid, amount: 5, metadata: { note: 'x' } },
    bodyIsOptional: true,
    // Judged on the transfer, which is not there.
    integers: [{ ...maybeAmount('amount'), aboveAmountMax: 'allowed' }],
    texts: [maybeId('id'), free('metadata', 'note')],
  },
  {
    method: 'POST',
    path: '/v1/transactions',
    scope: 'write',
    body: { id: WORLD.uuid, transfers: [{ from: WORLD.account, to: WORLD.other, amount: 5 }] },
    integers: [amount('transfers', 0, 'amount'), ...patience.integers],
    texts: [
      maybeId('id'),
      id('transfers', 0, 'from'),
      id('transfers', 0, 'to'),
      { at: ['transfers', 0, 'consent'], kind: 'id', isOptional: true },
      ...patience.texts,
    ],
  },
  { method: 'GET', path: '/v1/transactions', scope: 'read', isList: true },
  { method: 'GET', path: `/v1/transactions/${WORLD.uuid}`, scope: 'read' },
  { method: 'GET', path: `/v1/transactions/beta/${WORLD.uuid}`, scope: 'read' },
  {
    method: 'POST',
    path: `/v1/transactions/${WORLD.uuid}/reversals`,
    scope: 'write',
    body: { id: WORLD.uuid },
    bodyIsOptional: true,
    texts: [maybeId('id')],
  },
  {
    method: 'POST',
    path: '/v1/consents',
    scope: 'write',
    body: {
      id: WORLD.uuid,
      account: WORLD.account,
      bank: 'beta',
      amount: 5,
      uses: 'once',
      expiresAt: '2999-01-01T00:00:00Z',
    },
    integers: [amount('amount')],
    texts: [maybeId('id'), id('account'), id('bank'), id('uses'), id('expiresAt')],
  },
  { method: 'GET', path: '/v1/consents', scope: 'read', isList: true },
  { method: 'GET', path: `/v1/consents/${WORLD.uuid}`, scope: 'read' },
  { method: 'DELETE', path: `/v1/consents/${WORLD.uuid}`, scope: 'write' },
  {
    method: 'POST',
    path: '/v1/holds',
    scope: 'write',
    body: { ...transfer, ttl: 60, ifVersion: 2, ifBalanceAtLeast: 5, metadata: { note: 'x' } },
    integers: [amount('amount'), seconds('ttl'), ...conditions()],
    texts: [maybeId('id'), id('from'), id('to'), free('metadata', 'note')],
  },
  {
    method: 'POST',
    path: '/v1/holds',
    scope: 'write',
    body: {
      id: WORLD.uuid,
      transfers: [{ from: WORLD.account, to: WORLD.other, amount: 5 }],
      expiresAt: '2999-01-01T00:00:00Z',
    },
    integers: [{ ...amount('transfers', 0, 'amount'), aboveAmountMax: 'allowed' }],
    texts: [
      maybeId('id'),
      id('transfers', 0, 'from'),
      id('transfers', 0, 'to'),
      { at: ['expiresAt'], kind: 'id', isOptional: true },
    ],
  },
  { method: 'GET', path: '/v1/holds', scope: 'read', isList: true },
  { method: 'GET', path: `/v1/holds/${WORLD.uuid}`, scope: 'read' },
  {
    method: 'POST',
    path: `/v1/holds/${WORLD.uuid}/capture`,
    scope: 'write',
    body: { id: WORLD.uuid, amount: 5 },
    bodyIsOptional: true,
    integers: [{ ...maybeAmount('amount'), aboveAmountMax: 'allowed' }],
    texts: [maybeId('id')],
  },
  {
    method: 'POST',
    path: `/v1/holds/${WORLD.uuid}/release`,
    scope: 'write',
    body: { id: WORLD.uuid },
    bodyIsOptional: true,
    texts: [maybeId('id')],
  },
  {
    method: 'POST',
    path: `/v1/holds/${WORLD.uuid}/extend`,
    scope: 'write',
    body: { id: WORLD.uuid, ttl: 60 },
    integers: [seconds('ttl')],
    texts: [maybeId('id')],
  },
  {
    method: 'POST',
    path: '/v1/products',
    scope: 'admin',
    body: {
      sku: 'never-made',
      name: 'X',
      price: 5,
      asset: 'BRL/2',
      stock: 5,
      merchant: WORLD.other,
    },
    integers: [
      { ...amount('price'), zero: 'allowed' },
      { ...amount('stock'), zero: 'allowed' },
    ],
    texts: [
      id('sku'),
      free('name'),
      id('asset'),
      { at: ['merchant'], kind: 'id', isOptional: true, isNullable: true },
    ],
  },
  { method: 'GET', path: '/v1/products', scope: 'read', isList: true },
  { method: 'GET', path: `/v1/products/${WORLD.sku}`, scope: 'read' },
  {
    method: 'PATCH',
    path: `/v1/products/${WORLD.sku}`,
    scope: 'admin',
    headers: { 'if-match': '"1"' },
    body: { name: 'Y', price: 6 },
    integers: [{ ...amount('price'), zero: 'allowed', isOptional: true }],
    texts: [{ at: ['name'], kind: 'free', isOptional: true }],
  },
  {
    method: 'POST',
    path: `/v1/products/${WORLD.sku}/receipts`,
    scope: 'admin',
    body: { id: WORLD.uuid, quantity: 5 },
    integers: [{ ...amount('quantity'), aboveAmountMax: 'contract' }],
    texts: [maybeId('id')],
  },
  {
    method: 'POST',
    path: `/v1/products/${WORLD.sku}/adjustments`,
    scope: 'admin',
    body: { id: WORLD.uuid, quantity: -1, reason: 'broken' },
    integers: [{ ...amount('quantity'), negative: 'allowed', aboveAmountMax: 'contract' }],
    texts: [maybeId('id'), free('reason')],
  },
  {
    method: 'POST',
    path: '/v1/orders',
    scope: 'write',
    body: {
      id: WORLD.uuid,
      customer: WORLD.account,
      merchant: WORLD.other,
      lines: [{ sku: WORLD.sku, quantity: 1 }],
      expectedTotal: 10,
    },
    integers: [
      { ...amount('lines', 0, 'quantity'), aboveAmountMax: 'contract' },
      ...patience.integers,
      {
        at: ['expectedTotal'],
        zero: 'allowed',
        negative: 'refused',
        aboveAmountMax: 'allowed',
        isOptional: true,
      },
    ],
    texts: [
      maybeId('id'),
      id('customer'),
      id('merchant'),
      id('lines', 0, 'sku'),
      choice('consent'),
      ...patience.texts,
    ],
  },
  { method: 'GET', path: '/v1/orders', scope: 'read', isList: true },
  { method: 'GET', path: `/v1/orders/${WORLD.uuid}`, scope: 'read' },
  {
    method: 'POST',
    path: `/v1/orders/${WORLD.uuid}/cancel`,
    scope: 'write',
    body: { id: WORLD.uuid },
    bodyIsOptional: true,
    texts: [maybeId('id')],
  },
  { method: 'GET', path: '/v1/trial-balance', scope: 'read' },
  { method: 'GET', path: '/v1/consistency', scope: 'read' },
  { method: 'GET', path: `/v1/commands/${WORLD.uuid}`, scope: 'read' },
  { method: 'GET', path: '/v1/events', scope: 'read' },
  {
    method: 'POST',
    path: '/v1/api-keys',
    scope: 'admin',
    body: { name: 'never made', scope: 'read' },
    texts: [free('name'), { at: ['scope'], kind: 'id' }],
  },
  { method: 'GET', path: '/v1/api-keys', scope: 'admin' },
  { method: 'DELETE', path: '/v1/api-keys/key_none', scope: 'admin' },
  ...ROUTES_OF_PEERS,
];

export const ROUTES_WITH_BODY = ROUTES.filter(({ body }) => body !== undefined);

export function nameOf({ method, path }: Route): string {
  return `${method} ${path}`;
}
