import type { ErrorCode } from '@lastro/contract';
import { NO_LEASE, type CommandRequest, type DepthRequest } from './request.ts';
import { deposit, FIRST_DEPOSIT, LEFT, product, TOO_MUCH, type CallerName } from './small-world.ts';

/** Where new ids and keys come from. */
interface Ids {
  uuid(): string;
  key(): string;
}

/** One request for every refusal that a client can bring about; whatever else happens, it gets that. */
export function provocations(draw: Ids): readonly (readonly [CallerName, CommandRequest])[] {
  const transfer = (
    from: string,
    to: string,
    amount: number,
    id = draw.uuid(),
  ): CommandRequest => ({
    resource: 'transfers',
    body: { id, from, to, amount },
    key: null,
    flaw: null,
  });
  const order = (sku: string, quantity: number, more: object = {}): CommandRequest => ({
    resource: 'orders',
    body: {
      id: draw.uuid(),
      customer: 'ana',
      merchant: 'shop',
      lines: [{ sku, quantity }],
      ...more,
    },
    key: null,
    flaw: null,
  });
  const open = (id: string, asset: string): CommandRequest => ({
    resource: 'accounts',
    body: { id, asset },
    key: null,
    flaw: null,
  });
  const create = (sku: string, asset: string): CommandRequest => ({
    ...product(sku, 1, asset, null, 1),
    key: draw.key(),
  });
  const change: CommandRequest = {
    resource: 'change',
    sku: 'tea',
    version: 999_999,
    body: { name: 'never' },
    key: draw.key(),
    flaw: null,
  };
  return [
    ['till', transfer('ana', 'ghost', 1)],
    ['till', transfer('ana', 'cash:BRL', 1)],
    ['till', transfer('ana', 'ana', 1)],
    ['till', transfer('ana', 'usd', 1)],
    ['till', transfer('ana', 'bia', TOO_MUCH)],
    ['till', transfer('ana', 'bia', TOO_MUCH - 1)],
    ['till', transfer('mill', 'dora', 1_000_000)],
    ['till', transfer('mill', 'ana', 1, FIRST_DEPOSIT)],
    ['till', order('tea', 900_000, { customer: 'mill' })],
    ['till', order('ghost', 1)],
    ['till', order('tea', 1, { merchant: 'bia' })],
    ['till', order('pen', 1, { expectedTotal: 7_777 })],
    ['till', open('ana', 'BRL/2')],
    ['till', open('scaled', 'BRL/3')],
    ['clerk', create('tea', 'BRL/2')],
    ['clerk', create('euro', 'EUR/2')],
    ['clerk', change],
    ...depthProvocations(draw),
  ];
}

/** The same for promises, corrections, the life of accounts, and leases. */
function depthProvocations(draw: Ids): readonly (readonly [CallerName, CommandRequest])[] {
  const pay = (from: string, to: string, more: object = {}): CommandRequest => ({
    resource: 'transfers',
    body: { id: draw.uuid(), from, to, amount: 1, ...more },
    key: null,
    flaw: null,
  });
  const expired = { from: 'mill', to: 'keep', amount: 1, expiresAt: '2020-01-01T00:00:00.000Z' };
  const wanted: readonly DepthRequest[] = [
    { resource: 'holds', body: expired },
    { resource: 'release', hold: draw.uuid(), body: {} },
    { resource: 'capture', hold: LEFT.released, body: {} },
    { resource: 'capture', hold: LEFT.group, body: { amount: 1 } },
    { resource: 'reversal', reverses: FIRST_DEPOSIT, byAdmin: true, body: { amount: 1_000 } },
    { resource: 'reversal', reverses: LEFT.leg, byAdmin: true, body: {} },
    { resource: 'reversal', reverses: draw.uuid(), byAdmin: true, body: {} },
    { resource: 'whole reversal', reverses: LEFT.reversed, body: {} },
    { resource: 'whole reversal', reverses: draw.uuid(), body: {} },
    { resource: 'cancel', order: LEFT.cancelled, body: {} },
    { resource: 'cancel', order: draw.uuid(), body: {} },
    { resource: 'unfreeze', account: 'keep', body: {} },
    { resource: 'reopen', account: 'keep', body: {} },
    { resource: 'close', account: 'keep', body: {} },
    { resource: 'limits', account: 'keep', version: null, body: { maximumBalance: 1 } },
    { resource: 'renew', account: 'keep', lease: draw.uuid(), body: {} },
  ];
  return [
    ...wanted.map((request): readonly [CallerName, CommandRequest] => {
      return ['clerk', { ...request, key: draw.key(), flaw: null }];
    }),
    ['till', pay('ice', 'mill')],
    ['till', pay('mill', 'gone')],
    ['till', pay('mill', 'let')],
    ['till', pay('mill', 'ana', { ifBalanceAtLeast: 1_000_000_000 })],
    ['till', { ...pay('mill', 'ana'), under: [NO_LEASE] }],
  ];
}

/** What the edge refuses, whatever the state. */
export function flawed(draw: Ids): readonly (readonly [CallerName, CommandRequest])[] {
  const flaws: readonly (readonly [CallerName, ErrorCode])[] = [
    ['app', 'invalid_request'],
    ['app', 'invalid_json'],
    ['app', 'invalid_number'],
    ['app', 'unauthorized'],
    ['eye', 'forbidden'],
  ];
  const transfers = flaws.map(([caller, flaw]): readonly [CallerName, CommandRequest] => [
    caller,
    {
      resource: 'transfers',
      body: { id: draw.uuid(), from: 'ana', to: 'bia', amount: 1 },
      key: null,
      flaw,
    },
  ]);
  const body = { price: 5 };
  const change = { resource: 'change', sku: 'tea', version: 1, body } as const;
  return [
    ...transfers,
    ['app', { ...deposit('ana', 5, draw.uuid()), flaw: 'forbidden' }],
    ['clerk', { ...change, key: draw.key(), flaw: 'precondition_required' }],
    ['clerk', { ...change, key: draw.key(), flaw: 'version_conflict' }],
    ['clerk', { ...change, key: 'short', flaw: 'invalid_id' }],
  ];
}
