import { ProblemError } from './problem.ts';

/** Milliseconds since 1970; null where the period is open. */
export interface Period {
  readonly from: number | null;
  readonly to: number | null;
}

/** A period as it is asked for: RFC 3339, `from` included, `to` not. */
export interface PeriodQuery {
  readonly from?: string;
  readonly to?: string;
}

/** Digits of a fraction beyond the milliseconds, when they are not all zero. */
const BEYOND_MILLISECONDS = /\.\d{3}\d*[1-9]/;

/**
 * The period that is asked for. What the format lets through but no calendar has (a leap
 * second, an offset of 24 hours) is refused, as is a period that ends before it begins. Throws
 * `invalid_request`.
 */
export function periodOf({ from, to }: PeriodQuery): Period {
  const period = { from: boundOf('from', from), to: boundOf('to', to) };
  if (period.from !== null && period.to !== null && period.to < period.from) {
    throw invalid('to', 'is before from');
  }
  return period;
}

/**
 * Milliseconds since 1970 of a moment, its fraction of one cut off: blocks have whole ones, so what
 * was by then is the same. Throws `invalid_request`.
 */
export function momentOf(name: string, text: string): number {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw invalid(name, 'is no moment of the calendar');
  return milliseconds;
}

/**
 * Blocks have whole milliseconds, so both bounds, one included and the other not, hold for the next
 * whole one.
 */
function boundOf(name: 'from' | 'to', text: string | undefined): number | null {
  if (text === undefined) return null;
  const milliseconds = momentOf(name, text);
  return BEYOND_MILLISECONDS.test(text) ? milliseconds + 1 : milliseconds;
}

function invalid(name: string, detail: string): ProblemError {
  return new ProblemError('invalid_request', {
    errors: [{ pointer: `#querystring/${name}`, detail }],
  });
}
