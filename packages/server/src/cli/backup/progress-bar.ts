import process from 'node:process';

const EVERY_MS = 200;
const WIDTH = 24;

/** One line on the terminal: a bar and what is under way; nothing elsewhere. */
export class ProgressBar {
  #shownAt = Number.NEGATIVE_INFINITY;

  /** `share`: from 0 to 1. `words` is asked only when the line is drawn. */
  show(share: number, words: () => string): void {
    const now = performance.now();
    if (!process.stderr.isTTY || now - this.#shownAt < EVERY_MS) return;
    this.#shownAt = now;
    process.stderr.write(`\r\u001B[2K${barOf(share)} ${words()}`);
  }

  clear(): void {
    if (this.#shownAt > 0 && process.stderr.isTTY) process.stderr.write('\r\u001B[2K');
  }
}

/** `[######              ]  30 %` */
export function barOf(share: number): string {
  const bounded = Math.min(1, Math.max(0, share));
  const full = Math.floor(bounded * WIDTH);
  const percent = `${Math.floor(bounded * 100)}`.padStart(3);
  return `[${'#'.repeat(full)}${' '.repeat(WIDTH - full)}] ${percent} %`;
}
