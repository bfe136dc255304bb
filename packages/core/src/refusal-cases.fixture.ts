import { SAFE_MAX } from './bounds.ts';
import type { Command } from './command.ts';
import { NO_METADATA } from './metadata.ts';
import type { Refusal } from './refusal.ts';

type CommandType = Command['type'];
type CommandOf<Type extends CommandType> = Extract<Command, { type: Type }>;

/** One thing wrong with a command, and what it is refused with for that alone. */
export interface Fault<Type extends CommandType> {
  readonly change: Partial<CommandOf<Type>>;
  readonly refusal: Refusal;
}

/** A command that a furnished town accepts, and its faults: the earlier one is the answer. */
export interface Case<Type extends CommandType> {
  readonly accepted: CommandOf<Type>;
  readonly faults: readonly Fault<Type>[];
}

const metadata = NO_METADATA;
const tooSmall: Refusal = { code: 'amount_out_of_range' };
const tooLarge: Refusal = { code: 'amount_out_of_range' };
const taken: Refusal = { code: 'id_taken' };
const mismatch: Refusal = { code: 'asset_mismatch' };
const system = (account: string): Refusal => ({ code: 'system_account', account });
const noAccount = (account: string): Refusal => ({ code: 'account_not_found', account });
const noProduct = (sku: string): Refusal => ({ code: 'product_not_found', sku });
const frozen: Refusal = { code: 'account_frozen', account: 'frozen' };
const closed: Refusal = { code: 'account_closed', account: 'closed' };
const shut: Refusal = { code: 'account_closed', account: 'shut' };
const outOfRange = (account: string): Refusal => ({ code: 'balance_out_of_range', account });
const poor = (account: string): Refusal => ({ code: 'insufficient_funds', account });
const outOfStock = (sku: string): Refusal => ({ code: 'insufficient_stock', sku });
const request = { id: 'n', from: 'ana', to: 'bia', amount: 1n, metadata };
const line = (sku: string, quantity: bigint) => ({ sku, quantity });

