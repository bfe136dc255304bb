import { refusalDetails, type Order, type OrderLine } from '@lastro/core';
import { booleanArray, bytesArray, numberArray, textArray, timeArray } from './array-literal.ts';
import type { BlockRows, StoredAccount } from './row-types.ts';
import { metadataText, type Add, type BoundStatement } from './bound-statement.ts';
import { addConsortium } from './write-consortium-parameters.ts';
import { addDepth } from './write-depth-parameters.ts';

/** The statements that write a block, in their order: head first, which orders everything else. */
export function blockStatements(rows: BlockRows): readonly BoundStatement[] {
  const at = new Date(rows.at).toISOString();
  if (isMovesAlone(rows)) return [{ name: 'write-moves', values: movesValues(rows, at) }];
  const statements: BoundStatement[] = [
    {
      name: 'advance-head',
      values: [rows.block - 1, rows.lastSeq, hexBytes(rows.hash), at, rows.accounts],
    },
    { name: 'insert-block', values: blockValues(rows, at) },
  ];
  const add: Add = (name, count, values) => {
    if (count > 0) statements.push({ name, values: values() });
  };
  add('insert-accounts', rows.openedAccounts.length, () => openedValues(rows.openedAccounts, at));
  add('update-accounts', rows.changedAccounts.length, () => sumValues(rows.changedAccounts));
  add('update-whole-accounts', rows.reformedAccounts.length, () =>
    wholeValues(rows.reformedAccounts),
  );
  add('put-products', rows.products.length, () => productValues(rows));
  add('insert-transfers', rows.transfers.length, () => [...transferValues(rows), at]);
  add('insert-transactions', rows.transactions.length, () => [
    textArray(rows.transactions.map(({ id }) => id)),
    numberArray(rows.transactions.map(({ seq }) => seq)),
    textArray(rows.transactions.map(({ owner }) => owner)),
  ]);
  add('insert-orders', rows.orders.length, () => orderValues(rows.orders, at));
  add('insert-order-lines', rows.orders.length, () => orderLineValues(rows.orders));
  addDepth(add, rows, at);
  addConsortium(add, rows, at);
  add('insert-outcomes', rows.outcomes.length, () => outcomeValues(rows));
  return statements;
}

/** Whether the block changes nothing but sums of accounts: by far the most do. */
function isMovesAlone(rows: BlockRows): boolean {
  const { placed, ended, open } = rows.holds;
  const others = [
    rows.openedAccounts,
    rows.reformedAccounts,
    rows.products,
    rows.transactions,
    rows.orders,
    placed,
    ended,
    open,
    rows.leases.open,
    rows.leases.gone,
    rows.reversals,
    rows.cancellations,
    rows.consortium.begun,
    rows.consortium.moved,
    rows.consortium.settled,
    rows.consortium.consents,
    rows.consortium.nonces,
  ];
  return others.every(({ length }) => length === 0);
}

/** One call for the whole block; see `migrations/0006-write-moves.sql`. */
function movesValues(rows: BlockRows, at: string): BoundStatement['values'] {
  return [
    ...blockValues(rows, at),
    rows.accounts,
    ...sumValues(rows.changedAccounts),
    ...transferValues(rows),
    ...outcomeValues(rows),
  ];
}

function blockValues(rows: BlockRows, at: string): BoundStatement['values'] {
  return [
    rows.block,
    rows.id,
    rows.firstSeq,
    rows.lastSeq,
    hexBytes(rows.previous),
    hexBytes(rows.hash),
    at,
    rows.body,
  ];
}

function hexBytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

function openedValues(opened: readonly StoredAccount[], at: string): BoundStatement['values'] {
  const accounts = opened.map(({ account }) => account);
  return [
    numberArray(opened.map(({ number }) => number)),
    textArray(accounts.map(({ id }) => id)),
    textArray(accounts.map(({ asset }) => asset)),
    numberArray(accounts.map(({ debitsPosted }) => debitsPosted)),
    numberArray(accounts.map(({ creditsPosted }) => creditsPosted)),
    numberArray(accounts.map(({ debitsPending }) => debitsPending)),
    numberArray(accounts.map(({ creditsPending }) => creditsPending)),
    numberArray(accounts.map(({ creditLimit }) => creditLimit)),
    textArray(accounts.map(({ status }) => status)),
    numberArray(accounts.map(({ version }) => version)),
    at,
    textArray(accounts.map(({ metadata }) => metadataText(metadata))),
    numberArray(accounts.map(({ maximumBalance }) => maximumBalance)),
    numberArray(accounts.map(({ leaseToken }) => leaseToken)),
    timeArray(accounts.map(({ leaseUntil }) => leaseUntil)),
    booleanArray(accounts.map(({ isRebuilt }) => isRebuilt)),
  ];
}

