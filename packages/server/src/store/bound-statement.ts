import type { Metadata } from '@lastro/core';
import type { StatementName } from './statements.ts';

/** One statement of a block's transaction with its parameters. */
export interface BoundStatement {
  readonly name: StatementName;
  readonly values: readonly (string | number | Buffer)[];
}

/** Adds a statement when there are rows for it. */
export type Add = (
  name: StatementName,
  count: number,
  values: () => BoundStatement['values'],
) => void;

/** Metadata as `jsonb` reads it; null: none. */
export function metadataText(metadata: Metadata): string | null {
  for (const _ in metadata) return JSON.stringify(metadata);
  return null;
}