/** For a town with `amountMax` 1 000. Each list is in the order in which the faults are found. */
export const REFUSAL_CASES: { readonly [Type in CommandType]: Case<Type> } = {
  OpenAccount: {
    accepted: { type: 'OpenAccount', account: 'new', asset: 'BRL/2', creditLimit: 0n, metadata },
    faults: [
      { change: { account: 'cash:EUR' }, refusal: system('cash:EUR') },
      { change: { account: 'peer:beta:BRL' }, refusal: system('peer:beta:BRL') },
      { change: { asset: 'sku:tea/0' }, refusal: { code: 'asset_not_allowed' } },
      { change: { asset: 'brl/2' }, refusal: { code: 'asset_not_allowed' } },
      { change: { asset: 'BRL/19' }, refusal: { code: 'asset_not_allowed' } },
      { change: { creditLimit: -1n }, refusal: tooSmall },
      { change: { creditLimit: SAFE_MAX + 1n }, refusal: tooLarge },
      { change: { account: 'ana' }, refusal: { code: 'account_exists', account: 'ana' } },
      { change: { asset: 'BRL/3' }, refusal: { code: 'asset_scale_conflict' } },
    ],
  },
  PostTransfer: {
    accepted: { type: 'PostTransfer', ...request },
    faults: [
      { change: { from: 'cash:BRL' }, refusal: system('cash:BRL') },
      { change: { from: 'ghost' }, refusal: noAccount('ghost') },
      { change: { to: 'stock:tea' }, refusal: system('stock:tea') },
      { change: { to: 'ghost' }, refusal: noAccount('ghost') },
      { change: { amount: 0n }, refusal: tooSmall },
      { change: { amount: -1n }, refusal: tooSmall },
      { change: { amount: 1_001n }, refusal: tooLarge },
      { change: { from: 'ana', to: 'ana' }, refusal: { code: 'same_account' } },
      { change: { to: 'usd' }, refusal: mismatch },
      { change: { from: 'frozen' }, refusal: frozen },
      { change: { from: 'closed' }, refusal: closed },
      { change: { from: 'ana', amount: 101n }, refusal: poor('ana') },
      { change: { to: 'shut' }, refusal: shut },
      { change: { to: 'full' }, refusal: outOfRange('full') },
      { change: { id: 'used-transfer' }, refusal: taken },
    ],
  },
  Deposit: {
    accepted: { type: 'Deposit', id: 'n', account: 'ana', amount: 1n, metadata },
    faults: [
      { change: { account: 'sold:tea' }, refusal: system('sold:tea') },
      { change: { account: 'ghost' }, refusal: noAccount('ghost') },
      { change: { account: 'orphan' }, refusal: { code: 'asset_unknown' } },
      { change: { amount: 0n }, refusal: tooSmall },
      { change: { amount: 1_001n }, refusal: tooLarge },
      { change: { account: 'closed' }, refusal: closed },
      { change: { account: 'full' }, refusal: outOfRange('full') },
      { change: { id: 'used-transfer' }, refusal: taken },
    ],
  },
  Withdraw: {
    accepted: { type: 'Withdraw', id: 'n', account: 'ana', amount: 1n, metadata },
    faults: [
      { change: { account: 'received:tea' }, refusal: system('received:tea') },
      { change: { account: 'ghost' }, refusal: noAccount('ghost') },
      { change: { account: 'orphan' }, refusal: { code: 'asset_unknown' } },
      { change: { amount: -1n }, refusal: tooSmall },
      { change: { amount: 1_001n }, refusal: tooLarge },
      { change: { account: 'frozen' }, refusal: frozen },
      { change: { account: 'closed' }, refusal: closed },
      { change: { account: 'ana', amount: 101n }, refusal: poor('ana') },
      { change: { id: 'used-transfer' }, refusal: taken },
    ],
  },
  PostTransaction: {
    accepted: { type: 'PostTransaction', id: 'n', transfers: [request] },
    faults: [
      { change: { transfers: [{ ...request, from: 'ghost' }] }, refusal: noAccount('ghost') },
      { change: { transfers: [{ ...request, amount: 0n }] }, refusal: tooSmall },
      { change: { transfers: [{ ...request, from: 'bia', to: 'ana' }] }, refusal: poor('bia') },
      { change: { id: 'used-transaction' }, refusal: taken },
      { change: { transfers: [{ ...request, id: 'used-transfer' }] }, refusal: taken },
    ],
  },
  CreateProduct: {
    accepted: {
      type: 'CreateProduct',
      sku: 'new',
      name: 'New',
      price: 1n,
      asset: 'BRL/2',
      merchant: 'shop',
      stock: 1n,
      transferId: 'n',
    },
    faults: [
      { change: { asset: 'sku:tea/0' }, refusal: { code: 'asset_not_allowed' } },
      { change: { price: -1n }, refusal: tooSmall },
      { change: { price: 1_001n }, refusal: tooLarge },
      { change: { stock: -1n }, refusal: tooSmall },
      { change: { stock: 1_001n }, refusal: tooLarge },
      { change: { sku: 'tea' }, refusal: { code: 'product_exists', sku: 'tea' } },
      { change: { asset: 'EUR/2' }, refusal: { code: 'asset_unknown' } },
      { change: { asset: 'BRL/3' }, refusal: { code: 'asset_scale_conflict' } },
      { change: { merchant: 'cash:BRL' }, refusal: system('cash:BRL') },
      { change: { merchant: 'ghost' }, refusal: noAccount('ghost') },
      { change: { merchant: 'usd' }, refusal: mismatch },
      { change: { transferId: 'used-transfer' }, refusal: taken },
    ],
  },
  ChangeProduct: {
    accepted: { type: 'ChangeProduct', sku: 'tea', version: 1, name: 'Tea', price: 4n },
    faults: [
      { change: { sku: 'ghost' }, refusal: noProduct('ghost') },
      { change: { version: 2 }, refusal: { code: 'version_conflict' } },
      { change: { price: -1n }, refusal: tooSmall },
      { change: { price: 1_001n }, refusal: tooLarge },
    ],
  },
  ReceiveGoods: {
    accepted: { type: 'ReceiveGoods', sku: 'tea', quantity: 1n, transferId: 'n' },
    faults: [
      { change: { quantity: 0n }, refusal: tooSmall },
      { change: { quantity: -1n }, refusal: tooSmall },
      { change: { quantity: 1_001n }, refusal: tooLarge },
      { change: { sku: 'ghost' }, refusal: noProduct('ghost') },
      { change: { sku: 'flood' }, refusal: outOfRange('received:flood') },
      { change: { transferId: 'used-transfer' }, refusal: taken },
    ],
  },
  AdjustGoods: {
    accepted: { type: 'AdjustGoods', sku: 'tea', quantity: -1n, reason: 'broken', transferId: 'n' },
    faults: [
      { change: { quantity: 0n }, refusal: tooSmall },
      { change: { quantity: 1_001n }, refusal: tooLarge },
      { change: { quantity: -1_001n }, refusal: tooLarge },
      { change: { sku: 'ghost' }, refusal: noProduct('ghost') },
      { change: { sku: 'tea', quantity: -11n }, refusal: outOfStock('tea') },
      { change: { sku: 'flood', quantity: 1n }, refusal: outOfRange('received:flood') },
      { change: { transferId: 'used-transfer' }, refusal: taken },
    ],
  },
  PlaceOrder: {
    accepted: {
      type: 'PlaceOrder',
      id: 'n',
      customer: 'ana',
      merchant: 'shop',
      lines: [line('pen', 1n)],
      expectedTotal: null,
      transferIds: ['n1', 'n2'],
    },
    faults: [
      { change: { id: 'used-transaction' }, refusal: taken },
      { change: { customer: 'cash:BRL' }, refusal: system('cash:BRL') },
      { change: { customer: 'ghost' }, refusal: noAccount('ghost') },
      { change: { merchant: 'stock:pen' }, refusal: system('stock:pen') },
      { change: { merchant: 'ghost' }, refusal: noAccount('ghost') },
      { change: { customer: 'ana', merchant: 'ana' }, refusal: { code: 'same_account' } },
      { change: { merchant: 'usd' }, refusal: mismatch },
      { change: { lines: [line('pen', 0n)] }, refusal: tooSmall },
      { change: { lines: [line('pen', 1_001n)] }, refusal: tooLarge },
      { change: { lines: [line('ghost', 1n)] }, refusal: noProduct('ghost') },
      {
        change: { merchant: 'mill', lines: [line('tea', 1n)] },
        refusal: { code: 'merchant_mismatch', sku: 'tea' },
      },
      { change: { lines: [line('import', 1n)] }, refusal: mismatch },
      { change: { lines: [line('pen', 501n)] }, refusal: tooLarge },
      { change: { expectedTotal: 1n }, refusal: { code: 'price_changed' } },
      { change: { lines: [line('pen', 11n)] }, refusal: outOfStock('pen') },
      { change: { customer: 'frozen' }, refusal: frozen },
      { change: { customer: 'closed' }, refusal: closed },
      { change: { customer: 'poor' }, refusal: poor('poor') },
      { change: { merchant: 'shut' }, refusal: shut },
      { change: { merchant: 'full' }, refusal: outOfRange('full') },
      { change: { transferIds: ['n1', 'used-transfer'] }, refusal: taken },
    ],
  },
};
