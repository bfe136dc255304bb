import type { Application } from '../http/application.ts';
import type { Engine } from '../engine/engine.ts';
import type { CrossBankHost } from '../http/cross-bank-host.ts';
import type { Reads } from '../store/reads.ts';
import { registerAccountLife } from './account-life-routes.ts';
import { registerAccounts } from './account-routes.ts';
import { registerBooks } from './book-routes.ts';
import { registerCommands } from './command-routes.ts';
import { registerCorrections } from './correction-routes.ts';
import { registerConsents } from './consents/consent-routes.ts';
import { AccountAssets, readAssetsFrom } from './cross-bank/account-assets.ts';
import { registerCrossBankReads } from './cross-bank/cross-bank-routes.ts';
import { registerHolds } from './hold-routes.ts';
import { registerHistory } from './history/history-routes.ts';
import { registerLeases } from './leases/lease-routes.ts';
import { registerJournal } from './journal/journal-routes.ts';
import { registerTransactions } from './transaction-routes.ts';
import { registerTransfers } from './transfer-routes.ts';

export interface LedgerParts {
  readonly engine: Pick<Engine, 'submit' | 'passLease'>;
  readonly reads: Reads;
  /** One for all routes, so that each account is read once. */
  readonly assets: AccountAssets;
  /** The bank's own id. */
  readonly bank: string;
  /** Undefined: the bank is in no consortium. */
  readonly crossBank: CrossBankHost | undefined;
}

/** Everything about accounts and what moves between them, the books, what became of a command, and the journal. */
export function registerLedger(app: Application, given: Omit<LedgerParts, 'assets'>): void {
  const parts = { ...given, assets: new AccountAssets(readAssetsFrom(given.reads)) };
  registerAccounts(app, parts);
  registerAccountLife(app, parts);
  registerHistory(app, parts);
  registerLeases(app, parts);
  registerTransfers(app, parts);
  registerTransactions(app, parts);
  registerCrossBankReads(app, parts);
  registerConsents(app, parts);
  registerHolds(app, parts);
  registerCorrections(app, parts);
  registerBooks(app, parts);
  registerCommands(app, parts);
  registerJournal(app, parts);
}
