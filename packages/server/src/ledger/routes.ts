import type { Application } from '../http/application.ts';
import type { Engine } from '../engine/engine.ts';
import type { Reads } from '../store/reads.ts';
import { registerAccounts } from './account-routes.ts';
import { registerBooks } from './book-routes.ts';
import { registerCommands } from './command-routes.ts';
import { registerLeases } from './leases/lease-routes.ts';
import { registerJournal } from './journal/journal-routes.ts';
import { registerTransactions } from './transaction-routes.ts';
import { registerTransfers } from './transfer-routes.ts';

export interface LedgerParts {
  readonly engine: Pick<Engine, 'submit' | 'passLease'>;
  readonly reads: Reads;
}

/** Accounts, leases, transfers, transactions, the books, what became of a command, and the journal. */
export function registerLedger(app: Application, parts: LedgerParts): void {
  registerAccounts(app, parts);
  registerLeases(app, parts);
  registerTransfers(app, parts);
  registerTransactions(app, parts);
  registerBooks(app, parts);
  registerCommands(app, parts);
  registerJournal(app, parts);
}
