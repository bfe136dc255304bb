import type { DifferenceTable } from './difference.ts';
import type { Row } from './row-text.ts';

/** The tables that are written in the order of events and compared while the journal is folded. */
export type StreamedTable = 'transfer' | 'transaction' | 'orders' | 'order_line' | 'outcome';

/** The tables whose rows move on; compared as they stand at the end. */
export type StandingTable = 'account' | 'product';

/** What the verifier must know about a table. Its columns are all that it has. */
export interface TableShape {
  readonly table: DifferenceTable;
  readonly columns: readonly string[];
  /** The column that is compared as JSON and not as text; -1: none. */
  readonly json: number;
  /** The row's public id. */
  readonly nameOf: (row: Row) => string;
}

export interface StreamedShape extends TableShape {
  readonly table: StreamedTable;
  /** Columns that give a row its one place; all numbers, the event's first. */
  readonly order: readonly number[];
  /** Columns by which a row is found again that stands at another place. */
  readonly identity: readonly number[];
}

export interface StandingShape extends TableShape {
  readonly table: StandingTable;
  readonly identity: readonly number[];
}

export const STREAMED: { readonly [Table in StreamedTable]: StreamedShape } = {
  transfer: {
    table: 'transfer',
    columns: [
      'id',
      'seq',
      'leg',
      'from_account',
      'to_account',
      'amount',
      'from_balance',
      'to_balance',
      'transaction',
      'at',
      'metadata',
    ],
    json: 10,
    order: [1, 2],
    identity: [0],
    nameOf: ([id]) => id ?? '',
  },
  transaction: {
    table: 'transaction',
    columns: ['id', 'seq'],
    json: -1,
    order: [1],
    identity: [0],
    nameOf: ([id]) => id ?? '',
  },
  orders: {
    table: 'orders',
    columns: [
      'id',
      'seq',
      'status',
      'customer',
      'merchant',
      'asset',
      'total',
      'code',
      'details',
      'at',
    ],
    json: 8,
    order: [1],
    identity: [0],
    nameOf: ([id]) => id ?? '',
  },
  order_line: {
    table: 'order_line',
    columns: ['order_seq', 'line', 'sku', 'name', 'unit_price', 'quantity', 'total'],
    json: -1,
    order: [0, 1],
    identity: [0, 1],
    nameOf: ([orderSeq, line, sku]) => `order of event ${orderSeq}, line ${line} (${sku})`,
  },
  outcome: {
    table: 'outcome',
    columns: ['principal', 'id', 'hash', 'seq', 'code'],
    json: -1,
    order: [3],
    identity: [0, 1],
    nameOf: ([principal, id]) => `${principal} ${id}`,
  },
};

export const STANDING: { readonly [Table in StandingTable]: StandingShape } = {
  account: {
    table: 'account',
    columns: [
      'number',
      'id',
      'asset',
      'debits_posted',
      'credits_posted',
      'debits_pending',
      'credits_pending',
      'credit_limit',
      'status',
      'version',
      'created_at',
      'metadata',
    ],
    json: 11,
    identity: [1],
    nameOf: ([, id]) => id ?? '',
  },
  product: {
    table: 'product',
    columns: ['sku', 'name', 'price', 'asset', 'merchant', 'version', 'created_at'],
    json: -1,
    identity: [0],
    nameOf: ([sku]) => sku ?? '',
  },
};

export const BLOCK_COLUMNS = [
  'block',
  'id',
  'first_seq',
  'last_seq',
  'previous',
  'hash',
  'at',
  'body',
] as const;

export const HEAD_COLUMNS = [
  'singleton',
  'block',
  'seq',
  'hash',
  'at',
  'accounts',
  'bank',
] as const;
