import type { ProductAnswer } from '@lastro/contract';
import { soldAccount, stockAccount, type Envelope, type Fact } from '@lastro/core';
import { toJsonInteger } from '../http/wire.ts';
import type { Snapshot } from '../store/reads.ts';
import { readProduct } from './product-queries.ts';

/**
 * The product as a command about it left it, so that the command sent again later is answered the
 * same. Of a movement of goods that is its stock; name and price, which it does not touch, are
 * those of now.
 */
export async function presentProduct(
  reads: Snapshot,
  { command }: Envelope,
  fact: Fact,
  seq: number,
): Promise<ProductAnswer> {
  switch (fact.type) {
    case 'product.created': {
      const { sku, name, asset, merchant } = fact;
      const [price, stock] = [toJsonInteger(fact.price), toJsonInteger(fact.stock)];
      return { sku, name, price, asset, merchant, stock, reserved: 0, sold: 0, version: 1 };
    }
    case 'product.changed': {
      if (command.type !== 'ChangeProduct') throw new Error(`${command.type} changed a product`);
      const changed = { name: fact.name, price: toJsonInteger(fact.price) };
      const product = await readAsOf(reads, fact.sku, seq);
      return { ...product, ...changed, version: command.version + 1 };
    }
    case 'goods.received':
    case 'goods.adjusted':
      return readAsOf(reads, fact.sku, seq);
    case 'bank.opened':
    case 'account.opened':
    case 'account.changed':
    case 'account.frozen':
    case 'account.unfrozen':
    case 'account.closed':
    case 'account.reopened':
    case 'transfer.posted':
    case 'transfer.reversed':
    case 'transaction.posted':
    case 'transaction.reversed':
    case 'order.completed':
    case 'order.refused':
    case 'order.cancelled':
    case 'hold.placed':
    case 'hold.captured':
    case 'hold.released':
    case 'hold.expired':
    case 'hold.extended':
    case 'lease.requested':
    case 'lease.renewed':
    case 'lease.released':
    case 'lease.passed':
    case 'crossbank.prepared':
    case 'crossbank.committed':
    case 'crossbank.aborted':
    case 'crossbank.doubted':
    case 'crossbank.settled':
    case 'consent.granted':
    case 'consent.revoked':
    case 'peer.limited':
    case 'command.refused':
    case 'command.failed':
      throw new Error(`${fact.type} is not about a product`);
  }
}

const BALANCES = `
  select coalesce((
    select balance from (
      (select seq, leg, from_balance as balance from transfer
        where from_account = a.number and seq <= $2 order by seq desc, leg desc limit 1)
      union all
      (select seq, leg, to_balance from transfer
        where to_account = a.number and seq <= $2 order by seq desc, leg desc limit 1)
    ) entry order by seq desc, leg desc limit 1), 0) as balance
  from account a where a.id = $1`;

/** The product with its goods as of the event of number `seq`. */
async function readAsOf(reads: Snapshot, sku: string, seq: number): Promise<ProductAnswer> {
  const [product, stock, sold] = await Promise.all([
    readProduct(reads, sku),
    readBalance(reads, stockAccount(sku), seq),
    readBalance(reads, soldAccount(sku), seq),
  ]);
  if (product === undefined) throw new Error('a product is gone');
  return { ...product, stock, reserved: 0, sold };
}

async function readBalance(reads: Snapshot, account: string, seq: number): Promise<number> {
  const [row] = await reads.rows<{ balance: bigint }>(BALANCES, [account, seq]);
  if (row === undefined) throw new Error(`${account} is gone`);
  return toJsonInteger(row.balance);
}
