import { describe, expect, test } from 'vitest';
import { apply } from './apply.ts';
import { orderTransfers } from './order-transfers.ts';
import type { Fact, OrderCompleted } from './event.ts';
import { NO_METADATA } from './metadata.ts';
import { REFUSAL_CASES } from './refusal-cases.fixture.ts';
import { createFurnishedTown } from './furnished-town.fixture.ts';
import { accountOf, BLOCK_TIME, createTown } from './town.fixture.ts';

const { accepted: opening } = REFUSAL_CASES.OpenAccount;
const transfer = { id: 'n', from: 'ana', to: 'bia', amount: 1n, asset: 'BRL/2' };
const posted: Fact = { type: 'transfer.posted', transfer: { ...transfer, metadata: NO_METADATA } };

test('the first account of an asset opens its cash account, the second finds it', () => {
  const town = createTown();
  town.tell(opening);
  expect(accountOf(town, 'cash:BRL')).toMatchObject({ asset: 'BRL/2', creditLimit: null });
  town.tell({ type: 'Deposit', id: 'd', account: 'new', amount: 5n, metadata: NO_METADATA });
  town.tell({ ...opening, account: 'second' });
  expect(accountOf(town, 'cash:BRL')).toMatchObject({ debitsPosted: 5n, createdAt: BLOCK_TIME });
});

test('an account is as it was asked for, at block time, and a transfer raises its version', () => {
  const town = createTown();
  town.tell({ ...opening, creditLimit: 7n, maximumBalance: 9n, metadata: { note: 'x' } });
  expect(accountOf(town, 'new')).toEqual({
    id: 'new',
    asset: 'BRL/2',
    debitsPosted: 0n,
    creditsPosted: 0n,
    debitsPending: 0n,
    creditsPending: 0n,
    creditLimit: 7n,
    maximumBalance: 9n,
    status: 'open',
    leaseToken: null,
    leaseUntil: null,
    isRebuilt: false,
    version: 1,
    createdAt: BLOCK_TIME,
    metadata: { note: 'x' },
  });
  town.tell({ type: 'Withdraw', id: 'd', account: 'new', amount: 5n, metadata: NO_METADATA });
  expect(accountOf(town, 'new')).toMatchObject({ debitsPosted: 5n, version: 2 });
  expect(accountOf(town, 'cash:BRL')).toMatchObject({ creditsPosted: 5n, version: 2 });
});

test('a transfer keeps both balances after it, its event and its time', () => {
  const town = createFurnishedTown();
  apply(town.ledger, { seq: 99, command: null, fact: posted }, 1234);
  expect(town.ledger.transfers.get('n')).toEqual({
    ...transfer,
    metadata: NO_METADATA,
    seq: 99,
    leg: 0,
    transaction: null,
    at: 1234,
    fromBalance: 99n,
    toBalance: 1n,
  });
});

test('what the bank does by itself has no outcome', () => {
  const town = createFurnishedTown();
  const { size } = town.ledger.outcomes;
  apply(town.ledger, { seq: 99, command: null, fact: posted }, 1234);
  expect(town.ledger.outcomes.size).toBe(size);
});

const LEFT = {
  status: 'frozen',
  balance: 0n,
  held: 0n,
  creditLimit: 0n,
  maximumBalance: null,
  leasedUntil: null,
  version: 999,
} as const;

describe('an event that can’t follow what stands throws', () => {
  const { accepted: product } = REFUSAL_CASES.CreateProduct;
  const withTransfer = (more: object): Fact => ({
    type: 'transfer.posted',
    transfer: { ...transfer, metadata: NO_METADATA, ...more },
  });
  const taken = { ...transfer, id: 'used-transfer', metadata: NO_METADATA };
  const order: OrderCompleted = {
    type: 'order.completed',
    id: 'n',
    customer: 'ana',
    merchant: 'shop',
    asset: 'BRL/2',
    lines: [{ sku: 'pen', name: 'pen', unitPrice: 2n, quantity: 1n, total: 2n }],
    total: 2n,
    transferIds: ['n1'],
  };

  test.each<[string, string, Fact]>([
    ['opens an account again', 'stands', { ...opening, type: 'account.opened', account: 'ana' }],
    ['creates a product again', 'again', { ...product, type: 'product.created', sku: 'tea' }],
    [
      'changes an unknown product',
      'unknown product',
      { type: 'product.changed', sku: 'ghost', name: 'x', price: 0n },
    ],
    ['debits an unknown account', 'unknown accounts', withTransfer({ from: 'ghost' })],
    ['credits an unknown account', 'unknown accounts', withTransfer({ to: 'ghost' })],
    ['moves nothing', 'conservation', withTransfer({ amount: 0n })],
    ['moves backwards', 'conservation', withTransfer({ amount: -1n })],
    ['moves from an account to itself', 'conservation', withTransfer({ to: 'ana' })],
    ['moves into another asset', 'conservation', withTransfer({ to: 'usd' })],
    ['moves out of another asset', 'conservation', withTransfer({ from: 'usd' })],
    ['gives a transfer a taken id', 'stands already', withTransfer({ id: 'used-transfer' })],
    [
      'gives a transaction a taken id',
      'stands already',
      { type: 'transaction.posted', id: 'used-transaction', transfers: [] },
    ],
    [
      'reverses by a taken id',
      'stands already',
      { type: 'transfer.reversed', reverses: 'paid', transfer: taken },
    ],
    [
      'reverses a transaction under a taken id',
      'stands already',
      { type: 'transaction.reversed', reverses: 'pair', id: 'bought', legs: [] },
    ],
    [
      'cancels an order again',
      'stands already',
      { type: 'order.cancelled', order: 'cancelled', id: 'n', transfers: [] },
    ],
    [
      'cancels under a taken id',
      'stands already',
      { type: 'order.cancelled', order: 'bought', id: 'held', transfers: [] },
    ],
    [
      'freezes an unknown account',
      'unknown account',
      { type: 'account.frozen', account: 'ghost', reason: null, left: LEFT },
    ],
    [
      'limits an unknown account',
      'unknown account',
      { type: 'account.changed', account: 'ghost', left: LEFT },
    ],
    [
      'says that it left an account otherwise',
      'left ana otherwise',
      { type: 'account.frozen', account: 'ana', reason: null, left: LEFT },
    ],
    ['has too few transfer ids', 'too few transfer ids', order],
  ])('%s', (_, message, fact) => {
    const { ledger } = createFurnishedTown();
    expect(() => apply(ledger, { seq: 99, command: null, fact }, 0)).toThrow(message);
  });

  test('settles a command twice', () => {
    const { ledger } = createFurnishedTown();
    const command = { principal: 'p', id: 'c', hash: '' };
    const fact: Fact = { type: 'command.failed' };
    apply(ledger, { seq: 98, command, fact }, 0);
    expect(() => apply(ledger, { seq: 99, command, fact }, 0)).toThrow('p c stands already');
  });

  test('the transfers of an order have its ids, the money’s first', () => {
    const whole = { ...order, transferIds: ['m', 'g'] };
    expect(orderTransfers(whole).map(({ id, amount }) => [id, amount])).toEqual([
      ['m', 2n],
      ['g', 1n],
    ]);
    expect(orderTransfers({ ...whole, total: 0n }).map(({ id }) => id)).toEqual(['g']);
  });
});
