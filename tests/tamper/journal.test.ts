import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  signCheckpoint,
  type Checkpoint,
  type SigningKey,
} from '../../packages/server/src/ledger/journal/checkpoint/checkpoint.ts';
import {
  JournalFileWriter,
  verifyDatabase,
  verifyFile,
} from '../../packages/server/src/ledger/journal/index.ts';
import { publicKeyText } from '../../packages/server/src/store/public-key.ts';
import { rounds } from '../faults/fixtures/rounds.ts';
import { abandonDatabase, createBankDatabase } from '../harness/postgres.ts';
import { writeHistory } from './history.ts';
import { Tamperer } from './tampering.ts';

vi.setConfig({ testTimeout: 120_000 });

// What can be done to the journal as a whole: rows that change places, bytes, rewritten and
// shortened histories; in the database, in its export, and against checkpoints.

interface StoredBlock {
  readonly block: number;
  readonly hash: string;
  readonly body: Buffer;
  readonly lastSeq: number;
  readonly at: string;
}

const NOTHING = { checkpoints: [], trustedKey: null };
/** In a row; of them one is tried: all blocks in the longer run. */
const BLOCKS_APART = rounds(7, 1);
/** Of an exported journal, spread over all of it. */
const BYTES_TRIED = rounds(40, 400);

let url: string;
let owner: Tamperer;
let folder: string;
let blocks: readonly StoredBlock[];
let newest: StoredBlock;
let key: SigningKey;
let signed: Checkpoint;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lastro-tamper-'));
  url = await createBankDatabase();
  await writeHistory(url);
  owner = await Tamperer.connect(url);
  const rows = await owner.rows(
    `select block::text, encode(hash, 'hex') as hash, encode(body, 'hex') as body,
            last_seq::text from block order by block.block`,
  );
  blocks = rows.map((row) => {
    const body = Buffer.from(row['body'] ?? '', 'hex');
    return {
      block: Number(row['block']),
      hash: row['hash'] ?? '',
      body,
      lastSeq: Number(row['last_seq']),
      at: /"at":"([^"]+)"/.exec(body.toString('utf8'))?.[1] ?? '',
    };
  });
  newest = blocks.at(-1)!;
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  key = { privateKey, publicKey: publicKeyText(publicKey)! };
  signed = sign(newest);
});

afterAll(async () => {
  await owner.close();
  await abandonDatabase(url);
  await rm(folder, { recursive: true });
});

