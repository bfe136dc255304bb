import { reader, type Reader } from '@lastro/core';
import { decodeMessage, encodeMessage, type Addressed } from './message-text.ts';

/**
 * What stands around the messages that travel together, in a request and in its answer.
 *
 * epoch: one life of a bank's journal; a bank that was restored from an old copy takes a new one.
 * place: how far a journal is, and which journal it is: a block and its hash.
 */

export interface JournalPlace {
  readonly epoch: string;
  readonly block: number;
  /** 64 hexadecimal digits. */
  readonly hash: string;
}

/** A restored bank asks for everything that it may have forgotten, page by page. */
export interface ReportsWanted {
  /** Milliseconds since 1970: what was decided before, it knows. */
  readonly since: number;
  /** The last id of the page before; null: the first page. */
  readonly after: string | null;
}

export interface Envelope {
  /** Where the sender's journal is. */
  readonly head: JournalPlace;
  /** Number of the sender's newest event: its component of a clock over all banks. */
  readonly seq: number;
  /** The newest place of the receiver's journal that the sender has heard of; null: none. */
  readonly seen: JournalPlace | null;
  /** Of the register that the sender decides in; empty: it has not seen any yet. */
  readonly generation: string;
  /** In a request alone. */
  readonly wanted: ReportsWanted | null;
  /** In the answer to one: ask on from here; null: that was all. */
  readonly next: string | null;
  /** In an answer alone: nothing of the request was obeyed. */
  readonly refused: EnvelopeRefusal | null;
  readonly messages: readonly Addressed[];
}

/** `went_back`: the sender has lost what it knew; it must hear from every peer what that was. */
export type EnvelopeRefusal = 'went_back' | 'malformed';

/** Messages that travel in one request; an answer may hold as many, and their answers. */
export const MESSAGES_MAX = 1_000;

/** Bytes of one request or answer. */
export const ENVELOPE_BYTES_MAX = 1024 * 1024;

/** `messages`: as `encodeMessage` gives them, for a sender counts their bytes first. */
export function encodeEnvelope(
  envelope: Omit<Envelope, 'messages'>,
  messages: readonly string[],
): string {
  const { head, seq, seen, generation, wanted, next, refused } = envelope;
  const rest = JSON.stringify({ head, seq, seen, generation, wanted, next, refused });
  return `${rest.slice(0, -1)},"messages":[${messages.join()}]}`;
}

export function encodeMessages(messages: readonly Addressed[]): readonly string[] {
  return messages.map(encodeMessage);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HASH = /^[0-9a-f]{64}$/;
const ID_LENGTH_MAX = 100;

/** Throws a `SyntaxError` for what is no envelope of this version, whole. */
export function decodeEnvelope(body: Buffer): Envelope {
  const read = reader(body.toString('utf8'));
  const messages = read.list('messages');
  if (messages.length > 2 * MESSAGES_MAX) throw new SyntaxError('too many messages');
  return {
    head: decodePlace(read.object('head')),
    seq: read.number('seq'),
    seen: read.isNull('seen') ? null : decodePlace(read.object('seen')),
    generation: short(read, 'generation'),
    wanted: read.isNull('wanted') ? null : decodeWanted(read.object('wanted')),
    next: read.isNull('next') ? null : short(read, 'next'),
    refused: read.isNull('refused') ? null : decodeRefused(read.text('refused')),
    messages: messages.map(decodeMessage),
  };
}

function decodePlace(read: Reader): JournalPlace {
  const place = { epoch: read.text('epoch'), block: read.number('block'), hash: read.text('hash') };
  if (!UUID.test(place.epoch) || !HASH.test(place.hash) || place.block < 0) {
    throw new SyntaxError('no place of a journal');
  }
  return place;
}

function decodeWanted(read: Reader): ReportsWanted {
  return {
    since: read.number('since'),
    after: read.isNull('after') ? null : short(read, 'after'),
  };
}

function decodeRefused(text: string): EnvelopeRefusal {
  if (text !== 'went_back' && text !== 'malformed') throw new SyntaxError('no refusal');
  return text;
}

function short(read: Reader, name: string): string {
  const text = read.text(name);
  if (text.length > ID_LENGTH_MAX) throw new SyntaxError(`${name} is too long`);
  return text;
}
