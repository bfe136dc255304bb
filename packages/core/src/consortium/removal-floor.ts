import type { ProtocolSettings } from './protocol-settings.ts';
import { isFinished, type TransactionState } from './protocol-state.ts';

/**
 * The highest of a coordinator's ids below which every decision may be removed; null: none. All of
 * them were applied by every participant longer ago than any backup reaches. `own` are the
 * transactions that this bank coordinates, in ascending order of their ids. The register takes the
 * floor first and refuses ever after to create at or below it.
 */
export function removalFloor(
  own: Iterable<TransactionState>,
  settings: ProtocolSettings,
  now: number,
): string | null {
  let floor: string | null = null;
  for (const state of own) {
    const { durable } = state;
    if (durable.is === 'absent') continue;
    const isDecided = durable.is === 'committed' || durable.is === 'aborted';
    if (!isDecided || !isFinished(state) || durable.at + settings.removalAfterMs > now) break;
    floor = state.id;
  }
  return floor;
}
