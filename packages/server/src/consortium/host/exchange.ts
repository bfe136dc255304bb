import { describeFault } from '../../store/database-error.ts';
import { deliver, type MessengerOptions } from '../messages/messenger.ts';
import {
  decodeEnvelope,
  encodeEnvelope,
  type Envelope,
  type EnvelopeRefusal,
  type ReportsWanted,
} from './envelope.ts';
import type { HostStatistics } from './host-statistics.ts';
import type { JournalPlaces } from './journal-places.ts';

/** Where banks talk about transactions. */
export const MESSAGES_PATH = '/consortium/v1/messages';

export interface ExchangeParts {
  readonly messenger: MessengerOptions;
  readonly places: JournalPlaces;
  readonly generation: () => string;
  /** A peer has proved to be there. */
  readonly heard: (bank: string) => void;
  /** What number a peer's newest event has, before what it says has an effect. */
  readonly onSeq: (bank: string, seq: number) => void;
  /** A peer remembers of this journal what it doesn't have. */
  readonly onForgotten: (bank: string) => Promise<void>;
  readonly requestTimeoutMs: number;
  readonly onAlarm: (message: string) => void;
  readonly statistics: HostStatistics;
}

/** Everything around the messages: who is where in its journal, and who has forgotten what. */
export class Exchange {
  readonly #parts: ExchangeParts;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
  }

  /** Sends once; the peer's own answer, or undefined. Never rejects. */
  async request(
    bank: string,
    messages: readonly string[],
    wanted: ReportsWanted | null = null,
  ): Promise<Envelope | undefined> {
    const { messenger, requestTimeoutMs, heard, statistics } = this.#parts;
    statistics.requestsSent += 1;
    statistics.messagesSent += messages.length;
    const body = Buffer.from(this.write(bank, messages, { wanted }), 'utf8');
    const to = { bank, path: MESSAGES_PATH };
    const delivery = await deliver(messenger, to, body, { timeoutMs: requestTimeoutMs });
    // 503: the peer is there, and not ready to listen.
    const isAnswer = delivery.kind === 'answered' && delivery.status !== 503;
    const envelope = isAnswer ? this.#decode(bank, delivery.body) : undefined;
    if (envelope === undefined) {
      statistics.requestsFailed += 1;
      return undefined;
    }
    heard(bank);
    const verdict = await this.judge(bank, envelope, undefined).catch((error: unknown) => {
      this.#parts.onAlarm(`an answer of ${bank} was not judged: ${describeFault(error)}`);
      return 'malformed' as const;
    });
    if (verdict === null && envelope.refused === null) return envelope;
    statistics.requestsFailed += 1;
    return undefined;
  }

  /** An envelope to a peer, as text. */
  write(
    bank: string,
    messages: readonly string[],
    more: Partial<Pick<Envelope, 'wanted' | 'next' | 'refused'>> = {},
  ): string {
    const { places, generation } = this.#parts;
    const { wanted = null, next = null, refused = null } = more;
    const head = places.own();
    const seen = places.seenOf(bank);
    const seq = places.ownSeq();
    return encodeEnvelope(
      { head, seq, seen, generation: generation(), wanted, next, refused },
      messages,
    );
  }

  /**
   * Takes note of where a peer is, and of where it saw this bank. What it says counts only when the
   * result is null. `signedAt`: when it signed that, by its clock; answers don't say.
   */
  async judge(
    bank: string,
    envelope: Envelope,
    signedAt: number | undefined,
  ): Promise<EnvelopeRefusal | null> {
    const { messenger, places, onForgotten, onSeq, onAlarm } = this.#parts;
    if (!(await places.hasBeenAt(bank, envelope.seen))) await onForgotten(bank);
    const heard = await places.hear(bank, envelope.head, signedAt, messenger.clock());
    if (heard === 'went_on') {
      onSeq(bank, envelope.seq);
      return null;
    }
    onAlarm(`${bank} went back: it must hear first what it forgot`);
    return 'went_back';
  }

  #decode(bank: string, body: Buffer): Envelope | undefined {
    try {
      return decodeEnvelope(body);
    } catch (error) {
      this.#parts.onAlarm(`${bank} answered what is no answer: ${describeFault(error)}`);
      return undefined;
    }
  }
}
