import pg from 'pg';
import { connectionConfig } from '../../../store/connection.ts';
import { consentRow, crossBankRow } from './consortium-rows.ts';
import type { JournalFileWriter } from './journal-file-writer.ts';
import type { StoredBlock } from './block-chain.ts';
import { timeText, type Row } from './row-text.ts';
import { compareStanding, type StandingRows } from './standing-comparison.ts';
import { accountRow, productRow, type Standing } from './folding-ledger.ts';
import { judgeCorrections } from './correction-rules.ts';
import { compareHead, readHeadRows, type HeadRow } from './head-comparison.ts';
import { JournalVerifier, type Evidence, type FoldedBlock } from './journal-verifier.ts';
import { AS_TEXT, RowCursor } from './row-cursor.ts';
import { readStoredCheckpoints } from './stored-checkpoints.ts';
import { StreamedComparison } from './streamed-comparison.ts';
import {
  BLOCK_COLUMNS,
  STANDING,
  STREAMED,
  type StandingShape,
  type StreamedTable,
} from './table-shapes.ts';
import type { VerifyProgress, VerifyReport } from './verify-report.ts';

export interface VerifyDatabaseOptions extends Evidence {
  readonly url: string;
  /** Takes every block as it is read; put in place by the caller when the journal is sound. */
  readonly exportTo?: JournalFileWriter;
  readonly onProgress?: (progress: VerifyProgress) => void;
}

/** One snapshot for as long as it takes; nothing may end it but the caller. */
const LIMITS = { statementTimeoutMs: 0, lockTimeoutMs: 5_000, idleInTransactionTimeoutMs: 0 };

/**
 * Folds a bank's journal from block 0 and compares every table with what comes of it, in one
 * snapshot while the bank goes on writing. Rejects with the error of `pg` when it can't be read.
 */
