import { parseJson, type Metadata } from '@lastro/core';

/** A row as PostgreSQL writes it in text, in the order of its table's columns. */
export type Row = readonly (string | null)[];

/** A time as PostgreSQL writes a `timestamptz` in UTC with the ISO style. */
export function timeText(milliseconds: number): string {
  const [date = '', time = ''] = new Date(milliseconds).toISOString().split('T');
  const [seconds = '', fraction = ''] = time.replace('Z', '').split('.');
  const significant = fraction.replace(/0+$/, '');
  return `${date} ${seconds}${significant === '' ? '' : `.${significant}`}+00`;
}

/** Metadata as the engine stores it: null when there is none. */
export function metadataText(metadata: Metadata): string | null {
  return Object.keys(metadata).length === 0 ? null : pairsText(Object.entries(metadata));
}

/** A JSON object of strings in one spelling; what is none stays as it is, which no journal gives. */
export function canonicalJson(text: string): string {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return text;
  const pairs = Object.entries(value);
  return pairs.every(isTextPair) ? pairsText(pairs) : text;
}

function isTextPair(pair: [string, unknown]): pair is [string, string] {
  return typeof pair[1] === 'string';
}

export function pairsText(pairs: readonly (readonly [string, string])[]): string {
  const sorted = pairs.toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${sorted.map(([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)}`).join()}}`;
}

/** A truth value as PostgreSQL writes it. */
export function truthText(value: boolean): string {
  return value ? 't' : 'f';
}
