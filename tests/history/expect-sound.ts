import { REFUSAL_CODES } from '../../packages/core/src/vocabulary.fixture.ts';
import { expect } from 'vitest';
import { note } from '../faults/fixtures/random.ts';
import { checkHistory, explain, type Tally } from './check-history.ts';
import type { History } from './history.ts';

/** Refusals that no history brings about: those of commands that no client of one sends yet. */
const NOT_REACHABLE = [
  'account_closed',
  'account_frozen',
  'account_leased',
  'account_not_closed',
  'account_not_empty',
  'account_not_frozen',
  'already_reversed',
  'amount_exceeded',
  'amount_not_allowed',
  'asset_not_allowed',
  'condition_failed',
  'expiry_out_of_range',
  'hold_ended',
  'hold_not_found',
  'lease_lost',
  'lease_not_found',
  'lease_queue_full',
  'limit_in_use',
  'order_not_completed',
  'order_not_found',
  'part_of',
  'transaction_not_found',
  'transfer_not_found',
];

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

/** Every refusal that a client can bring about was brought about, and ids were reused. */
export function expectEveryRefusal({ codes }: Tally): void {
  const wanted = REFUSAL_CODES.filter((code) => !NOT_REACHABLE.includes(code));
  const missing = [...wanted, 'id_reused'].filter(
    (code) => ![...codes.keys()].some((seen) => seen === code),
  );
  expect(missing, 'refusals that never occurred').toEqual([]);
}
