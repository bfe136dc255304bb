import { hash as hashOf, randomUUID } from 'node:crypto';
import {
  apply,
  encodeBlock,
  NO_METADATA,
  type Command,
  type Event,
  type Fact,
  type Transfer,
} from '@lastro/core';
import { blockRows } from '../../packages/server/src/engine/block-draft.ts';
import { noLoadedFacts } from '../../packages/server/src/engine/loaded-facts.ts';
import { createRowCache } from '../../packages/server/src/engine/row-cache.ts';
import { NO_KNOWN_IDS, WorkingLedger } from '../../packages/server/src/engine/working-ledger.ts';
import { JournalVerifier } from '../../packages/server/src/ledger/journal/verify/journal-verifier.ts';
import type { VerifyReport } from '../../packages/server/src/ledger/journal/index.ts';
import { openDatabase } from '../../packages/server/src/store/database.ts';
import type { Head } from '../../packages/server/src/store/row-types.ts';
import { blockStatements } from '../../packages/server/src/store/write-parameters.ts';
import { envelope, startEngine, transfer, wordFor } from '../faults/fixtures/engine-world.ts';
import { query } from '../harness/postgres.ts';

/** What a forger finds in a small bank, by public ids. */
export interface Town {
  readonly paid: string;
  readonly group: readonly [string, string];
  readonly groupId: string;
  readonly order: string;
  readonly cancelled: string;
  readonly hold: string;
  readonly holdGroup: string;
  readonly released: string;
  readonly leases: readonly [string, string, string];
}

const uuid = () => randomUUID();

function commands(town: Town): readonly Command[] {
  const open = (account: string): Command => ({
    type: 'OpenAccount',
    account,
    asset: 'BRL/2',
    creditLimit: 0n,
    maximumBalance: null,
    metadata: NO_METADATA,
  });
  const leg = (from: string, to: string, amount: bigint) => ({
    from,
    to,
    amount,
    metadata: NO_METADATA,
    condition: null,
  });
  const order = (id: string): Command => ({
    type: 'PlaceOrder',
    id,
    customer: 'ana',
    merchant: 'bia',
    lines: [{ sku: 'tea', quantity: 2n }],
    expectedTotal: null,
    transferIds: [uuid(), uuid()],
  });
  const expiry = { ttl: 3_600 };
  const hold = (id: string, ...transfers: readonly ReturnType<typeof leg>[]): Command => ({
    type: 'PlaceHold',
    id,
    expiry,
    transfers,
  });
  const lease = (id: string): Command => ({
    type: 'RequestLease',
    id,
    account: 'leo',
    owner: 'till',
    ttl: 600,
    wait: 30,
  });
  return [
    ...['ana', 'bia', 'cold', 'shut', 'leo'].map(open),
    { type: 'Deposit', id: uuid(), account: 'ana', amount: 10_000n, metadata: NO_METADATA },
    { type: 'Deposit', id: uuid(), account: 'cold', amount: 100n, metadata: NO_METADATA },
    { type: 'FreezeAccount', account: 'cold', reason: null },
    { type: 'CloseAccount', account: 'shut', reason: null },
    transfer('ana', 'bia', 50n, town.paid).command,
    {
      type: 'PostTransaction',
      id: town.groupId,
      transfers: [
        { id: town.group[0], ...leg('ana', 'bia', 60n) },
        { id: town.group[1], ...leg('bia', 'leo', 20n) },
      ],
    },
    {
      type: 'CreateProduct',
      sku: 'tea',
      name: 'tea',
      price: 5n,
      asset: 'BRL/2',
      merchant: 'bia',
      stock: 9n,
      transferId: uuid(),
    },
    order(town.order),
    order(town.cancelled),
    { type: 'CancelOrder', order: town.cancelled, id: uuid(), transferId: uuid() },
    hold(town.hold, leg('ana', 'bia', 100n)),
    hold(town.holdGroup, leg('ana', 'bia', 7n), leg('ana', 'leo', 8n)),
    hold(town.released, leg('ana', 'bia', 9n)),
    { type: 'ReleaseHold', hold: town.released },
    ...town.leases.map(lease),
  ];
}

