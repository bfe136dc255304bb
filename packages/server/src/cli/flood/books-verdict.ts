import { LastroError, type LastroClient } from '@lastro/client';
import type { Consistency } from '@lastro/contract';

/** A bank's consistency report, in short. */
export interface BooksVerdict {
  readonly ok: boolean;
  readonly block: number;
  readonly seq: number;
  readonly checks: number;
  readonly broken: readonly Pick<Consistency['invariants'][number], 'id' | 'title' | 'offenders'>[];
}

/** A large ledger takes a while to check. */
export const BOOKS_DEADLINE_MS = 120_000;
/** A bank that was silent a moment ago is not waited for again. */
export const BOOKS_DEADLINE_AFTER_FAILURE_MS = 5_000;

export interface BooksRead {
  /** Null when it could not be had. */
  readonly books: BooksVerdict | null;
  readonly failure?: LastroError;
}

/** Asks a bank whether its books add up. */
export async function readBooks(client: LastroClient, deadlineMs: number): Promise<BooksRead> {
  try {
    const { ok, block, seq, invariants } = await client.consistency({ deadlineMs });
    const broken = invariants
      .filter((invariant) => !invariant.ok)
      .map(({ id, title, offenders }) => ({ id, title, offenders }));
    return {
      books: { ok: ok && broken.length === 0, block, seq, checks: invariants.length, broken },
    };
  } catch (error) {
    if (error instanceof LastroError) return { books: null, failure: error };
    throw error;
  }
}
