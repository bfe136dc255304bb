import type { FloodTexts } from './flood-texts.ts';
import type { BooksVerdict, SimulationReport } from './simulation.ts';

type Row = readonly [label: string, value: string];

/** The result as a person reads it: a table, and whether the books add up. Ends with a line break. */
export function resultTable(report: SimulationReport, texts: FloodTexts): string {
  const { number } = texts;
  const { accepted, refused, unknownSettled, unanswered, latencyMs, rate, seconds } = report;
  const { p50, p95, p99 } = latencyMs;
  const rows: Row[] = [
    [texts.accepted, number(accepted)],
    [texts.refused, number(refused.total)],
    ...Object.entries(refused.byCode).map(([code, count]): Row => [
      `  ${texts.refusal(code)}`,
      number(count),
    ]),
    [texts.unknownSettled, number(unknownSettled)],
    ...(unanswered > 0 ? [[texts.unanswered, number(unanswered)] as const] : []),
    [texts.latency, `${[p50, p95, p99].map(number).join(' / ')} ms`],
    [texts.rate, texts.rateValue(rate, seconds)],
  ];
  const begun = accepted + refused.total + unanswered;
  return [
    titleOf(report, texts),
    ...aligned(rows),
    ...(report.interrupted ? [texts.interrupted(begun, report.count)] : []),
    ...verdictLines(report.books, texts),
    '',
  ].join('\n');
}

function titleOf(
  { simulation, count, concurrency, seed, hotProduct }: SimulationReport,
  texts: FloodTexts,
) {
  const hot = hotProduct === null ? '' : `, --hot-product ${hotProduct.share} (${hotProduct.sku})`;
  return `${texts.title[simulation]}: --count ${count} --concurrency ${concurrency} --seed ${seed}${hot}`;
}

/** Plain counts end in one column; what has a unit begins there. */
function aligned(rows: readonly Row[]): string[] {
  const labelWidth = Math.max(...rows.map(([label]) => label.length));
  const counts = rows.filter(([, value]) => !value.includes(' '));
  const valueWidth = Math.max(...counts.map(([, value]) => value.length));
  return rows.map(
    ([label, value]) => `  ${label.padEnd(labelWidth)}  ${value.padStart(valueWidth)}`,
  );
}

function verdictLines(books: BooksVerdict | null, texts: FloodTexts): string[] {
  if (books === null) return [texts.booksUnread];
  if (books.ok) return [texts.booksHold(books.checks, books.seq)];
  return [
    texts.booksBroken(books.seq),
    ...books.broken.map(({ id, title, offenders }) => `  ${id} ${title}: ${offenders.join(', ')}`),
  ];
}
