import { Pace } from '../pace.ts';
import { encodeMessage, type Addressed } from './message-text.ts';
import { ENVELOPE_BYTES_MAX, MESSAGES_MAX } from './envelope.ts';

export interface LaneLimits {
  /** Waiting for one peer; more is dropped. */
  readonly queueMessagesMax: number;
  readonly queueBytesMax: number;
  /** Requests under way to one peer: while one is answered the next one gathers. */
  readonly requestsMax: number;
  readonly requestTimeoutMs: number;
}

export interface LaneParts {
  /** Sends once and takes care of the answer; false: it may not have arrived. Never rejects. */
  readonly send: (messages: readonly string[]) => Promise<boolean>;
  /** So many were not sent, or may not have arrived: about these transactions. */
  readonly onLost: (ids: readonly string[]) => void;
  readonly limits: LaneLimits;
}

interface Waiting {
  readonly id: string;
  readonly text: string;
}

/**
 * A request costs as much as some dozens of messages: four signatures are made and verified for it. How
 * long one takes counts the way and what the peer does, so a far one is asked the more rarely.
 */
const CADENCE = { longestMs: 100, times: 2, few: 2, many: 12, plenty: 100 };

/** Room for what stands around the messages. */
const FRAME_BYTES = 4 * 1024;
const BATCH_BYTES_MAX = ENVELOPE_BYTES_MAX / 2 - FRAME_BYTES;

/**
 * Gathers the messages to one peer into few requests, as the engine gathers a block. What is lost on
 * the way is not sent again here: the protocol asks again by itself, with a fresh look at its state.
 */
export class PeerLane {
  readonly #parts: LaneParts;
  #queue: Waiting[] = [];
  #queueBytes = 0;
  #requests = 0;
  readonly #pace = new Pace(CADENCE);
  #isDue = false;
  #isClosed = false;

  constructor(parts: LaneParts) {
    this.#parts = parts;
  }

  get length(): number {
    return this.#queue.length;
  }

  push(addressed: Addressed): void {
    const { limits, onLost } = this.#parts;
    const { id } = addressed;
    const text = encodeMessage(addressed);
    const isFull =
      this.#queue.length >= limits.queueMessagesMax ||
      this.#queueBytes + text.length > limits.queueBytesMax;
    if (isFull || this.#isClosed) return onLost([id]);
    this.#queue.push({ id, text });
    this.#queueBytes += text.length;
    if (this.#isDue) return;
    this.#isDue = true;
    // What the same block brought about travels along.
    setImmediate(() => {
      this.#isDue = false;
      this.#sendNext();
    });
  }

  /** Drops what waits, and sends nothing more. */
  close(): void {
    this.#isClosed = true;
    this.#queue = [];
    this.#queueBytes = 0;
    this.#pace.stop();
  }

  #sendNext(): void {
    while (this.#queue.length > 0 && this.#requests < this.#parts.limits.requestsMax) {
      if (!this.#pace.mayStart(this.#queue.length, () => this.#sendNext())) return;
      const batch = this.#takeBatch();
      this.#send(batch, this.#pace.start(batch.length));
    }
  }

  #takeBatch(): readonly Waiting[] {
    let count = 0;
    let bytes = 0;
    for (const { text } of this.#queue) {
      // In UTF-8 it can be longer; ids and accounts are ASCII.
      const isFull = count >= MESSAGES_MAX || bytes + text.length > BATCH_BYTES_MAX;
      if (count > 0 && isFull) break;
      count += 1;
      bytes += text.length;
    }
    this.#queueBytes -= bytes;
    return this.#queue.splice(0, count);
  }

  #send(batch: readonly Waiting[], end: () => void): void {
    this.#requests += 1;
    const finish = (isDone: boolean) => {
      this.#requests -= 1;
      end();
      if (!isDone) this.#parts.onLost(batch.map(({ id }) => id));
      this.#sendNext();
    };
    this.#parts.send(batch.map(({ text }) => text)).then(finish, () => finish(false));
  }
}
