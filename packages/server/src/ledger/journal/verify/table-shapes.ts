import type { DifferenceTable } from './difference.ts';
import type { Row } from './row-text.ts';

/** The tables that are written in the order of events and compared while the journal is folded. */
export type StreamedTable =
  | 'transfer'
  | 'transaction'
  | 'orders'
  | 'order_line'
  | 'outcome'
  | 'hold'
  | 'hold_leg'
  | 'hold_end'
  | 'reversal'
  | 'order_cancellation';

/** The tables whose rows move on; compared as they stand at the end. */
export type StandingTable =
  | 'account'
  | 'product'
  | 'hold_open'
  | 'lease'
  | 'cross_transaction'
  | 'consent';

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
    columns: ['id', 'seq', 'owner'],
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
  hold: {
    table: 'hold',
    columns: ['id', 'seq', 'at'],
    json: -1,
    order: [1],
    identity: [0],
    nameOf: ([id]) => id ?? '',
  },
  hold_leg: {
    table: 'hold_leg',
    columns: ['hold_seq', 'leg', 'from_account', 'to_account', 'amount', 'metadata'],
    json: 5,
    order: [0, 1],
    identity: [0, 1],
    nameOf: ([holdSeq, leg]) => `hold of event ${holdSeq}, transfer ${leg}`,
  },
  hold_end: {
    table: 'hold_end',
    columns: ['hold_seq', 'seq', 'state', 'expires_at', 'at'],
    json: -1,
    order: [1],
    identity: [0],
    nameOf: ([holdSeq]) => `hold of event ${holdSeq}`,
  },
  reversal: {
    table: 'reversal',
    columns: ['seq', 'leg', 'reverses', 'transfer', 'amount'],
    json: -1,
    order: [0, 1],
    identity: [3],
    nameOf: ([, , reverses, transfer]) => `${transfer} of ${reverses}`,
  },
  order_cancellation: {
    table: 'order_cancellation',
    columns: ['order_id', 'id', 'seq', 'at'],
    json: -1,
    order: [2],
    identity: [0],
    nameOf: ([order]) => order ?? '',
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
      'maximum_balance',
      'lease_token',
      'lease_until',
      'rebuilt',
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
  hold_open: {
    table: 'hold_open',
    columns: ['hold_seq', 'expires_at'],
    json: -1,
    identity: [0],
    nameOf: ([holdSeq]) => `hold of event ${holdSeq}`,
  },
  lease: {
    table: 'lease',
    columns: ['id', 'account', 'owner', 'ttl', 'ticket', 'wait_until', 'token', 'expires_at'],
    json: -1,
    identity: [4],
    nameOf: ([id]) => id ?? '',
  },
  cross_transaction: {
    table: 'cross_transaction',
    columns: [
      'id',
      'state',
      'hash',
      'body',
      'signature',
      'yes',
      'because',
      'rebuilt',
      'settled',
      'decided_at',
      'pending_order',
      'seq',
      'at',
      'decided_seq',
    ],
    json: -1,
    identity: [0],
    nameOf: ([id]) => id ?? '',
  },
  consent: {
    table: 'consent',
    columns: [
      'id',
      'account',
      'bank',
      'amount',
      'uses',
      'spent',
      'expires_at',
      'revoked_at',
      'seq',
      'at',
    ],
    json: -1,
    identity: [0],
    nameOf: ([id]) => id ?? '',
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
