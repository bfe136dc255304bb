import type { CrossBankTransactionAnswer } from '@lastro/contract';
import { viewOf } from '../../http/cross-bank/view.ts';
import { ProblemError } from '../../http/problem.ts';
import {
  readCrossTransaction,
  readCrossTransactions,
  type CrossTransactionFilter,
} from '../../store/consortium-reads.ts';
import type { LedgerParts } from '../routes.ts';
import { presentView } from './present-view.ts';

/**
 * A transaction across banks as this bank knows it, with the votes that its host remembers; of a bank
 * that left its consortium, what is recorded. Throws `not_found` where nothing is.
 */
export async function readCrossBank(
  { reads, bank, crossBank }: ReadingParts,
  id: string,
): Promise<CrossBankTransactionAnswer> {
  if (crossBank !== undefined) return found(await crossBank.transaction(id));
  const record = await readCrossTransaction(reads, id);
  return found(record === undefined ? undefined : viewOf(bank, record, undefined));
}

type ReadingParts = Pick<LedgerParts, 'reads' | 'bank' | 'crossBank'>;

function found(view: Parameters<typeof presentView>[0] | undefined): CrossBankTransactionAnswer {
  if (view === undefined) throw new ProblemError('not_found');
  return presentView(view);
}

/** What is recorded of transactions across banks, in the order of their ids. */
export async function readCrossBanks(
  { reads, bank }: ReadingParts,
  filter: CrossTransactionFilter,
): Promise<CrossBankTransactionAnswer[]> {
  const records = await readCrossTransactions(reads, filter);
  return records.map((record) => presentView(viewOf(bank, record, undefined)));
}
