import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { AMOUNT_MAX_DEFAULT } from '@lastro/core';
import { createPedidos, startFeed } from './classic/pedidos/index.ts';
import { createEngine } from './engine/create-engine.ts';
import { ENGINE_LIMITS } from './engine/limits.ts';
import { registerFeed } from './feed/routes.ts';
import { createApplication } from './http/application.ts';
import { registerOperation } from './http/operation/routes.ts';
import { ApiKeys, type StandingKey } from './identity/api-keys.ts';
import { registerIdentity } from './identity/routes.ts';
import { CheckpointSigner, readSigningKey, type SigningKey } from './ledger/journal/index.ts';
import { registerLedger } from './ledger/routes.ts';
import { registerOrders } from './orders/routes.ts';
import { openDatabase } from './store/database.ts';
import type { Reads } from './store/reads.ts';

export interface BankOptions {
  readonly bank: string;
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  /** Keys that are admin keys while this process runs. */
  readonly adminKeys: readonly StandingKey[];
  readonly classics: readonly { readonly surface: 'pedidos'; readonly port: number }[];
  /** Asked for readings as long as the bank runs: each new one is an order of `pedidos`. */
  readonly feed?: { readonly url: string; readonly everySeconds: number } | undefined;
  /** Ed25519 key in PKCS#8 PEM that signs checkpoints; without it none are signed. */
  readonly signingKeyFile?: string;
  readonly log: Logger;
}

export interface RunningBank {
  readonly url: string;
  /** `url` is null where the port was taken: that surface stays off. */
  readonly classics: readonly RunningClassic[];
  /** Stops accepting, drains up to 10 s, closes the database connections. */
  stop(): Promise<void>;
}

export interface RunningClassic {
  readonly surface: string;
  readonly port: number;
  readonly url: string | null;
}

/** Why a bank can't start: one sentence that a person can act on. */
export class BankStartError extends Error {
  readonly code: 'port_taken' | 'host_unavailable';

  constructor(code: 'port_taken' | 'host_unavailable', message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BankStartError';
    this.code = code;
  }
}

const VERSION = '0.1.0';

/** Only loopback: the originals carry tokens and passwords in clear text. */
const CLASSIC_HOST = '127.0.0.1';

/**
 * Builds the parts of one bank and starts to serve. Rejects with `BankStartError`, `StoreError` or
 * `SigningKeyError`.
 */
export async function startBank(options: BankOptions): Promise<RunningBank> {
  const { bank, log } = options;
  const signingKey = await readKeyIfAny(options.signingKeyFile);
  const database = await openDatabase({
    url: options.databaseUrl,
    bank,
    at: Date.now(),
    onError: (error) => log.warn({ fault: error.message }, 'a database connection failed'),
  });
  const { reads, connectWriter } = database;
  const engine = createEngine({
    connectWriter,
    reads,
    rules: { amountMax: AMOUNT_MAX_DEFAULT },
    limits: ENGINE_LIMITS,
    clock: Date.now,
    onAlarm: (message) => log.error({ alarm: message }, 'engine'),
  });
  const keys = new ApiKeys(reads, options.adminKeys);
  const app = await createApplication({ log, authenticator: keys, bank, version: VERSION });
  registerLedger(app, { engine, reads });
  registerOrders(app, { engine, reads });
  registerFeed(app, { reads });
  registerIdentity(app, keys);
  registerOperation(app, { engine, reads, bank, version: VERSION });
  // Compiling the routes takes the whole process for a while, and a connection that the engine is
  // making by then would count as too slow.
  await app.ready();
  engine.start();
  const signer = signingKey === undefined ? undefined : startSigner(reads, signingKey, log);
  const pedidos = createPedidos({ engine, reads, log, asset: 'BRL/2', merchant: 'loja' });
  const receive = (orderId: string) => pedidos.receive(orderId);
  let feed: ReturnType<typeof startFeed> | undefined;
  const stop = async () => {
    await feed?.stop();
    await Promise.all([app.close(), pedidos.app.close()]);
    await pedidos.drain();
    await engine.stop();
    await signer?.stop();
    await database.close();
  };
  try {
    await listen(app, options.host, options.port);
    if (options.feed !== undefined) feed = startFeed({ ...options.feed, receive, log });
  } catch (error) {
    await stop();
    throw error;
  }
  const classics: RunningClassic[] = [];
  for (const { surface, port } of options.classics) {
    classics.push({ surface, port, url: await listenIfFree(pedidos.app, port, log) });
  }
  return { url: urlOf(options.host, options.port), classics, stop };
}

async function readKeyIfAny(path: string | undefined): Promise<SigningKey | undefined> {
  return path === undefined ? undefined : readSigningKey(path);
}

function startSigner(reads: Reads, key: SigningKey, log: Logger): CheckpointSigner {
  const onAlarm = (message: string) => log.error({ alarm: message }, 'checkpoints');
  const signer = new CheckpointSigner({ reads, key, onAlarm });
  signer.start();
  return signer;
}

async function listen(
  app: Pick<FastifyInstance, 'listen'>,
  host: string,
  port: number,
): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      const message = `Port ${port} on ${host} is taken: stop what uses it or choose another with --port.`;
      throw new BankStartError('port_taken', message, { cause: error });
    }
    const message = `Can't listen on ${host}:${port}: ${String(error)}`;
    throw new BankStartError('host_unavailable', message, { cause: error });
  }
}

async function listenIfFree(
  app: Pick<FastifyInstance, 'listen'>,
  port: number,
  log: Logger,
): Promise<string | null> {
  try {
    await listen(app, CLASSIC_HOST, port);
    return urlOf(CLASSIC_HOST, port);
  } catch (error) {
    log.warn({ fault: error instanceof Error ? error.message : String(error) }, 'classic is off');
    return null;
  }
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