function sign({ block, lastSeq, hash, at }: StoredBlock): Checkpoint {
  return signCheckpoint({ bank: 'test', block, seq: lastSeq, hash, at }, key);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Exchanges the values of some columns between two rows. */
function swap(table: string, by: string, columns: readonly string[]): string {
  const list = columns.map((column) => `"${column}"`);
  return `update "${table}" t set (${list.join()}) = row(${list.map((column) => `o.${column}`).join()})
     from "${table}" o where t.${by} <> o.${by}
      and t.ctid in (select ctid from "${table}" order by ${by} limit 2)
      and o.ctid in (select ctid from "${table}" order by ${by} limit 2)`;
}

test.each([
  ['transfer', 'seq', ['seq', 'leg']],
  ['transfer', 'seq', ['id']],
  ['transaction', 'seq', ['seq']],
  ['orders', 'seq', ['seq']],
  ['outcome', 'seq', ['seq']],
  ['outcome', 'seq', ['hash']],
  ['account', 'number', ['number']],
  ['product', 'sku', ['price', 'name']],
  ['hold', 'seq', ['seq']],
  ['hold_leg', 'hold_seq', ['amount']],
  ['hold_end', 'seq', ['hold_seq']],
  ['hold_end', 'seq', ['state', 'expires_at']],
  ['hold_open', 'hold_seq', ['expires_at']],
  ['lease', 'ticket', ['id']],
  ['lease', 'ticket', ['token', 'expires_at']],
  ['reversal', 'seq', ['transfer']],
  ['reversal', 'seq', ['amount']],
  ['order_cancellation', 'seq', ['order_id']],
  ['order_cancellation', 'seq', ['id']],
  ['block', 'block', ['block']],
  ['block', 'block', ['body']],
  ['block', 'block', ['body', 'hash']],
])('two rows of %s, by %s, that exchange %j are found', async (table, by, columns) => {
  const report = await owner.verifyAfter([swap(table, by, columns)]);
  expect(report.differences.first).toMatchObject({ table });
});

test('one byte of any block is found in its block, and the rest of the blocks still checked', async () => {
  const tried = blocks.filter((one) => one.block % BLOCKS_APART === 0 || one === newest);
  for (const { block, body } of tried) {
    const bytes = [0, 40, Math.floor(body.length / 2), body.length - 1];
    const byte = bytes[block % bytes.length] ?? 0;
    const statement = `update block set body = set_byte(body, ${byte}, get_byte(body, ${byte}) # 1)
       where block = ${block}`;
    const { differences, blocks: read } = await owner.verifyAfter([statement]);
    expect(differences.first).toMatchObject({ table: 'block', block, column: 'body' });
    expect(read).toBe(blocks.length);
  }
});

/** The blocks from `from` on, each with its text changed and linked to the one before, and head. */
function rewrite(from: number, change: (text: string) => string): string[] {
  let previous = blocks[from - 1]?.hash ?? '';
  const statements = blocks.slice(from).map(({ block, body }) => {
    const text = change(body.toString('utf8')).replace(
      /"previous":"[0-9a-f]{64}"/,
      `"previous":"${previous}"`,
    );
    const bytes = Buffer.from(text, 'utf8');
    const hash = sha256(bytes);
    const statement = `update block set body = '\\x${bytes.toString('hex')}', hash = '\\x${hash}',
        previous = '\\x${previous}' where block = ${block}`;
    previous = hash;
    return statement;
  });
  return [...statements, `update head set hash = '\\x${previous}'`];
}

test('a history rewritten up to the head, hashes and rows too, is found against a checkpoint alone', async () => {
  // "ana" is said to have asked for it under another id.
  const [outcome] = await owner.rows(
    'select id, seq::text from outcome order by outcome.seq offset 5 limit 1',
  );
  const id = outcome?.['id'] ?? '';
  const forged = 'forged-id';
  const from = blocks.find(({ lastSeq }) => lastSeq >= Number(outcome?.['seq']))!.block;
  const statements = [
    ...rewrite(from, (text) => text.replace(`"id":"${id}","hash"`, `"id":"${forged}","hash"`)),
    `update outcome set id = '${forged}' where id = '${id}'`,
  ];
  expect((await owner.verifyAfter(statements)).differences.first).toBeNull();
  for (const trustedKey of [null, key.publicKey]) {
    const { differences } = await owner.verifyAfter(statements, {
      checkpoints: [signed],
      trustedKey,
    });
    expect(differences).toMatchObject({
      total: 1,
      first: { kind: 'different', table: 'block', block: newest.block, column: 'hash' },
    });
  }
  // An older checkpoint from before the change still holds; one at the change doesn't.
  const older = [sign(blocks[from - 1]!), sign(blocks[from]!)];
  const located = await owner.verifyAfter(statements, { checkpoints: older, trustedKey: null });
  expect(located.differences.first).toMatchObject({ block: from, column: 'hash' });
  expect(located.checkpoints).toMatchObject({ confirmed: 1, newestBlock: from - 1 });
});

test('a tail that was cut off with its rows is found against a checkpoint alone', async () => {
  const end = blocks.at(-2)!;
  // The newest block holds transfers alone: their sums and rows go, and head goes back.
  const after = `seq > ${end.lastSeq}`;
  const moved = (side: string) =>
    `coalesce((select sum(amount) from transfer where ${after} and ${side}_account = number), 0)`;
  const count = `(select count(*) from transfer where ${after} and number in (from_account, to_account))`;
  const statements = [
    `update account set debits_posted = debits_posted - ${moved('from')},
       credits_posted = credits_posted - ${moved('to')}, version = version - ${count}`,
    `delete from transfer where ${after}`,
    `delete from outcome where ${after}`,
    `delete from block where block > ${end.block}`,
    `update head set block = ${end.block}, seq = ${end.lastSeq}, hash = '\\x${end.hash}', at = '${end.at}'`,
  ];
  expect((await owner.verifyAfter(statements)).differences.first).toBeNull();
  const evidence = { checkpoints: [signed], trustedKey: key.publicKey };
  const { differences } = await owner.verifyAfter(statements, evidence);
  expect(differences).toMatchObject({
    total: 1,
    first: { kind: 'missing', table: 'block', block: newest.block },
  });
});

test('a checkpoint that was changed, or signed by somebody else, is told from a changed history', async () => {
  const other = generateKeyPairSync('ed25519');
  const stranger = { ...other, publicKey: publicKeyText(other.publicKey)! };
  const byStranger = signCheckpoint(signed, stranger);
  const changed: readonly [Checkpoint, string][] = [
    [{ ...signed, hash: '0'.repeat(64) }, 'signature'],
    [{ ...signed, seq: signed.seq + 1 }, 'signature'],
    [{ ...signed, block: signed.block - 1 }, 'signature'],
    [{ ...signed, bank: 'tests' }, 'signature'],
    [{ ...signed, at: new Date(0).toISOString() }, 'signature'],
    [{ ...signed, publicKey: stranger.publicKey }, 'public_key'],
    [byStranger, 'public_key'],
  ];
  for (const [checkpoint, column] of changed) {
    const evidence = { checkpoints: [checkpoint], trustedKey: key.publicKey };
    const { differences } = await verifyDatabase({ url, ...evidence });
    expect(differences.first).toMatchObject({ kind: 'broken', table: 'checkpoint', column });
  }
  const trusting = { checkpoints: [signed, byStranger], trustedKey: null };
  const report = await verifyDatabase({ url, ...trusting });
  expect(report).toMatchObject({ clean: true, checkpoints: { confirmed: 2, trust: 'own' } });
});

async function exportJournal(): Promise<string> {
  const path = join(folder, 'journal.lastro');
  const exportTo = await JournalFileWriter.open(path);
  const report = await verifyDatabase({ url, ...NOTHING, exportTo });
  expect(report.clean).toBe(true);
  await exportTo.finish();
  await exportTo.abandon();
  return path;
}

test('an exported journal is checked without the database, and comes to the same end', async () => {
  const path = await exportJournal();
  const ofFile = await verifyFile({ path, checkpoints: [signed], trustedKey: key.publicKey });
  expect(ofFile).toMatchObject({
    clean: true,
    bank: 'test',
    block: newest.block,
    seq: newest.lastSeq,
    hash: newest.hash,
    checkpoints: { confirmed: 1, trust: 'given' },
  });
});

test('any byte changed, added or cut off in an exported journal is found', async () => {
  const whole = await readFile(await exportJournal());
  const path = join(folder, 'tampered.lastro');
  const verdict = async (bytes: Buffer) => {
    await writeFile(path, bytes);
    return verifyFile({ path, ...NOTHING });
  };
  const step = Math.max(1, Math.floor(whole.length / BYTES_TRIED));
  for (let byte = 0; byte < whole.length; byte += step) {
    const changed = Buffer.from(whole);
    changed[byte]! ^= 1;
    expect((await verdict(changed)).clean, `byte ${byte} changed`).toBe(false);
    expect((await verdict(whole.subarray(0, byte))).clean, `cut at ${byte}`).toBe(false);
  }
  expect((await verdict(Buffer.concat([whole, Buffer.from('\n')]))).clean).toBe(false);
  expect((await verdict(whole)).clean).toBe(true);
});
