import { styleText } from 'node:util';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 80;

/** Shows steps as they happen: a spinner on a terminal, one plain line per finished step elsewhere. */
export class Progress {
  readonly #out: NodeJS.WriteStream;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  /** Runs `work` under a title; leaves a line when it succeeds and none when it fails. */
  async step<Result>(title: string, work: () => Promise<Result>): Promise<Result> {
    const begin = performance.now();
    const stopSpinner = this.#spin(title);
    let result;
    try {
      result = await work();
    } finally {
      stopSpinner();
    }
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    this.line(`${title} (${seconds} s)`);
    return result;
  }

  /** A step that is done, or a fact about one. */
  line(text: string): void {
    const mark = this.#out.isTTY ? `${styleText('green', '✓', { stream: this.#out })} ` : '';
    this.#out.write(`${mark}${text}\n`);
  }

  /** What a person should notice. */
  warn(text: string): void {
    const mark = this.#out.isTTY ? `${styleText('yellow', '!', { stream: this.#out })} ` : '';
    this.#out.write(`${mark}${text}\n`);
  }

  #spin(title: string): () => void {
    if (!this.#out.isTTY) return () => {};
    let turn = 0;
    const draw = (): void => {
      const frame = styleText('cyan', frames[turn % frames.length] ?? '', { stream: this.#out });
      this.#out.write(`\r\u001B[2K${frame} ${title}…`);
      turn += 1;
    };
    draw();
    const timer = setInterval(draw, frameMs);
    return () => {
      clearInterval(timer);
      this.#out.write('\r\u001B[2K');
    };
  }
}
