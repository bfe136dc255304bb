import { setTimeout as sleep } from 'node:timers/promises';
import type { OperationParts } from './routes.ts';

/** Whoever looks at a bank in trouble must not wait for what troubles it. */
const PATIENCE_MS = 1_000;

export interface KnownHead {
  readonly block: number;
  readonly seq: number;
}

/**
 * The newest head: the database's, for another process may have written it; or where that doesn't
 * answer soon, the newest that this process saw. Undefined when it has seen none.
 */
export async function readKnownHead({
  engine,
  reads,
}: Pick<OperationParts, 'engine' | 'reads'>): Promise<KnownHead | undefined> {
  const timer = new AbortController();
  const tooLate = sleep(PATIENCE_MS, [], { signal: timer.signal }).catch(() => []);
  const asked = reads
    .rows<{ block: bigint; seq: bigint }>('select block, seq from head')
    .catch(() => []);
  const [row] = await Promise.race([asked, tooLate]);
  timer.abort();
  const seen = engine.head;
  if (row === undefined) return seen;
  const stored = { block: Number(row.block), seq: Number(row.seq) };
  return seen !== undefined && seen.block > stored.block ? seen : stored;
}