function sumValues(changed: readonly StoredAccount[]): BoundStatement['values'] {
  return [
    numberArray(changed.map(({ number }) => number)),
    numberArray(changed.map(({ account }) => account.debitsPosted)),
    numberArray(changed.map(({ account }) => account.creditsPosted)),
    numberArray(changed.map(({ account }) => account.debitsPending)),
    numberArray(changed.map(({ account }) => account.creditsPending)),
    numberArray(changed.map(({ account }) => account.version)),
  ];
}

function wholeValues(reformed: readonly StoredAccount[]): BoundStatement['values'] {
  const accounts = reformed.map(({ account }) => account);
  return [
    ...sumValues(reformed),
    numberArray(accounts.map(({ creditLimit }) => creditLimit)),
    numberArray(accounts.map(({ maximumBalance }) => maximumBalance)),
    textArray(accounts.map(({ status }) => status)),
    numberArray(accounts.map(({ leaseToken }) => leaseToken)),
    timeArray(accounts.map(({ leaseUntil }) => leaseUntil)),
    booleanArray(accounts.map(({ isRebuilt }) => isRebuilt)),
  ];
}

function productValues({ products }: BlockRows): BoundStatement['values'] {
  return [
    textArray(products.map(({ sku }) => sku)),
    textArray(products.map(({ name }) => name)),
    numberArray(products.map(({ price }) => price)),
    textArray(products.map(({ asset }) => asset)),
    textArray(products.map(({ merchant }) => merchant)),
    numberArray(products.map(({ version }) => version)),
    textArray(products.map(({ createdAt }) => new Date(createdAt).toISOString())),
  ];
}

function transferValues({ transfers }: BlockRows): BoundStatement['values'] {
  return [
    textArray(transfers.map(({ transfer }) => transfer.id)),
    numberArray(transfers.map(({ transfer }) => transfer.seq)),
    numberArray(transfers.map(({ transfer }) => transfer.leg)),
    numberArray(transfers.map(({ fromNumber }) => fromNumber)),
    numberArray(transfers.map(({ toNumber }) => toNumber)),
    numberArray(transfers.map(({ transfer }) => transfer.amount)),
    numberArray(transfers.map(({ transfer }) => transfer.fromBalance)),
    numberArray(transfers.map(({ transfer }) => transfer.toBalance)),
    textArray(transfers.map(({ transfer }) => transfer.transaction)),
    textArray(transfers.map(({ transfer }) => metadataText(transfer.metadata))),
  ];
}

function orderValues(orders: readonly Order[], at: string): BoundStatement['values'] {
  const details = orders.map((order) =>
    order.status === 'refused' ? JSON.stringify(refusalDetails(order.refusal)) : null,
  );
  return [
    textArray(orders.map(({ id }) => id)),
    numberArray(orders.map(({ seq }) => seq)),
    textArray(orders.map(({ status }) => status)),
    textArray(orders.map(({ customer }) => customer)),
    textArray(orders.map(({ merchant }) => merchant)),
    textArray(orders.map((order) => (order.status === 'completed' ? order.asset : null))),
    numberArray(orders.map((order) => (order.status === 'completed' ? order.total : null))),
    textArray(orders.map((order) => (order.status === 'refused' ? order.refusal.code : null))),
    textArray(details),
    at,
  ];
}

interface LineRow {
  readonly orderSeq: number;
  readonly line: number;
  readonly sku: string;
  readonly quantity: bigint;
  readonly decided: OrderLine | null;
}

function orderLineValues(orders: readonly Order[]): BoundStatement['values'] {
  const rows = orders.flatMap((order): LineRow[] =>
    order.status === 'completed'
      ? order.lines.map((decided, line) => ({ ...keyOf(order, line), ...decided, decided }))
      : order.lines.map((asked, line) => ({ ...keyOf(order, line), ...asked, decided: null })),
  );
  return [
    numberArray(rows.map(({ orderSeq }) => orderSeq)),
    numberArray(rows.map(({ line }) => line)),
    textArray(rows.map(({ sku }) => sku)),
    textArray(rows.map(({ decided }) => decided?.name ?? null)),
    numberArray(rows.map(({ decided }) => decided?.unitPrice ?? null)),
    numberArray(rows.map(({ quantity }) => quantity)),
    numberArray(rows.map(({ decided }) => decided?.total ?? null)),
  ];
}

function keyOf(order: Order, line: number): { orderSeq: number; line: number } {
  return { orderSeq: order.seq, line };
}

function outcomeValues({ outcomes }: BlockRows): BoundStatement['values'] {
  return [
    textArray(outcomes.map(({ principal }) => principal)),
    textArray(outcomes.map(({ id }) => id)),
    bytesArray(outcomes.map(({ hash }) => hash)),
    numberArray(outcomes.map(({ seq }) => seq)),
    textArray(outcomes.map(({ code }) => code)),
  ];
}
