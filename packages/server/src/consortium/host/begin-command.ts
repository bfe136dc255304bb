import { refusalOf, type OwnCommand, type Refusal } from '@lastro/core';
import type { Engine } from '../../engine/engine.ts';
import type { HostLimits } from './limits.ts';
import type { BeginEnd, BeginTicket, Recorded } from './track.ts';

export type Begun =
  | { readonly kind: 'held'; readonly recorded: Recorded }
  /** `funds_held`: for now, and nothing is recorded; a refusal is recorded. */
  | { readonly kind: 'not_held'; readonly refusal: Refusal | 'funds_held' }
  /** The client's command was settled before, or its id is another's. */
  | { readonly kind: 'ended'; readonly end: BeginEnd };

/**
 * Records a client's wish for a transaction and the coordinator's own promise, in one event. When no
 * other try would come before `decideBy`, holds in the way are a refusal like any other.
 */
export async function submitBegin(
  engine: Pick<Engine, 'submit'>,
  { body, hash, signature }: Extract<OwnCommand, { readonly type: 'PrepareShare' }>,
  { envelope, order }: BeginTicket,
  { settings }: HostLimits,
  clock: () => number,
): Promise<Begun> {
  const isLast = clock() + 2 * settings.heldRetryMs >= body.decideBy;
  const command = { type: 'BeginCrossBank', body, hash, signature, isLast, order } as const;
  const outcome = await engine.submit({ ...envelope, command });
  switch (outcome.kind) {
    case 'postponed':
      return { kind: 'not_held', refusal: 'funds_held' };
    case 'reused':
      return { kind: 'ended', end: { kind: 'reused' } };
    case 'settled': {
      const { fact, replayed, seq, at } = outcome;
      if (fact.type === 'crossbank.prepared') {
        if (fact.id === body.id) return { kind: 'held', recorded: { seq, at } };
        return { kind: 'ended', end: { kind: 'begun', id: fact.id, replayed: true } };
      }
      const refusal = refusalOf(fact);
      if (refusal === undefined) throw new Error(`${body.id} was settled as ${fact.type}`);
      if (!replayed) return { kind: 'not_held', refusal };
      const reason = { code: 'refused', refusal } as const;
      return { kind: 'ended', end: { kind: 'refused', reason, replayed } };
    }
  }
}
