import type { FloodTexts } from '../flood-texts.ts';
import { figureLines } from '../result-table.ts';
import { isMirrored, type MutualPosition } from './positions.ts';
import type { PaymentsReport } from './simulate-payments.ts';

/** The result as a person reads it: a table, and the verdict of all banks. Ends with a line break. */
export function paymentsTable(report: PaymentsReport, texts: FloodTexts): string {
  const { count, concurrency, seed } = report;
  return [
    `${texts.payments.title}: --count ${count} --concurrency ${concurrency} --seed ${seed}`,
    ...figureLines(report, count, texts),
    gatheringLine(report, texts),
    ...booksLines(report, texts),
    ...positionLines(report.positions, texts),
    '',
  ].join('\n');
}

function gatheringLine({ gathering }: PaymentsReport, texts: FloodTexts): string {
  const { listed, reais, gathered, notGathered } = texts.payments;
  const { from, to, amount, refusal } = gathering;
  const said = { from: listed(from), to, amount: reais(amount) };
  return refusal === undefined ? gathered(said) : notGathered(said, texts.refusal(refusal));
}

function booksLines({ books }: PaymentsReport, texts: FloodTexts): string[] {
  const { listed, booksHold, booksBroken, booksUnread } = texts.payments;
  if (books.every((each) => each.books?.ok === true)) {
    return [booksHold(listed(books.map(({ bank }) => bank)))];
  }
  return books.flatMap(({ bank, books: verdict }) => {
    if (verdict === null) return [booksUnread(bank)];
    if (verdict.ok) return [];
    const broken = verdict.broken.map(
      ({ id, title, offenders }) => `  ${id} ${title}: ${offenders.join(', ')}`,
    );
    return [booksBroken(bank, verdict.seq), ...broken];
  });
}

function positionLines(positions: readonly MutualPosition[] | null, texts: FloodTexts): string[] {
  const { mirrored, notMirrored, notQuiet } = texts.payments;
  if (positions === null) return [notQuiet];
  const off = positions.filter((position) => !isMirrored(position));
  if (off.length > 0) return [notMirrored, ...off.map((each) => `  ${claims(each, texts)}`)];
  return [mirrored, ...positions.map((each) => `  ${debt(each, texts)}`)];
}

/** Of two banks that agree: who owes whom. */
function debt({ banks: [one, other], said: [amount] }: MutualPosition, texts: FloodTexts): string {
  const { owes, reais } = texts.payments;
  return amount >= 0 ? owes(one, other, reais(amount)) : owes(other, one, reais(-amount));
}

/** Of two banks that don't: what either says. */
function claims({ banks: [one, other], said }: MutualPosition, texts: FloodTexts): string {
  const { owes, reais, says } = texts.payments;
  const [first, second] = said;
  return [
    says(one, owes(one, other, reais(first))),
    says(other, owes(other, one, reais(second))),
  ].join('; ');
}
