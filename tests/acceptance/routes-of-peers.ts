import type { IntegerMember, TextMember } from './body-members.ts';
import type { Route } from './every-route.ts';

const id = (...at: (string | number)[]): TextMember => ({ at, kind: 'id' });
const maybeId = (...at: (string | number)[]): TextMember => ({ at, kind: 'id', isOptional: true });

const peerLimit: readonly IntegerMember[] = ['exposure', 'inFlight'].map((name) => ({
  at: ['limits', 0, name],
  zero: 'allowed',
  negative: 'refused',
  aboveAmountMax: 'allowed',
  isOptional: true,
  isNullable: true,
}));

const inFlightMax: IntegerMember = {
  at: ['inFlightMax'],
  zero: 'refused',
  negative: 'refused',
  aboveAmountMax: 'contract',
  isOptional: true,
};

/** Every route below `/v1/peers`. */
export const ROUTES_OF_PEERS: readonly Route[] = [
  { method: 'GET', path: '/v1/peers', scope: 'admin' },
  {
    method: 'POST',
    path: '/v1/peers',
    scope: 'admin',
    body: {
      bank: 'beta',
      url: 'http://127.0.0.1:9',
      keys: ['11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'],
      limits: [{ asset: 'BRL/2', exposure: 5, inFlight: 5 }],
      inFlightMax: 5,
    },
    integers: [...peerLimit, inFlightMax],
    texts: [id('bank'), maybeId('url'), id('keys', 0), id('limits', 0, 'asset')],
  },
  { method: 'DELETE', path: '/v1/peers/beta', scope: 'admin' },
  {
    method: 'POST',
    path: '/v1/peers/beta/limits',
    scope: 'admin',
    body: { limits: [{ asset: 'BRL/2', exposure: 5, inFlight: 5 }], inFlightMax: 5 },
    integers: [...peerLimit, inFlightMax],
    texts: [id('limits', 0, 'asset')],
  },
  { method: 'GET', path: '/v1/peers/beta/position', scope: 'admin' },
  {
    method: 'POST',
    path: '/v1/peers/beta/settlements',
    scope: 'admin',
    body: {
      id: '01980000-0000-7000-8000-000000000001',
      asset: 'BRL/2',
      amount: 5,
      account: 'alice',
      peerAccount: 'bob',
    },
    // Judged by the consortium, in which the bank of these tests is not.
    integers: [{ at: ['amount'], zero: 'refused', negative: 'refused', aboveAmountMax: 'allowed' }],
    texts: [maybeId('id'), id('asset'), id('account'), id('peerAccount')],
  },
  {
    method: 'POST',
    path: '/v1/peers/rotate',
    scope: 'admin',
    body: { retire: true },
    bodyIsOptional: true,
  },
];
