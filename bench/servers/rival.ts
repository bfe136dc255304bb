import { readFileSync } from 'node:fs';

/** A transfer as the baselines take it; its fields were validated by the route. */
export interface RivalTransfer {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

export type RivalOutcome =
  | { readonly kind: 'posted'; readonly seq: number; readonly at: Date }
  | { readonly kind: 'refused' };

/** One way to move money in a database; resolves after the commit. */
export type PostTransfer = (transfer: RivalTransfer) => Promise<RivalOutcome>;

/** The text of a statement in `bench/sql`. */
export function readSql(name: string): string {
  return readFileSync(new URL(`../sql/${name}.sql`, import.meta.url), 'utf8');
}
