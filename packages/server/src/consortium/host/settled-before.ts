import { refusalOf } from '@lastro/core';
import type { BeginRequest } from '../../http/cross-bank-host.ts';
import { readEvent } from '../../store/read-event.ts';
import type { Reads } from '../../store/reads.ts';
import type { BeginEnd } from './track.ts';

/** How a client's command was settled before; undefined: it was not. */
export async function settledBefore(
  reads: Reads,
  { principal, id, hash }: BeginRequest['envelope'],
): Promise<BeginEnd | undefined> {
  const [row] = await reads.rows<{ hash: Buffer; seq: bigint }>(
    'select hash, seq from outcome where principal = $1 and id = $2',
    [principal, id],
  );
  if (row === undefined) return undefined;
  if (row.hash.toString('hex') !== hash) return { kind: 'reused' };
  const recorded = await readEvent(reads, Number(row.seq));
  const fact = recorded?.event.fact;
  if (fact?.type === 'crossbank.prepared') return { kind: 'begun', id: fact.id, replayed: true };
  const refusal = fact === undefined ? undefined : refusalOf(fact);
  if (refusal === undefined) return undefined;
  return { kind: 'refused', reason: { code: 'refused', refusal }, replayed: true };
}
