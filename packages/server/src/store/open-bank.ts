import { createHash, randomUUID } from 'node:crypto';
import { encodeBlock, type Event } from '@lastro/core';
import type pg from 'pg';
import { crashPoint } from './crash-point.ts';
import { StoreError } from './store-error.ts';

const NO_PREVIOUS = '0'.repeat(64);

/** The format of the journal that this program writes. */
const JOURNAL_VERSION = 1;

/**
 * Writes block 0, which holds the bank's id and the version of the journal, into an empty database;
 * refuses a database that belongs to another bank.
 */
export async function openBank(client: pg.Client, bank: string, at: number): Promise<void> {
  await client.query('begin');
  try {
    await client.query('lock table head in exclusive mode');
    const { rows } = await client.query<{ bank: string }>('select bank from head');
    const found = rows[0]?.bank;
    if (found === undefined) await writeFirstBlock(client, bank, at);
    else if (found !== bank) {
      throw new StoreError(
        'other_bank',
        `This database belongs to the bank "${found}", not to "${bank}": give each bank its own database.`,
      );
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

async function writeFirstBlock(client: pg.Client, bank: string, at: number): Promise<void> {
  const fact = { type: 'bank.opened', bank, version: JOURNAL_VERSION } as const;
  const event: Event = { seq: 0, command: null, fact };
  const id = randomUUID();
  const header = { block: 0, id, previous: NO_PREVIOUS, at, firstSeq: 0, lastSeq: 0 };
  const body = Buffer.from(encodeBlock(header, [event]), 'utf8');
  const hash = createHash('sha256').update(body).digest();
  const time = new Date(at).toISOString();
  await client.query(
    `insert into block (block, id, first_seq, last_seq, previous, hash, at, body)
     values (0, $1, 0, 0, $2, $3, $4, $5)`,
    [id, Buffer.from(NO_PREVIOUS, 'hex'), hash, time, body],
  );
  crashPoint('within-first-block');
  await client.query(
    'insert into head (block, seq, hash, at, accounts, bank) values (0, 0, $1, $2, 0, $3)',
    [hash, time, bank],
  );
}
