import { REPORT_LIMIT_DEFAULT, REPORT_LIMIT_MAX, type ReportPage } from './report.ts';

const WHOLE = /^[1-9]\d{0,14}$/;

/** `?limit=` and `?antes=`; undefined when either is not a number in its bounds. */
export function readReportPage(query: unknown): ReportPage | undefined {
  const { limit, antes } = toRecord(query);
  const size = limit === undefined ? REPORT_LIMIT_DEFAULT : readWhole(limit);
  const before = antes === undefined ? null : readWhole(antes);
  if (size === undefined || size > REPORT_LIMIT_MAX || before === undefined) return undefined;
  return { limit: size, before: before === null ? null : BigInt(before) };
}

function readWhole(value: unknown): number | undefined {
  return typeof value === 'string' && WHOLE.test(value) ? Number(value) : undefined;
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
