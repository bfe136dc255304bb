import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalBlock, JournalCheckpointList, JournalHead } from '@lastro/contract';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startBank } from '../../packages/server/src/bank.ts';
import { isSigned } from '../../packages/server/src/ledger/journal/checkpoint/checkpoint.ts';
import {
  CHECKPOINT_LIMITS,
  CheckpointSigner,
  type CheckpointLimits,
} from '../../packages/server/src/ledger/journal/checkpoint/checkpoint-signer.ts';
import { readSigningKey, verifyDatabase } from '../../packages/server/src/ledger/journal/index.ts';
import { ensureKeyFile, KeyFileError } from '../../packages/server/src/store/key-file.ts';
import { envelope, startEngine, type EngineWorld } from '../faults/fixtures/engine-world.ts';
import { eventually } from '../harness/eventually.ts';
import { freePort } from '../harness/free-port.ts';
import { createCaller } from '../harness/http-caller.ts';
import { abandonDatabase, createBankDatabase, query } from '../harness/postgres.ts';
import { Tamperer } from './tampering.ts';

const NOTHING = { checkpoints: [], trustedKey: null };

let folder: string;
let keyFile: string;
let url: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lastro-keys-'));
  keyFile = join(folder, 'keys', 'signing.pem');
  await ensureKeyFile(keyFile);
  url = await createBankDatabase();
});

afterEach(async () => {
  await abandonDatabase(url);
  await rm(folder, { recursive: true });
});

async function openAccount({ engine }: Pick<EngineWorld, 'engine'>, id: string): Promise<void> {
  const metadata = {};
  await engine.submit(
    envelope({
      type: 'OpenAccount',
      account: id,
      asset: 'BRL/2',
      creditLimit: 0n,
      maximumBalance: null,
      metadata,
    }),
  );
}

async function startBankWithKey() {
  const key = randomBytes(24).toString('hex');
  const running = await startBank({
    bank: 'test',
    host: '127.0.0.1',
    port: await freePort(),
    databaseUrl: url,
    adminKeys: [{ principal: 'admin', key }],
    classics: [],
    signingKeyFile: keyFile,
    log: pino({ level: 'silent' }),
  });
  const caller = createCaller(running.url, key);
  const stop = async () => {
    await caller.close();
    await running.stop();
  };
  return { call: caller.call, stop, running, key };
}

test('a bank signs its head when it starts and when it stops, and shows head, blocks and checkpoints', async () => {
  const first = await startBankWithKey();
  const opened = await first.call('POST', '/v1/accounts', { id: 'ana', asset: 'BRL/2' });
  expect(opened.status).toBe(201);
  const { body: head } = await first.call<JournalHead>('GET', '/v1/journal/head');
  expect(head).toMatchObject({ bank: 'test', block: 1, seq: 1 });
  const block = await first.call<JournalBlock>('GET', '/v1/journal/blocks/1');
  const bytes = Buffer.from(block.body.bytes, 'base64');
  expect(block.body).toMatchObject({ block: 1, hash: head.hash, firstSeq: 1, lastSeq: 1 });
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(head.hash);
  const raw = await first.call('GET', '/v1/journal/blocks/1', undefined, {
    headers: { accept: 'application/octet-stream' },
  });
  expect(raw.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    etag: `"${head.hash}"`,
  });
  expect(raw.text).toBe(bytes.toString('utf8'));
  expect((await first.call('GET', '/v1/journal/blocks/2')).status).toBe(404);
  expect((await first.call('GET', '/v1/journal/blocks/x')).status).toBe(400);
  expect((await first.call('GET', '/v1/journal/checkpoints?cursor=eA')).status).toBe(400);
  for (const path of ['head', 'blocks/0', 'checkpoints']) {
    const stranger = await first.call('GET', `/v1/journal/${path}`, undefined, { key: null });
    expect(stranger.status).toBe(401);
  }
  await first.stop();

  const second = await startBankWithKey();
  const page = await second.call<JournalCheckpointList>('GET', '/v1/journal/checkpoints?limit=1');
  expect(page.body.data).toMatchObject([{ block: 1, seq: 1, hash: head.hash, bank: 'test' }]);
  const rest = await second.call<JournalCheckpointList>(
    'GET',
    `/v1/journal/checkpoints?limit=1&cursor=${page.body.next}`,
  );
  expect(rest.body).toMatchObject({ data: [{ block: 0, seq: 0 }], next: null });
  const checkpoints = [...page.body.data, ...rest.body.data];
  expect(checkpoints.every(isSigned)).toBe(true);
  await second.stop();
  const { publicKey } = await readSigningKey(keyFile);
  const report = await verifyDatabase({ url, checkpoints, trustedKey: publicKey });
  expect(report).toMatchObject({ clean: true, checkpoints: { newestBlock: 1, trust: 'given' } });
});

