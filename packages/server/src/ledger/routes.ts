import type { Application } from '../http/application.ts';
import type { Engine } from '../engine/engine.ts';
import type { Reads } from '../store/reads.ts';
import { registerAccountLife } from './account-life-routes.ts';
import { registerAccounts } from './account-routes.ts';
import { registerBooks } from './book-routes.ts';
import { registerCommands } from './command-routes.ts';
import { registerCorrections } from './correction-routes.ts';
import { registerHolds } from './hold-routes.ts';
import { registerHistory } from './history/history-routes.ts';
import { registerJournal } from './journal/journal-routes.ts';
import { registerTransactions } from './transaction-routes.ts';
import { registerTransfers } from './transfer-routes.ts';

export interface LedgerParts {
  readonly engine: Pick<Engine, 'submit'>;
  readonly reads: Reads;
}

/** Accounts, transfers, transactions, holds, corrections, the books, what became of a command, and the journal. */
export function registerLedger(app: Application, parts: LedgerParts): void {
  registerAccounts(app, parts);
  registerAccountLife(app, parts);
  registerHistory(app, parts);
  registerTransfers(app, parts);
  registerTransactions(app, parts);
  registerHolds(app, parts);
  registerCorrections(app, parts);
  registerBooks(app, parts);
  registerCommands(app, parts);
  registerJournal(app, parts);
}
