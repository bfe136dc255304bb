import type pg from 'pg';
import { readSql, type PostTransfer } from './rival.ts';

/** The strong form: one call of a PL/pgSQL function, which is one round trip and one transaction. */
export function createFunctionForm(pool: pg.Pool): PostTransfer {
  const call = { name: 'post-transfer', text: readSql('function-call') };
  return async ({ id, from, to, amount }) => {
    const { rows } = await pool.query<{ seq: string | null; at: Date | null }>({
      ...call,
      values: [id, from, to, amount],
    });
    const [row] = rows;
    if (row === undefined || row.seq === null || row.at === null) return { kind: 'refused' };
    return { kind: 'posted', seq: Number(row.seq), at: row.at };
  };
}
