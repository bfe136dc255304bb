import {
  AGREE_WITHIN_DEFAULT,
  AGREE_WITHIN_MAX,
  QUEUE_WITHIN_DEFAULT,
  QUEUE_WITHIN_MAX,
} from '@lastro/contract';
import { ProblemError } from '../problem.ts';

/** What a client says about how long the banks may take, and what if one is away. */
export interface WrittenPatience {
  readonly onUnavailable?: 'reject' | 'queue';
  /** Seconds. */
  readonly within?: number;
  /** RFC 3339. */
  readonly deadline?: string;
}

export interface Patience {
  readonly onUnavailable: 'reject' | 'queue';
  /** From now on; 0: the deadline has passed, and only what was begun before is answered. */
  readonly withinMs: number;
}

/**
 * The patience that a request asks for, within its bounds. `place` is where it stands in the body,
 * `now` is milliseconds since 1970. Throws `invalid_request`.
 */
export function patienceOf(written: WrittenPatience, now: number, place = ''): Patience {
  const { onUnavailable = 'reject', within, deadline } = written;
  const isQueued = onUnavailable === 'queue';
  const max = isQueued ? QUEUE_WITHIN_MAX : AGREE_WITHIN_MAX;
  if (within !== undefined && deadline !== undefined) {
    throw invalid(`${place}/deadline`, 'stands beside within: give one');
  }
  if (deadline !== undefined) {
    const at = Date.parse(deadline);
    // The format lets through what no calendar has: a leap second, an offset of 24 hours.
    if (Number.isNaN(at)) throw invalid(`${place}/deadline`, 'is no moment of the calendar');
    if (at - now > max * 1_000) throw invalid(`${place}/deadline`, `is more than ${max} s ahead`);
    // A repeat that comes after it still gets the answer of what was begun.
    return { onUnavailable, withinMs: Math.max(0, at - now) };
  }
  const seconds = within ?? (isQueued ? QUEUE_WITHIN_DEFAULT : AGREE_WITHIN_DEFAULT);
  if (seconds > max) throw invalid(`${place}/within`, `must be <= ${max}`);
  return { onUnavailable, withinMs: seconds * 1_000 };
}

function invalid(pointer: string, detail: string): ProblemError {
  return new ProblemError('invalid_request', { errors: [{ pointer, detail }] });
}
