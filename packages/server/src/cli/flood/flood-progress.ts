import type { FloodTexts } from './flood-texts.ts';
import type { Tally } from './tally.ts';

const BAR_WIDTH = 24;
/** On a narrower terminal a drawn line would wrap. */
const COLUMNS_FOR_BAR = 80;
const DRAW_EVERY_MS = 100;
const LINE_EVERY_MS = 1_000;

/** Where progress is shown. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * Shows how far a flood is until the returned function is called: a bar that is drawn over and over on a
 * terminal, elsewhere a line per second.
 */
export function showFlood(
  out: ProgressStream,
  texts: FloodTexts,
  tally: Tally,
  count: number,
): () => void {
  const begin = performance.now();
  const isTerminal = out.isTTY === true;
  const draw = (): void => {
    const line = lineOf(texts, tally, count, performance.now() - begin);
    // A terminal that doesn't know its width says 0.
    const hasRoom = (out.columns || COLUMNS_FOR_BAR) >= COLUMNS_FOR_BAR;
    const bar = hasRoom ? `${barOf(tally.decided / count)} ` : '';
    out.write(isTerminal ? `\r\u001B[2K${bar}${line}` : `${line}\n`);
  };
  if (isTerminal) draw();
  const timer = setInterval(draw, isTerminal ? DRAW_EVERY_MS : LINE_EVERY_MS);
  return () => {
    clearInterval(timer);
    if (isTerminal) out.write('\r\u001B[2K');
  };
}

function lineOf(texts: FloodTexts, tally: Tally, count: number, elapsedMs: number): string {
  const { decided } = tally;
  const rate = Math.round((decided * 1_000) / Math.max(1, elapsedMs));
  return texts.progress({ decided, count, rate, refused: tally.refusedTotal });
}

/** `share`: 0 to 1. */
function barOf(share: number): string {
  const filled = Math.min(BAR_WIDTH, Math.round(share * BAR_WIDTH));
  return '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
}
