import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AMOUNT_MAX_DEFAULT, NO_METADATA, type Command } from '@lastro/core';
import { pino } from 'pino';
import { expect } from 'vitest';
import { eventually } from '../../../../../tests/harness/eventually.ts';
import { freePort } from '../../../../../tests/harness/free-port.ts';
import {
  abandonDatabase,
  createBankDatabase,
  createDatabase,
  query,
} from '../../../../../tests/harness/postgres.ts';
import { createEngine } from '../../engine/create-engine.ts';
import type { Engine } from '../../engine/engine.ts';
import { ENGINE_LIMITS } from '../../engine/limits.ts';
import { createApplication } from '../../http/application.ts';
import type { BeginAnswer, BeginRequest } from '../../http/cross-bank-host.ts';
import { listen } from '../../http/listen.ts';
import { openDatabase } from '../../store/database.ts';
import { parsePeerAddress } from '../messages/peer-address.ts';
import { OwnKeys } from '../peers/own-keys.ts';
import { Peers } from '../peers/peers.ts';
import { openRegister } from '../register/open-register.ts';
import { parseRegisterAddress } from '../register/register-address.ts';
import { createHost, HOST_LIMITS, type BankHost, type HostLimits } from './index.ts';

/** Short waits, so that what only time brings about comes soon. */
const QUICK: HostLimits = {
  ...HOST_LIMITS,
  settings: {
    ...HOST_LIMITS.settings,
    graceMs: 200,
    askMs: 100,
    resendMs: 200,
    resendMaxMs: 1_000,
    heldRetryMs: 40,
  },
  failurePauseMs: 50,
  patienceMs: 3_000,
  registerLookMs: 200,
  registerAwayLookMs: 50,
  reconcileAgainMs: 100,
};

interface Running {
  readonly engine: Engine;
  readonly host: BankHost;
  readonly peers: Peers;
  /** Stops at once, without saying goodbye to anybody. */
  readonly stop: () => Promise<void>;
}

/** A bank with its database, its place and its key, which can be stopped and started again. */
export class TestBank {
  readonly id: string;
  readonly url: string;
  readonly databaseUrl: string;
  readonly alarms: string[] = [];
  readonly #keyFile: string;
  readonly #registerUrl: string;
  #running: Running | undefined;

  constructor(id: string, url: string, databaseUrl: string, keyFile: string, registerUrl: string) {
    this.id = id;
    this.url = url;
    this.databaseUrl = databaseUrl;
    this.#keyFile = keyFile;
    this.#registerUrl = registerUrl;
  }

  get host(): BankHost {
    return this.#parts.host;
  }

  get engine(): Engine {
    return this.#parts.engine;
  }