export async function verifyDatabase(options: VerifyDatabaseOptions): Promise<VerifyReport> {
  const client = new pg.Client(connectionConfig({ url: options.url, role: null }, LIMITS));
  // A connection that breaks also rejects the query under way.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    return await verifySnapshot(client, options);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** As `verifyDatabase`, within the transaction that the client has open. */
export async function verifySnapshot(
  client: pg.Client,
  options: Omit<VerifyDatabaseOptions, 'url'>,
): Promise<VerifyReport> {
  // Plans for the whole result, sorts that stay in memory where they can, one way to write times.
  await client.query(
    `set local cursor_tuple_fraction = 1; set local work_mem = '64MB'; set local jit = off;
     set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'; set local bytea_output = 'hex'`,
  );
  const verifier = new JournalVerifier(options);
  const heads = await readHeadRows(client);
  const [head] = heads;
  for await (const checkpoint of readStoredCheckpoints(client)) verifier.addCheckpoint(checkpoint);
  const comparisons = await openComparisons(client, verifier);
  const read = await readBlocks(client, options, head, verifier, async ({ block, additions }) => {
    const { block: number, firstSeq, lastSeq } = block.header;
    for (const [table, comparison] of comparisons) {
      await comparison.compare(additions[table], { block: number, firstSeq, lastSeq });
    }
  });
  await compareBlockCount(client, read, verifier);
  compareHead(heads, verifier);
  for (const comparison of comparisons.values()) {
    if (verifier.isWhole) await comparison.finish();
    else comparison.settle();
  }
  if (verifier.isWhole) {
    await judgeCorrections(client, verifier);
    await compareStandings(client, verifier);
  }
  return verifier.finish();
}

async function openComparisons(
  client: pg.Client,
  { differences }: JournalVerifier,
): Promise<Map<StreamedTable, StreamedComparison>> {
  const comparisons = new Map<StreamedTable, StreamedComparison>();
  for (const shape of Object.values(STREAMED)) {
    comparisons.set(shape.table, await StreamedComparison.open(client, shape, differences));
  }
  return comparisons;
}

/** About so many bytes of blocks are taken at once. */
const BATCH_BYTES = 2 * 1024 * 1024;
const BATCH_BLOCKS_MAX = 2_000;

/** Reads every block in its order; how many there were. */
async function readBlocks(
  client: pg.Client,
  { exportTo, onProgress }: Omit<VerifyDatabaseOptions, 'url'>,
  head: HeadRow | undefined,
  verifier: JournalVerifier,
  onFolded: (folded: FoldedBlock) => Promise<void>,
): Promise<number> {
  let count = 0;
  let bytes = 0;
  const blocksAtOnce = () => {
    const average = Math.max(1, bytes / Math.max(1, count));
    const fitting = count === 0 ? 16 : Math.floor(BATCH_BYTES / average);
    return Math.min(BATCH_BLOCKS_MAX, Math.max(1, fitting));
  };
  const query = `select ${BLOCK_COLUMNS.join(', ')} from block order by block`;
  const cursor = await RowCursor.open(client, 'rows_of_block', query, blocksAtOnce);
  const next = async (): Promise<StoredBlock | undefined> => {
    await cursor.fill();
    const row = cursor.peek();
    cursor.skip();
    return row === undefined ? undefined : storedBlock(row);
  };
  const blocksTotal = head === undefined ? null : Number(head.block) + 1;
  let ahead = await next();
  while (ahead !== undefined) {
    const stored: StoredBlock = ahead;
    ahead = await next();
    count += 1;
    bytes += stored.body.length;
    const folded = verifier.take(stored, ahead?.columns.previous ?? head?.hash);
    await exportTo?.write(stored.columns.block, stored.columns.hash, stored.body);
    if (folded !== undefined) await onFolded(folded);
    onProgress?.({ ...verifier.progress, blocksTotal });
  }
  return count;
}

function storedBlock(row: readonly (string | null)[]): StoredBlock {
  const [block, id, first_seq, last_seq, previous, hash, at, body] = row.map((text) => text ?? '');
  if (block === undefined || hash === undefined) throw new Error('a block row has no columns');
  return {
    body: Buffer.from(body ?? '', 'hex'),
    columns: {
      block,
      hash,
      ...(id === undefined ? {} : { id }),
      ...(first_seq === undefined ? {} : { first_seq }),
      ...(last_seq === undefined ? {} : { last_seq }),
      ...(previous === undefined ? {} : { previous }),
      ...(at === undefined ? {} : { at }),
    },
  };
}

/** Blocks are read by their index; a block that it hides is counted all the same. */
async function compareBlockCount(
  client: pg.Client,
  read: number,
  { differences }: JournalVerifier,
): Promise<void> {
  await client.query(
    'set local enable_indexscan = off; set local enable_indexonlyscan = off; set local enable_bitmapscan = off',
  );
  const { rows } = await client.query<[string]>({
    text: 'select count(*) from block',
    rowMode: 'array',
    types: AS_TEXT,
  });
  const stand = Number(rows[0]?.[0]);
  if (stand === read) return;
  differences.add({
    kind: 'unexpected',
    table: 'block',
    block: null,
    seq: null,
    row: 'rows that the index hides',
    column: null,
    expected: String(read),
    found: String(stand),
  });
}

/** The rows of things that the fold holds under their public id. */
function standingRows<Thing>(
  things: ReadonlyMap<string, Standing<Thing>>,
  rowOf: (standing: Standing<Thing>) => Row,
): StandingRows {
  return {
    ids: things.keys(),
    find(id) {
      const standing = things.get(id);
      return standing && { row: rowOf(standing), place: standing };
    },
  };
}

async function compareStandings(client: pg.Client, verifier: JournalVerifier): Promise<void> {
  const { ledger, differences } = verifier;
  const compare = (shape: StandingShape, expected: StandingRows) =>
    compareStanding(client, shape, expected, differences);
  await compare(STANDING.account, {
    ids: ledger.accounts.keys(),
    find(id) {
      const standing = ledger.accounts.get(id);
      return standing && { row: accountRow(standing), place: standing };
    },
  });
  await compare(STANDING.product, standingRows(ledger.products, productRow));
  await compare(
    STANDING.hold_open,
    standingRows(ledger.openHolds, ({ thing }) => [
      String(thing.seq),
      thing.expiresAt === null ? null : timeText(thing.expiresAt),
    ]),
  );
  await compare(
    STANDING.lease,
    standingRows(ledger.openLeases, ({ thing }) => ledger.leaseRow(thing)),
  );
  await compare(STANDING.cross_transaction, standingRows(ledger.crossBanks, crossBankRow));
  await compare(STANDING.consent, standingRows(ledger.consents, consentRow));
}