test('a checkpoint is signed every so many blocks, until the journal contradicts the last one', async () => {
  const world = await startEngine({ url });
  const alarms: string[] = [];
  const limits: CheckpointLimits = { ...CHECKPOINT_LIMITS, everyBlocks: 3, pollMs: 10 };
  const signer = new CheckpointSigner({
    reads: world.database.reads,
    key: await readSigningKey(keyFile),
    onAlarm: (message) => alarms.push(message),
    limits,
  });
  const signedBlocks = async () => {
    const rows = await query<{ block: string }>(url, 'select block from checkpoint order by block');
    return rows.map(({ block }) => Number(block));
  };
  try {
    signer.start();
    await eventually('block 0 is signed', async () => (await signedBlocks()).length === 1);
    for (let index = 1; index <= 3; index += 1) await openAccount(world, `account-${index}`);
    await eventually('block 3 is signed', async () => (await signedBlocks()).length === 2);
    expect(await signedBlocks()).toEqual([0, 3]);
    await query(
      url,
      `set session_replication_role = replica; update block set hash = sha256('x') where block = 3`,
    );
    for (let index = 4; index <= 6; index += 1) await openAccount(world, `account-${index}`);
    await eventually('an alarm', () => alarms.length > 0);
    expect(alarms).toEqual([expect.stringContaining('block 3 was signed')]);
    await signer.stop();
    expect(await signedBlocks()).toEqual([0, 3]);
  } finally {
    await signer.stop();
    await world.stop();
  }
});

test('a change of any column of a kept checkpoint is found', async () => {
  const bank = await startBankWithKey();
  await bank.stop();
  const owner = await Tamperer.connect(url);
  const changes: Readonly<Record<string, string>> = {
    block: 'block + 1',
    seq: 'seq + 1',
    hash: 'set_byte(hash, 7, get_byte(hash, 7) # 1)',
    at: `at + interval '1 microsecond'`,
    bank: `bank || 'x'`,
    public_key: 'set_byte(public_key, 7, get_byte(public_key, 7) # 1)',
    signature: 'set_byte(signature, 7, get_byte(signature, 7) # 1)',
  };
  try {
    const columns = await owner.rows(
      `select column_name as name from information_schema.columns where table_name = 'checkpoint'`,
    );
    expect(columns.map(({ name }) => name ?? '').toSorted()).toEqual(
      Object.keys(changes).toSorted(),
    );
    for (const [column, value] of Object.entries(changes)) {
      const { differences } = await owner.verifyAfter([
        `update checkpoint set ${column} = ${value}`,
      ]);
      expect(differences.first, column).toMatchObject({ kind: 'broken', table: 'checkpoint' });
    }
  } finally {
    await owner.close();
  }
});

test('a key file is made once, for its owner alone, and one that is open to others is refused', async () => {
  const path = join(folder, 'more', 'key.pem');
  await Promise.all([ensureKeyFile(path), ensureKeyFile(path), ensureKeyFile(path)]);
  expect(await readdir(join(folder, 'more'))).toEqual(['key.pem']);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const { publicKey } = await readSigningKey(path);
  expect(publicKey).toMatch(/^[A-Za-z0-9_-]{43}$/);
  await chmod(path, 0o644);
  await expect(readSigningKey(path)).rejects.toThrow(KeyFileError);
  await expect(readSigningKey(path)).rejects.toThrow('open to other users');
  await expect(readSigningKey(`${path}.none`)).rejects.toThrow('no signing key');
});

test('a bank whose checkpoints are off verifies clean', async () => {
  const world = await startEngine({ url });
  await world.stop();
  expect(await verifyDatabase({ url, ...NOTHING })).toMatchObject({ clean: true, blocks: 1 });
});