  get peers(): Peers {
    return this.#parts.peers;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  get #parts(): Running {
    if (this.#running === undefined) throw new Error(`${this.id} is not running`);
    return this.#running;
  }

  async publicKey(): Promise<string> {
    return (await OwnKeys.open(this.id, this.#keyFile)).signing.publicKey;
  }

  /** Between a stop and a start: signs with a new key, and has the one before at hand. */
  async rotateKey(): Promise<void> {
    const keys = await OwnKeys.open(this.id, this.#keyFile);
    await keys.prepareNext();
    await keys.promoteNext();
  }

  async start(): Promise<void> {
    const database = await openDatabase({
      url: this.databaseUrl,
      bank: this.id,
      at: Date.now(),
      onError: () => undefined,
    });
    const { reads, connectWriter } = database;
    const onAlarm = (message: string) => void this.alarms.push(message);
    const engine = createEngine({
      connectWriter,
      reads,
      rules: { amountMax: AMOUNT_MAX_DEFAULT },
      limits: ENGINE_LIMITS,
      clock: Date.now,
      onAlarm,
    });
    const log = pino({ level: 'silent' });
    const address = parsePeerAddress(this.url);
    if (address === null) throw new Error(this.url);
    const register = parseRegisterAddress(this.#registerUrl);
    const peers = await Peers.open({
      bank: this.id,
      ownAddress: address,
      keyFile: this.#keyFile,
      openRegister: () => openRegister({ address: register, pin: null }),
      reads,
      log,
      limits: { everyMs: 200 },
    });
    const { host, registerEndpoint } = createHost({
      bank: this.id,
      engine,
      reads,
      peers: peers.directory,
      openRegister: (pin) => openRegister({ address: register, pin }),
      limits: QUICK,
      clock: Date.now,
      onAlarm,
    });
    const authenticator = { authenticate: () => undefined };
    const app = await createApplication({ log, authenticator, bank: this.id, version: '0' });
    await peers.register(app, engine);
    await registerEndpoint(app);
    await app.ready();
    engine.start();
    await listen(app, '127.0.0.1', Number(new URL(this.url).port));
    peers.start();
    await host.start();
    const stop = async () => {
      await Promise.all([host.stop(), app.close()]);
      await peers.stop();
      await engine.stop();
      await database.close();
    };
    this.#running = { engine, host, peers, stop };
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.stop();
  }

  async submit(command: Command): Promise<void> {
    const envelope = {
      principal: 'test',
      id: randomUUID(),
      hash: '0'.repeat(64),
      command,
      leaseTokens: [],
    };
    const outcome = await this.engine.submit(envelope);
    if (outcome.kind !== 'settled' || outcome.fact.type === 'command.refused') {
      throw new Error(`${command.type}: ${JSON.stringify(outcome, plain)}`);
    }
  }

  /** Opens an account in reais with so many centavos. */
  async open(account: string, amount = 0n): Promise<void> {
    const rest = { creditLimit: 0n, maximumBalance: null, metadata: NO_METADATA };
    await this.submit({ type: 'OpenAccount', account, asset: 'BRL/2', ...rest });
    if (amount === 0n) return;
    const deposit = { id: randomUUID(), account, amount, metadata: NO_METADATA };
    await this.submit({ type: 'Deposit', ...deposit });
  }

  /** What peers may owe this bank. */
  async trust(peers: readonly TestBank[]): Promise<void> {
    for (const { id: bank } of peers) {
      await this.submit({ type: 'SetExposureLimit', bank, asset: 'BRL/2', limit: 1_000_000n });
    }
  }

  async pay(
    from: string,
    to: string,
    amount: bigint,
    more: Partial<BeginRequest> = {},
  ): Promise<BeginAnswer> {
    return this.host.begin({
      envelope: commandOf(randomUUID()),
      legs: [leg(`${this.id}/${from}`, to, amount)],
      onUnavailable: 'reject',
      withinMs: 30_000,
      answerWithinMs: 60_000,
      order: null,
      ...more,
    });
  }

  async account(id: string): Promise<{ balance: bigint; pending: bigint } | undefined> {
    const [row] = await query<{ balance: string; pending: string }>(
      this.databaseUrl,
      `select credits_posted - debits_posted as balance, debits_pending + credits_pending as pending
         from account where id = $1`,
      [id],
    );
    return row && { balance: BigInt(row.balance), pending: BigInt(row.pending) };
  }

  /** Balances by account, to be compared at once. */
  async balances(...ids: readonly string[]): Promise<readonly (bigint | undefined)[]> {
    return Promise.all(ids.map(async (id) => (await this.account(id))?.balance));
  }

  /** Transactions that are not through with. */
  async openCount(): Promise<bigint> {
    const [row] = await query<{ count: string }>(
      this.databaseUrl,
      'select count(*) from cross_transaction where not settled',
    );
    return BigInt(row?.count ?? '0');
  }

  /** What is promised and not decided. */
  async pending(): Promise<bigint> {
    const [row] = await query<{ sum: string }>(
      this.databaseUrl,
      'select coalesce(sum(debits_pending + credits_pending), 0) as sum from account',
    );
    return BigInt(row?.sum ?? '0');
  }
}

export function commandOf(id: string): BeginRequest['envelope'] {
  return { principal: 'client', id, hash: '1'.repeat(64), leaseTokens: [] };
}

/** A movement of reais between `<bank>/<account>`s. */
export function leg(from: string, to: string, amount: bigint, consent: string | null = null) {
  return { from: placeOf(from), to: placeOf(to), amount, asset: 'BRL/2', consent };
}

function placeOf(text: string) {
  const [bank = '', account = ''] = text.split('/');
  return { bank, account };
}

function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

export interface TestConsortium {
  readonly banks: readonly TestBank[];
  readonly registerUrl: string;
  readonly remove: () => Promise<void>;
}

/** Banks that know and trust each other, with a register in PostgreSQL. */
export async function startConsortium(ids: readonly string[]): Promise<TestConsortium> {
  const folder = await mkdtemp(join(tmpdir(), 'lastro-host-'));
  const registerUrl = await createDatabase();
  const banks: TestBank[] = [];
  for (const id of ids) {
    const url = `http://127.0.0.1:${await freePort()}`;
    const keyFile = join(folder, id, 'consortium.pem');
    const bank = new TestBank(id, url, await createBankDatabase(), keyFile, registerUrl);
    await bank.start();
    banks.push(bank);
  }
  for (const bank of banks) {
    const others = banks.filter((other) => other !== bank);
    for (const other of others) {
      const change = await bank.peers.directory.put(other.id, other.url, [await other.publicKey()]);
      expect(change.kind).toBe('changed');
    }
    await bank.trust(others);
  }
  return {
    banks,
    registerUrl,
    async remove() {
      await Promise.all(banks.map((bank) => bank.stop()));
      for (const { databaseUrl } of banks) await abandonDatabase(databaseUrl);
      await abandonDatabase(registerUrl);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Lets another bank debit an account once; the consent's id. */
export async function grant(
  bank: TestBank,
  account: string,
  to: string,
  amount: bigint,
): Promise<string> {
  const id = randomUUID();
  const expiresAt = Date.now() + 60_000;
  const consent = { id, account, bank: to, amount, uses: 'once', expiresAt } as const;
  await bank.submit({ type: 'GrantConsent', ...consent });
  return id;
}

/** Nothing is promised any more, and what two banks owe each other mirrors itself. */
export async function expectAtRest(banks: readonly TestBank[]): Promise<void> {
  for (const bank of banks) {
    await eventually(
      `${bank.id} has nothing open`,
      async () => (await bank.openCount()) === 0n,
      60_000,
    );
    expect(await bank.pending()).toBe(0n);
  }
  for (const bank of banks) {
    for (const other of banks) {
      if (other === bank) continue;
      const [mine] = await bank.balances(`peer:${other.id}:BRL`);
      const [theirs] = await other.balances(`peer:${bank.id}:BRL`);
      expect(mine ?? 0n, `${bank.id} and ${other.id}`).toBe(-(theirs ?? 0n));
    }
  }
}
