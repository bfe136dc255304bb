import type { Logger } from 'pino';
import { AMOUNT_MAX_DEFAULT } from '@lastro/core';
import { Classics, type RunningClassic } from './classic/classics.ts';
import type { ContasConsortium, ContasPeer } from './classic/contas/index.ts';
import type { ClassicOption } from './classic/surfaces.ts';
import {
  Consortium,
  registerNoConsortium,
  type ConsortiumOptions,
  type ConsortiumParts,
} from './consortium/consortium.ts';
import { createEngine } from './engine/create-engine.ts';
import type { Engine } from './engine/engine.ts';
import { ENGINE_LIMITS } from './engine/limits.ts';
import { registerFeed } from './feed/routes.ts';
import { createApplication, type Application } from './http/application.ts';
import { listen } from './http/listen.ts';
import { registerOperation } from './http/operation/routes.ts';
import type { TlsCredentials } from './http/tls-server.ts';
import { ApiKeys, type StandingKey } from './identity/api-keys.ts';
import { registerIdentity } from './identity/routes.ts';
import { CheckpointSigner, readSigningKey, type SigningKey } from './ledger/journal/index.ts';
import { registerLedger } from './ledger/routes.ts';
import { registerOrders } from './orders/routes.ts';
import { openDatabase, type Database } from './store/database.ts';
import type { Reads } from './store/reads.ts';

export interface BankOptions {
  readonly bank: string;
  readonly host: string;
  /** Of the API; 0: any free one. */
  readonly port: number;
  readonly databaseUrl: string;
  /** Keys that are admin keys while this process runs. */
  readonly adminKeys: readonly StandingKey[];
  readonly classics: readonly ClassicOption[];
  /** Where classic servers write down their operations; the working folder unless given. */
  readonly logFolder?: string;
  /** What `dados` takes for tokens; the original's unless given. */
  readonly dadosTokens?: readonly string[] | undefined;
  /** How long a lock of `dados` lasts without its owner, 1 to 600; 30 unless given. */
  readonly lockSeconds?: number | undefined;
  /** Asked for readings as long as the bank runs: each new one is an order of `pedidos`. */
  readonly feed?: { readonly url: string; readonly everySeconds: number } | undefined;
  /** Where the other banks serve `contas`; none unless given. */
  readonly contasPeers?: readonly ContasPeer[] | undefined;
  /** Ed25519 key in PKCS#8 PEM that signs checkpoints; without it none are signed. */
  readonly signingKeyFile?: string;
  /** Without them the API speaks plain HTTP. */
  readonly tls?: TlsCredentials | undefined;
  /** Undefined: the bank is in no consortium. */
  readonly consortium?: ConsortiumOptions | undefined;
  readonly log: Logger;
}

export interface RunningBank {
  readonly url: string;
  /** `url` is null where the port was taken: that surface stays off. */
  readonly classics: readonly RunningClassic[];
  /** Stops accepting, drains up to 10 s, closes the database connections. */
  stop(): Promise<void>;
}

const VERSION = '0.1.0';

/**
 * Builds the parts of one bank and starts to serve. Rejects with `ListenError`, `StoreError` or
 * `KeyFileError`.
 */
export async function startBank(options: BankOptions): Promise<RunningBank> {
  const { bank, log } = options;
  const signingKey = await readKeyIfAny(options.signingKeyFile);
  const { database, engine } = await openLedger(options);
  const { reads } = database;
  const keys = new ApiKeys(reads, options.adminKeys);
  const { tls } = options;
  const app = await createApplication({ log, authenticator: keys, bank, version: VERSION, tls });
  let consortium: Consortium | undefined;
  try {
    consortium = await joinConsortium(options.consortium, app, { bank, engine, reads, log });
  } catch (error) {
    await database.close();
    throw error;
  }
  const crossBank = consortium?.host;
  registerLedger(app, { engine, reads, bank, crossBank });
  registerOrders(app, { engine, reads, bank, crossBank });
  registerFeed(app, { reads });
  registerIdentity(app, keys);
  registerOperation(app, {
    engine,
    reads,
    bank,
    version: VERSION,
    registerMetrics: (registry) => consortium?.registerMetrics(registry),
  });
  // Compiling the routes takes the whole process for a while, and a connection that the engine is
  // making by then would count as too slow.
  await app.ready();
  engine.start();
  const signer = signingKey === undefined ? undefined : startSigner(reads, signingKey, log);
  const classics = new Classics({
    engine,
    reads,
    log,
    bank,
    version: VERSION,
    logFolder: options.logFolder ?? '.',
    dadosTokens: options.dadosTokens,
    lockSeconds: options.lockSeconds,
    contasPeers: options.contasPeers ?? [],
    consortium: consortium === undefined ? undefined : contasConsortium(consortium),
  });
  const stop = async () => {
    await Promise.all([app.close(), classics.close(), consortium?.stop()]);
    await engine.stop();
    await signer?.stop();
    await database.close();
  };
  try {
    const { host, port, feed } = options;
    await consortium?.start();
    const url = await listen(app, host, port, tls === undefined ? 'http' : 'https');
    await classics.start(options.classics);
    if (feed !== undefined) classics.startFeed(feed);
    return { url, classics: classics.running, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The database of the bank and the engine on it, not started yet. */
async function openLedger({
  bank,
  databaseUrl,
  log,
}: BankOptions): Promise<{ readonly database: Database; readonly engine: Engine }> {
  const database = await openDatabase({
    url: databaseUrl,
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
  return { database, engine };
}

function contasConsortium({ host, peers }: Consortium): ContasConsortium {
  return {
    crossBank: host,
    peers: () => peers.all().map((peer) => peer.bank),
    onPeerSeq: (listener) => host.onPeerSeq(listener),
  };
}

/** Registers the routes of the consortium, be the bank in one or not. */
async function joinConsortium(
  options: ConsortiumOptions | undefined,
  app: Application,
  parts: ConsortiumParts,
): Promise<Consortium | undefined> {
  if (options === undefined) {
    registerNoConsortium(app);
    return undefined;
  }
  const consortium = await Consortium.open(options, parts);
  await consortium.register(app);
  return consortium;
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
