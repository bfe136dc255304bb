import type { BooksVerdict } from './books-verdict.ts';
import type { FloodFigures } from './flood-figures.ts';
import type { FloodTexts } from './flood-texts.ts';
import type { SimulationReport } from './simulation.ts';

type Row = readonly [label: string, value: string];

/** The result as a person reads it: a table, and whether the books add up. Ends with a line break. */
export function resultTable(report: SimulationReport, texts: FloodTexts): string {
  return [
    titleOf(report, texts),
    ...figureLines(report, report.count, texts),
    ...verdictLines(report.books, texts),
    '',
  ].join('\n');
}

/** What became of the commands, and how long it took. */
export function figureLines(figures: FloodFigures, count: number, texts: FloodTexts): string[] {
  const { number } = texts;
  const { accepted, refused, unknownSettled, unanswered, latencyMs, rate, seconds } = figures;
  const { p50, p95, p99 } = latencyMs;
  const rows: Row[] = [
    [texts.accepted, number(accepted)],
    [texts.refused, number(refused.total)],
    ...Object.entries(refused.byCode).map(([code, each]): Row => [
      `  ${texts.refusal(code)}`,
      number(each),
    ]),
    [texts.unknownSettled, number(unknownSettled)],
    ...(unanswered > 0 ? [[texts.unanswered, number(unanswered)] as const] : []),
    [texts.latency, `${[p50, p95, p99].map(number).join(' / ')} ms`],
    [texts.rate, texts.rateValue(rate, seconds)],
  ];
  const begun = accepted + refused.total + unanswered;
  return [...aligned(rows), ...(figures.interrupted ? [texts.interrupted(begun, count)] : [])];
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
