import type { Logger } from 'pino';
import type { Engine } from '../../engine/engine.ts';
import { createApplication, type Application } from '../../http/application.ts';
import { registerAccountRead } from '../../ledger/account-routes.ts';
import { AccountAssets, readAssetsFrom } from '../../ledger/cross-bank/account-assets.ts';
import { readAccount } from '../../ledger/queries.ts';
import { registerTransferCommands } from '../../ledger/transfer-routes.ts';
import type { Reads } from '../../store/reads.ts';
import { openOperationLog } from '../operation-log.ts';
import { ensureAccounts } from './accounts.ts';
import { keepToOwnAccounts } from './only-own-accounts.ts';
import { PastHolders } from './past-holders.ts';
import { registerDadosRoutes } from './routes.ts';
import { Tokens } from './tokens.ts';

export interface DadosParts {
  readonly engine: Pick<Engine, 'submit' | 'passLease'>;
  readonly reads: Reads;
  readonly log: Logger;
  readonly bank: string;
  readonly version: string;
  readonly tokens: readonly string[];
  /** Seconds that a lock lasts without its owner, 1 to 600. */
  readonly leaseSeconds: number;
  /** Where the operations are written down, one line each. */
  readonly logFile: string;
}

/** The classic data server (`docs/classics/dados.md`); its caller listens. */
export interface Dados {
  readonly app: Application;
  close(): Promise<void>;
}

/**
 * Builds the surface and opens its accounts where they are missing; the engine must run. Besides its
 * own routes the listener answers the API's transfers, deposits, withdrawals and account reads, for
 * its tokens and its accounts alone: business servers use those.
 */
export async function createDados(parts: DadosParts): Promise<Dados> {
  const { engine, reads, log, bank, version, leaseSeconds } = parts;
  await ensureAccounts(engine);
  const tokens = new Tokens(parts.tokens);
  const operations = await openOperationLog({
    file: parts.logFile,
    now: () => new Date(),
    onError: (error) => log.warn({ fault: error.message }, 'dados: the operation log failed'),
  });
  const app = await createApplication({ log, authenticator: tokens, bank, version });
  keepToOwnAccounts(app);
  const assets = new AccountAssets(readAssetsFrom(reads));
  registerTransferCommands(app, { engine, assets, bank, crossBank: undefined });
  registerAccountRead(app, { reads });
  registerDadosRoutes(app, {
    engine,
    reads,
    clock: Date.now,
    leaseSeconds,
    pastHolders: new PastHolders(),
    readAccount: (id) => readAccount(reads, id),
    tokens,
    operations,
  });
  return {
    app,
    async close() {
      await app.close();
      await operations.close();
    },
  };
}
