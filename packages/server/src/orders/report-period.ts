import type { OrderReportQuery } from '@lastro/contract';
import { ProblemError } from '../http/problem.ts';

/** Milliseconds since 1970; null where the period is open. */
export interface Period {
  readonly from: number | null;
  readonly to: number | null;
}

/** Digits of a fraction beyond the milliseconds, when they are not all zero. */
const BEYOND_MILLISECONDS = /\.\d{3}\d*[1-9]/;

/**
 * The period that a report is asked for. What the format lets through but no calendar has (a leap
 * second, an offset of 24 hours) is refused, as is a period that ends before it begins. Throws
 * `invalid_request`.
 */
export function periodOf({ from, to }: Pick<OrderReportQuery, 'from' | 'to'>): Period {
  const period = { from: momentOf('from', from), to: momentOf('to', to) };
  if (period.from !== null && period.to !== null && period.to < period.from) {
    throw invalid('to', 'is before from');
  }
  return period;
}

/**
 * Blocks have whole milliseconds, so both bounds, one included and the other not, hold for the next
 * whole one.
 */
function momentOf(name: 'from' | 'to', text: string | undefined): number | null {
  if (text === undefined) return null;
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw invalid(name, 'is no moment of the calendar');
  return BEYOND_MILLISECONDS.test(text) ? milliseconds + 1 : milliseconds;
}

function invalid(name: string, detail: string): ProblemError {
  return new ProblemError('invalid_request', {
    errors: [{ pointer: `#querystring/${name}`, detail }],
  });
}
