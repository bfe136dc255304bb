/** One answer of a server, as far as a load generator must understand it. */
export interface Answer {
  readonly status: number;
  /** Status line and headers, without the empty line. */
  readonly head: string;
  readonly body: string;
}

/** What a server sent that this reader does not understand; the connection is of no use any more. */
export class UnreadableAnswerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnreadableAnswerError';
  }
}

const HEAD_END = '\r\n\r\n';
const STATUS_LINE = /^HTTP\/1\.1 (\d{3})(?: |\r|$)/;
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+) *(?:\r|$)/i;
const HEAD_LENGTH_MAX = 16_384;

/**
 * Reads the answers of one connection from its chunks, however they are cut: HTTP/1.1 with
 * Content-Length, as the servers of this house answer. Anything else throws `UnreadableAnswerError`.
 */
export class ResponseParser {
  readonly #onAnswer: (answer: Answer) => void;
  /** Bytes as Latin-1, so that one character is one byte. */
  #rest = '';

  constructor(onAnswer: (answer: Answer) => void) {
    this.#onAnswer = onAnswer;
  }

  /** `bytes`: one chunk as Latin-1. */
  push(bytes: string): void {
    let text = this.#rest === '' ? bytes : this.#rest + bytes;
    for (;;) {
      const headLength = text.indexOf(HEAD_END);
      if (headLength === -1) {
        if (text.length > HEAD_LENGTH_MAX) throw new UnreadableAnswerError('headers without end');
        break;
      }
      const head = text.slice(0, headLength);
      const bodyStart = headLength + HEAD_END.length;
      const bodyEnd = bodyStart + bodyLength(head);
      if (text.length < bodyEnd) break;
      const body = text.slice(bodyStart, bodyEnd);
      text = text.slice(bodyEnd);
      this.#onAnswer({ status: statusOf(head), head, body });
    }
    this.#rest = text;
  }
}

function statusOf(head: string): number {
  const status = STATUS_LINE.exec(head)?.[1];
  if (status === undefined) throw new UnreadableAnswerError(`no status in ${head.slice(0, 40)}`);
  return Number(status);
}

function bodyLength(head: string): number {
  const length = CONTENT_LENGTH.exec(head)?.[1];
  if (length === undefined) throw new UnreadableAnswerError('an answer without Content-Length');
  return Number(length);
}
