import { Socket } from 'node:net';
import pg from 'pg';
import type {
  Consent,
  Correctable,
  CrossBankRecord,
  Hold,
  Lease,
  PostedGroup,
  Product,
  StandingOrder,
} from '@lastro/core';
import { textArray } from './array-literal.ts';
import { connectionConfig, WRITER_LIMITS, type DatabaseTarget } from './connection.ts';
import {
  toConsent,
  toCrossBank,
  type ConsentRow,
  type CrossBankRow,
} from './read-consortium-rows.ts';
import {
  toCorrectable,
  toGroup,
  toHolds,
  toLease,
  toStandingOrders,
  type CorrectableRow,
  type GroupRow,
  type HoldRow,
  type LeaseRow,
  type OrderLineRow,
} from './read-depth-rows.ts';
import {
  toHead,
  toOutcome,
  toProduct,
  toStoredAccount,
  type AccountRow,
  type HeadRow,
  type OutcomeRow,
  type ProductRow,
} from './read-rows.ts';
import { Pipeline } from './pipeline.ts';
import type { Head, StoredAccount, StoredOutcome } from './row-types.ts';
import type { StatementName, Statements } from './statements.ts';
import { BEGIN, writeBlock, type WriteResult } from './block-train.ts';
import type { BoundStatement } from './bound-statement.ts';

/** How long the client waits for any answer of the server before it cuts the connection. */
const ANSWER_TIMEOUT_MS = 10_000;

const CLOSE_TIMEOUT_MS = 1_000;

/**
 * A BEGIN that fails (a cancel, a timeout while the machine stood still) doesn't stop the train behind
 * it: each statement would commit by itself. So outside of `BEGIN` the session may write nothing.
 */
const GUARD = 'set default_transaction_read_only = on';

/**
 * The one connection of a process that writes blocks. It is pipelined and serves nothing else:
 * a block is one round trip. After any error of the connection it is closed for good.
 */
export interface Writer {
  readonly isOpen: boolean;
  begin(): Promise<void>;
  rollback(): Promise<void>;
  readHead(): Promise<Head>;
  /** Waits for every earlier block; within `begin`. */
  lockHead(): Promise<Head>;
  loadAccounts(ids: readonly string[]): Promise<readonly StoredAccount[]>;
  loadProducts(skus: readonly string[]): Promise<readonly Product[]>;
  loadOutcomes(keys: readonly OutcomeKey[]): Promise<readonly StoredOutcome[]>;
  loadTakenTransfers(ids: readonly string[]): Promise<readonly string[]>;
  loadTakenTransactions(ids: readonly string[]): Promise<readonly string[]>;
  loadHolds(ids: readonly string[]): Promise<readonly Hold[]>;
  /** Pending holds that are due at `at`, the longest due first, at most `limit`. */
  loadDueHolds(at: number, limit: number): Promise<readonly Hold[]>;
  /** When the first pending hold after `at` expires; null: none does. */
  readNextExpiry(at: number): Promise<number | null>;
  /** Open leases of these accounts, in ticket order. */
  loadLeases(accounts: readonly string[]): Promise<readonly Lease[]>;
  loadCorrectables(transfers: readonly string[]): Promise<readonly Correctable[]>;
  loadGroups(ids: readonly string[]): Promise<ReadonlyMap<string, PostedGroup>>;
  loadOrders(ids: readonly string[]): Promise<ReadonlyMap<string, StandingOrder>>;
  loadCrossBanks(ids: readonly string[]): Promise<readonly CrossBankRecord[]>;
  /** By their UUIDs. */
  loadConsents(ids: readonly string[]): Promise<readonly Consent[]>;
  /** Those of the asked that were spent. */
  loadSpentNonces(nonces: readonly NonceKey[]): Promise<readonly NonceKey[]>;
  /** The random id of the block that stands at this number. */
  readBlockId(block: number): Promise<string | undefined>;
  /** 64 hexadecimal digits. */
  readBlockHash(block: number): Promise<string | undefined>;
  /** Milliseconds by which the server's clock is ahead of ours, at least in size. */
  clockSkewMs(): Promise<number>;
  /** Rejects when the server's own default for new transactions is read-only, which `begin` overrides. */
  refuseReadOnly(): Promise<void>;
  /** The next statements are planned anew, by the sizes that the tables have by then. */
  forgetPlans(): Promise<void>;
  /**
   * Sends a block and COMMIT in one train, with BEGIN before it unless `begun`. `onUnderWay` is called
   * once the server works on it, if all of it has left by then; it may not throw.
   */
  write(
    block: readonly BoundStatement[],
    begun: boolean,
    onUnderWay?: () => void,
  ): Promise<WriteResult>;
  close(): Promise<void>;
}