/** A small bank with something of every kind that can be forged upon. */
export async function buildTown(url: string): Promise<Town> {
  const town: Town = {
    paid: uuid(),
    group: [uuid(), uuid()],
    groupId: uuid(),
    order: uuid(),
    cancelled: uuid(),
    hold: uuid(),
    holdGroup: uuid(),
    released: uuid(),
    leases: [uuid(), uuid(), uuid()],
  };
  const world = await startEngine({ url });
  try {
    for (const command of commands(town)) {
      const word = await wordFor(world.engine.submit(envelope(command)));
      if (!word.includes('.')) throw new Error(`${command.type}: ${word}`);
    }
  } finally {
    await world.stop();
  }
  return town;
}

export function moved(from: string, to: string, amount: bigint, asset = 'BRL/2'): Transfer {
  return { id: uuid(), from, to, amount, asset, metadata: NO_METADATA };
}

function eventOf(fact: Fact, seq: number): Event {
  const isOwn = fact.type === 'hold.expired' || fact.type === 'lease.passed';
  const command = isOwn ? null : { principal: 'test', id: uuid(), hash: '0'.repeat(64) };
  return { seq, command, fact };
}

interface BlockRow {
  readonly block: string;
  readonly hash: string;
  readonly last_seq: string;
  readonly at: Date;
  readonly body: Buffer;
}

/** What the verifier says of the bank's journal with one more block, its bytes and hashes right. */
export async function verdictOf(url: string, fact: Fact): Promise<VerifyReport> {
  const rows = await query<BlockRow>(
    url,
    `select block, last_seq, encode(hash, 'hex') as hash, body, at
       from block order by block`,
  );
  const verifier = new JournalVerifier({ checkpoints: [], trustedKey: null });
  for (const { block, hash, body } of rows) {
    verifier.take({ body, columns: { block, hash } }, undefined);
  }
  const last = rows.at(-1);
  if (last === undefined) throw new Error('no journal');
  const seq = Number(last.last_seq) + 1;
  const block = Number(last.block) + 1;
  const at = new Date(last.at).getTime() + 1;
  const header = { block, id: uuid(), previous: last.hash, at, firstSeq: seq, lastSeq: seq };
  const body = Buffer.from(encodeBlock(header, [eventOf(fact, seq)]), 'utf8');
  verifier.take(
    { body, columns: { block: String(block), hash: hashOf('sha256', body) } },
    undefined,
  );
  return verifier.finish();
}

/**
 * Writes facts that nobody decided as the bank's next block, with every row and sum that comes of
 * them: only the journal's rules can tell.
 */
export async function forge(url: string, facts: readonly Fact[]): Promise<Head> {
  const database = await openDatabase({
    url,
    bank: 'test',
    at: Date.now(),
    onError: () => undefined,
  });
  const writer = await database.connectWriter();
  try {
    const head = await writer.readHead();
    const cache = createRowCache(1_000);
    const ids = await query<{ id: string }>(url, 'select id from account');
    for (const stored of await writer.loadAccounts(ids.map(({ id }) => id))) {
      cache.accounts.set(stored.account.id, stored);
    }
    const ledger = new WorkingLedger(cache, noLoadedFacts(), NO_KNOWN_IDS, head);
    const at = head.at + 1;
    const events = facts.map((fact, index) => eventOf(fact, head.seq + 1 + index));
    for (const event of events) apply(ledger, event, at);
    const draft = { block: head.block + 1, id: uuid(), at, verdicts: [], events, ledger };
    const written = await writer.write(blockStatements(blockRows(draft, head)), false);
    if (written.kind === 'failed') throw written.error;
    return head;
  } finally {
    await writer.close();
    await database.close();
  }
}
