import { readFileSync } from 'node:fs';

const NAMES = [
  'read-head',
  'lock-head',
  'advance-head',
  'write-moves',
  'insert-block',
  'insert-accounts',
  'update-accounts',
  'update-whole-accounts',
  'insert-transfers',
  'insert-transactions',
  'put-products',
  'insert-orders',
  'insert-order-lines',
  'insert-outcomes',
  'put-holds',
  'insert-hold-legs',
  'end-holds',
  'put-leases',
  'delete-leases',
  'insert-reversals',
  'insert-cancellations',
  'insert-cross-transactions',
  'update-cross-transactions',
  'settle-cross-transactions',
  'put-consents',
  'spend-nonces',
  'load-accounts',
  'load-products',
  'load-outcomes',
  'load-taken',
  'load-taken-transactions',
  'load-holds',
  'load-due-holds',
  'read-next-expiry',
  'load-leases',
  'load-correctables',
  'load-groups',
  'load-reversed',
  'load-orders',
  'load-cross-transactions',
  'load-consents',
  'load-nonces',
  'read-block-id',
  'read-block-hash',
] as const;

export type StatementName = (typeof NAMES)[number];

/** A statement of the hot path, prepared once a connection under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Finds a statement by its name. */
export type Statements = (name: StatementName) => Statement;

/** Reads `sql/`, one file a statement. Call once, when the program starts. */
export function readStatements(): Statements {
  const statements = new Map<StatementName, Statement>(
    NAMES.map((name) => {
      const text = readFileSync(new URL(`./sql/${name}.sql`, import.meta.url), 'utf8').trim();
      return [name, { name, text }];
    }),
  );
  return (name) => {
    const statement = statements.get(name);
    if (statement === undefined) throw new Error(`no statement ${name}`);
    return statement;
  };
}