export interface OutcomeKey {
  readonly principal: string;
  readonly id: string;
}

export interface NonceKey {
  readonly keyId: string;
  readonly value: string;
}

/** Connects; rejects when the database can't be reached. */
export async function openWriter(
  target: DatabaseTarget,
  statements: Statements,
  onError: (error: Error) => void,
): Promise<Writer> {
  const socket = new Socket();
  const client = new pg.Client({
    ...connectionConfig(target, WRITER_LIMITS),
    pipeline: true,
    stream: () => socket,
  });
  const pipeline = new Pipeline(client, socket, ANSWER_TIMEOUT_MS);
  const writer = new PipelinedWriter(client, socket, pipeline, statements, onError);
  await client.connect();
  try {
    await pipeline.send(GUARD);
  } catch (error) {
    await writer.close();
    throw error;
  }
  return writer;
}

class PipelinedWriter implements Writer {
  readonly #client: pg.Client;
  readonly #socket: Socket;
  readonly #pipeline: Pipeline;
  readonly #statements: Statements;
  #isOpen = true;

  constructor(
    client: pg.Client,
    socket: Socket,
    pipeline: Pipeline,
    statements: Statements,
    onError: (error: Error) => void,
  ) {
    this.#client = client;
    this.#socket = socket;
    this.#pipeline = pipeline;
    this.#statements = statements;
    client.on('error', (error) => {
      this.#isOpen = false;
      onError(error);
    });
    client.on('end', () => {
      this.#isOpen = false;
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async begin(): Promise<void> {
    await this.#pipeline.send(BEGIN);
  }

  async rollback(): Promise<void> {
    await this.#pipeline.send('rollback');
  }

  async forgetPlans(): Promise<void> {
    await this.#pipeline.send('discard plans');
  }

  async readHead(): Promise<Head> {
    return headOf(await this.#ask<HeadRow>('read-head', []));
  }

  async lockHead(): Promise<Head> {
    return headOf(await this.#ask<HeadRow>('lock-head', []));
  }

  async loadAccounts(ids: readonly string[]): Promise<readonly StoredAccount[]> {
    return (await this.#ask<AccountRow>('load-accounts', [textArray(ids)])).map(toStoredAccount);
  }

  async loadProducts(skus: readonly string[]): Promise<readonly Product[]> {
    return (await this.#ask<ProductRow>('load-products', [textArray(skus)])).map(toProduct);
  }

  async loadOutcomes(keys: readonly OutcomeKey[]): Promise<readonly StoredOutcome[]> {
    const principals = textArray(keys.map(({ principal }) => principal));
    const ids = textArray(keys.map(({ id }) => id));
    return (await this.#ask<OutcomeRow>('load-outcomes', [principals, ids])).map(toOutcome);
  }

  async loadTakenTransfers(ids: readonly string[]): Promise<readonly string[]> {
    const rows = await this.#ask<{ id: string }>('load-taken', [textArray(ids)]);
    return rows.map(({ id }) => id);
  }

  async loadTakenTransactions(ids: readonly string[]): Promise<readonly string[]> {
    const rows = await this.#ask<{ id: string }>('load-taken-transactions', [textArray(ids)]);
    return rows.map(({ id }) => id);
  }

  async loadHolds(ids: readonly string[]): Promise<readonly Hold[]> {
    return toHolds(await this.#ask<HoldRow>('load-holds', [textArray(ids)]));
  }

  async loadDueHolds(at: number, limit: number): Promise<readonly Hold[]> {
    const time = new Date(at).toISOString();
    return toHolds(await this.#ask<HoldRow>('load-due-holds', [time, limit]));
  }

  async readNextExpiry(at: number): Promise<number | null> {
    const [row] = await this.#ask<{ expires_at: number | null }>('read-next-expiry', [
      new Date(at).toISOString(),
    ]);
    return row?.expires_at ?? null;
  }

  async loadLeases(accounts: readonly string[]): Promise<readonly Lease[]> {
    return (await this.#ask<LeaseRow>('load-leases', [textArray(accounts)])).map(toLease);
  }

  async loadCorrectables(transfers: readonly string[]): Promise<readonly Correctable[]> {
    const rows = await this.#ask<CorrectableRow>('load-correctables', [textArray(transfers)]);
    return rows.map(toCorrectable);
  }

  async loadGroups(ids: readonly string[]): Promise<ReadonlyMap<string, PostedGroup>> {
    const rows = await this.#ask<GroupRow>('load-groups', [textArray(ids)]);
    const groups = rows.flatMap((row) => {
      const group = toGroup(row);
      return group === undefined ? [] : { id: row.id, group };
    });
    const transfers = groups.flatMap(({ group }) => group.transfers.map(({ id }) => id));
    if (transfers.length === 0) return new Map();
    const reversed = await this.#ask<{ reverses: string }>('load-reversed', [textArray(transfers)]);
    const moved = new Set(reversed.map(({ reverses }) => reverses));
    return new Map(
      groups.map(({ id, group }) => [
        id,
        { ...group, isReversed: group.transfers.some((transfer) => moved.has(transfer.id)) },
      ]),
    );
  }

  async loadOrders(ids: readonly string[]): Promise<ReadonlyMap<string, StandingOrder>> {
    const rows = await this.#ask<OrderLineRow>('load-orders', [textArray(ids)]);
    return new Map(toStandingOrders(rows).map(({ id, order }) => [id, order]));
  }

  async loadCrossBanks(ids: readonly string[]): Promise<readonly CrossBankRecord[]> {
    const rows = await this.#ask<CrossBankRow>('load-cross-transactions', [textArray(ids)]);
    return rows.map(toCrossBank);
  }

  async loadConsents(ids: readonly string[]): Promise<readonly Consent[]> {
    return (await this.#ask<ConsentRow>('load-consents', [textArray(ids)])).map(toConsent);
  }

  async loadSpentNonces(nonces: readonly NonceKey[]): Promise<readonly NonceKey[]> {
    const rows = await this.#ask<{ key_id: string; value: string }>('load-nonces', [
      textArray(nonces.map(({ keyId }) => keyId)),
      textArray(nonces.map(({ value }) => value)),
    ]);
    return rows.map(({ key_id: keyId, value }) => ({ keyId, value }));
  }

  async readBlockId(block: number): Promise<string | undefined> {
    const [row] = await this.#ask<{ id: string }>('read-block-id', [block]);
    return row?.id;
  }

  async readBlockHash(block: number): Promise<string | undefined> {
    const [row] = await this.#ask<{ hash: Buffer }>('read-block-hash', [block]);
    return row?.hash.toString('hex');
  }

  async clockSkewMs(): Promise<number> {
    const sent = Date.now();
    const { rows } = await this.#pipeline.send<{ now: number }>('select clock_timestamp() as now');
    const received = Date.now();
    const theirs = rows[0]?.now ?? sent;
    if (theirs > received) return theirs - received;
    return theirs < sent ? theirs - sent : 0;
  }

  async refuseReadOnly(): Promise<void> {
    const { rows } = await this.#pipeline.send<{ reset_val: string }>(
      `select reset_val from pg_settings where name = 'default_transaction_read_only'`,
    );
    if (rows[0]?.reset_val !== 'off') throw new Error('the database is set read-only');
  }

  write(
    block: readonly BoundStatement[],
    begun: boolean,
    onUnderWay?: () => void,
  ): Promise<WriteResult> {
    const parts = { pipeline: this.#pipeline, socket: this.#socket, statements: this.#statements };
    return writeBlock(parts, block, begun, onUnderWay);
  }

  async close(): Promise<void> {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    if (!wasOpen) {
      this.#socket.destroy();
      return;
    }
    // A server that hangs would keep the farewell waiting: the socket is cut after a while.
    const cut = setTimeout(() => this.#socket.destroy(), CLOSE_TIMEOUT_MS);
    try {
      await this.#client.end();
    } finally {
      clearTimeout(cut);
    }
  }

  async #ask<Row extends object>(
    name: StatementName,
    values: BoundStatement['values'],
  ): Promise<readonly Row[]> {
    const { rows } = await this.#pipeline.send<Row>({
      ...this.#statements(name),
      values: [...values],
    });
    return rows;
  }
}

function headOf([row]: readonly HeadRow[]): Head {
  if (row === undefined) throw new Error('the head row is missing');
  return toHead(row);
}
