import type pg from 'pg';
import { readSql, type PostTransfer, type RivalOutcome, type RivalTransfer } from './rival.ts';

interface AccountRow {
  readonly number: string;
  readonly id: string;
  readonly asset: string;
  readonly balance: string;
}

/**
 * What most applications do, one statement after the other on one connection: begin, lock both
 * accounts in the order of their ids, check, two updates, one insert, commit. Every statement is
 * prepared once for each connection.
 */
export function createRowLockForm(pool: pg.Pool): PostTransfer {
  const statement = (name: string) => ({ name, text: readSql(name) });
  const lock = statement('row-lock-accounts');
  const debit = statement('row-lock-debit');
  const credit = statement('row-lock-credit');
  const insert = statement('row-lock-transfer');

  const run = async (client: pg.PoolClient, transfer: RivalTransfer): Promise<RivalOutcome> => {
    const { id, from, to, amount } = transfer;
    await client.query('begin');
    const { rows } = await client.query<AccountRow>({ ...lock, values: [[from, to]] });
    const payer = rows.find((row) => row.id === from);
    const payee = rows.find((row) => row.id === to);
    const isPossible =
      payer !== undefined &&
      payee !== undefined &&
      payer.asset === payee.asset &&
      BigInt(payer.balance) >= BigInt(amount);
    if (!isPossible) {
      await client.query('rollback');
      return { kind: 'refused' };
    }
    await client.query({ ...debit, values: [payer.number, amount] });
    await client.query({ ...credit, values: [payee.number, amount] });
    const values = [id, payer.number, payee.number, amount];
    const inserted = await client.query<{ seq: string; at: Date }>({ ...insert, values });
    await client.query('commit');
    const [row] = inserted.rows;
    if (row === undefined) throw new Error('an insert without a row');
    return { kind: 'posted', seq: Number(row.seq), at: row.at };
  };

  return async (transfer) => {
    const client = await pool.connect();
    let fault: Error | undefined;
    try {
      return await run(client, transfer);
    } catch (error) {
      fault = error instanceof Error ? error : new Error(String(error));
      throw fault;
    } finally {
      client.release(fault);
    }
  };
}
