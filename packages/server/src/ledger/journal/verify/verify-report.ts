import type { CheckpointSummary } from './checkpoint-check.ts';
import type { Difference, Differences, DifferenceTable } from './difference.ts';

/** What a verification found. */
export interface VerifyReport {
  readonly clean: boolean;
  /** Whether blocks, chain and checkpoints are right, whatever the tables say. */
  readonly isJournalSound: boolean;
  readonly bank: string | null;
  /** The newest block that was read. */
  readonly block: number | null;
  readonly seq: number | null;
  readonly hash: string | null;
  /** How much was read and folded. */
  readonly blocks: number;
  readonly events: number;
  readonly accounts: number;
  readonly products: number;
  /** The block at which folding had to stop, so that nothing after it was compared; null: all was. */
  readonly stoppedAt: number | null;
  readonly differences: {
    readonly total: number;
    readonly byTable: Readonly<Partial<Record<DifferenceTable, number>>>;
    readonly first: Difference | null;
  };
  readonly checkpoints: CheckpointSummary;
}

/** How far a verification is. */
export interface VerifyProgress {
  readonly blocks: number;
  /** How many there are; null: not known before the end. */
  readonly blocksTotal: number | null;
  readonly events: number;
}

export function differencesOf(differences: Differences): VerifyReport['differences'] {
  return {
    total: differences.total,
    byTable: differences.byTable,
    first: differences.first,
  };
}
