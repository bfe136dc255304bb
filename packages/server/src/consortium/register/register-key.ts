import assert from 'node:assert/strict';
import type { RegisterValue } from './register.ts';

const VALUE_BYTES_MAX = 64 * 1024;
export const PAGE_ENTRIES_MAX = 100;
export const RETIRED_IDS_MAX = 100;

const KEY = /^[A-Za-z0-9._:@+/-]{1,200}$/;
const PREFIX = /^[A-Za-z0-9._:@+/-]{0,200}$/;
const PART = /^[A-Za-z0-9._:@+-]{1,100}$/;
const DECISION = /^decision\/([^/]+)\/([^/]+)$/;
const DECISIONS = 'decision/';

/** A decision's key in its two parts. Ids of one coordinator rise with time, so that a floor can be. */
export interface DecisionKey {
  readonly coordinator: string;
  readonly id: string;
}

/** `decision/<coordinator>/<id>`, whose creation heeds the coordinator's floor. */
export function decisionKey(coordinator: string, id: string): string {
  assert(PART.test(coordinator), `no bank id: ${coordinator}`);
  assert(PART.test(id), `no transaction id: ${id}`);
  return `${DECISIONS}${coordinator}/${id}`;
}

/** The parts of a decision's key; null for keys that heed no floor. */
export function partsOfDecision(key: string): DecisionKey | null {
  const [, coordinator, id] = DECISION.exec(key) ?? [];
  if (coordinator === undefined || id === undefined) return null;
  return { coordinator, id };
}

/** Only printable ASCII without blanks, so that bytes and characters have one order in every home. */
export function assertKey(key: string): void {
  assert(KEY.test(key), `no key of a register: ${key}`);
  const isDecision = key.startsWith(DECISIONS);
  assert(!isDecision || partsOfDecision(key) !== null, `no key of a decision: ${key}`);
}

export function assertPrefix(prefix: string): void {
  assert(PREFIX.test(prefix), `no prefix of a register: ${prefix}`);
}

/** Decisions are for ever, until they are retired below a floor. */
export function assertReplaceable(key: string): void {
  assertKey(key);
  assert(partsOfDecision(key) === null, `a decision can't be replaced: ${key}`);
}

export function valueBytes(value: RegisterValue): Buffer {
  const bytes = Buffer.from(value);
  assert(bytes.length <= VALUE_BYTES_MAX, `a value has at most ${VALUE_BYTES_MAX} bytes`);
  return bytes;
}

/** The first key past all that begin with the prefix; `~` comes after every character of a key. */
export function endOfPrefix(prefix: string): string {
  return `${prefix}~`;
}
