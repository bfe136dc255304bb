import process from 'node:process';

/** What a person sees while the bench runs: on a terminal the last line moves, elsewhere lines follow each other. */
export interface Progress {
  /** A line that stays. */
  say(line: string): void;
  /** What is going on now; replaced by what comes next. */
  show(line: string): void;
}

export function createProgress(stream: NodeJS.WriteStream = process.stdout): Progress {
  const clear = stream.isTTY ? '\r\u001b[K' : '';
  return {
    say: (line) => void stream.write(`${clear}${line}\n`),
    show: (line) => {
      if (stream.isTTY) stream.write(`${clear}${line}`);
    },
  };
}
