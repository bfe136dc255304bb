import {
  CONSORTIUM_WORDS,
  FACT_TYPES,
  REFUSAL_CODES,
} from '../../packages/core/src/vocabulary.fixture.ts';
import { expect } from 'vitest';
import { note } from '../faults/fixtures/random.ts';
import { checkHistory, explain, type Tally } from './check-history.ts';
import type { History } from './history.ts';

/**
 * Refusals that no client brings about over HTTP in one bank: the contract lets no asset of goods pass, and no
 * history asks a thousand times for one lease.
 */
const NOT_REACHABLE = ['asset_not_allowed', 'lease_queue_full', ...CONSORTIUM_WORDS];

/** What no history is to have in its journal. */
const NEVER_RECORDED = 'command.failed';

/** The history is one that the bank may have; what it went through. */
export function expectSound(history: History): Tally {
  const judgement = checkHistory(history);
  const { tally, violations } = judgement;
  const { events, reads, replays, unknown, stood, fresh } = tally;
  note(
    `${history.invocations.length} requests, ${reads} reads, ${events} events in ` +
      `${history.blocks.length} blocks, ${replays} replays; of unknown outcome ${unknown}: ` +
      `${stood} stood, ${fresh} came about when sent again`,
  );
  note([...tally.codes].map(([code, count]) => `${code} ${count}`).join(', '));
  expect(explain(history.seed, violations), 'what the history breaks').toBe('');
  return tally;
}

/**
 * Every refusal that a client can bring about was brought about, ids were reused, and everything
 * happened that can happen.
 */
export function expectEverything({ codes, facts }: Tally): void {
  const wanted = REFUSAL_CODES.filter((code) => !NOT_REACHABLE.includes(code));
  const missing = [...wanted, 'id_reused'].filter(
    (code) => ![...codes.keys()].some((seen) => seen === code),
  );
  expect(missing, 'refusals that never occurred').toEqual([]);
  const unheard = FACT_TYPES.filter(
    (type) => type !== NEVER_RECORDED && !CONSORTIUM_WORDS.includes(type) && !facts.has(type),
  );
  expect(unheard, 'events that never occurred').toEqual([]);
}
