import type { Attempt, Tag } from '../home.ts';
import type { Exchange } from './endpoints.ts';

/** An entry as etcd has it; `key` and `value` in base64. */
export interface KeyValue {
  readonly key: string;
  readonly value: string;
  readonly modRevision: bigint;
}

/** What one operation of a transaction answered. */
export interface OperationAnswer {
  readonly keyValues: readonly KeyValue[];
  /** Of a transaction within the transaction. */
  readonly nested: TransactionAnswer | null;
}

export interface TransactionAnswer {
  readonly succeeded: boolean;
  readonly operations: readonly OperationAnswer[];
}

export interface Answered {
  /** Of the store when it had run the transaction: of this one, if it changed anything. */
  readonly revision: bigint;
  readonly transaction: TransactionAnswer;
}

/** What a login gave. */
export interface Admission {
  readonly kind: 'admitted';
  /** Shown with each request; null: the cluster has no logins, and takes anybody. */
  readonly token: string | null;
}

/**
 * Codes of gRPC with which a member refuses to take it: bad argument, no right, exhausted, not
 * authenticated. Anything else that is no success may have been taken.
 */
const NOT_TAKEN = new Set([3, 7, 8, 16]);
/** Said also by a member that carries out the very transaction that fills it. */
const FULL = /space exceeded/;
/** Said by what stands before the gateway, in plain text. */
const NOT_LET_IN = /CommonName of client|HTTP request to an HTTPS server/;
const TEXT_CHARACTERS_MAX = 200;
/** Of those, what passes by itself: a token that a member forgot between two tries, too. */
const PASSING = /too many requests|invalid auth token/;
/** How a member says that it takes nothing without another login. */
const LOGIN_LOST = /invalid auth token|user name is empty|revision of auth store is old/;
const LOGIN_OFF = /authentication is not enabled/;
/** Any visible text, as a header can carry it. */
const TOKEN = /^[\x21-\x7e]{1,8192}$/;
const NO_ETCD = 'what answers there is no etcd';

/** Reads what a member answered to a transaction; everything but success is the register being away. */
export function readAnswer(
  exchange: Exchange,
): Answered | Extract<Attempt<never>, { readonly kind: 'away' }> {
  switch (exchange.kind) {
    case 'unsent':
      return { ...exchange, kind: 'away', effect: 'none', reason: `etcd: ${exchange.reason}` };
    case 'cut':
      return { kind: 'away', effect: 'unknown', reason: `etcd: ${exchange.reason}` };
    case 'answered':
      break;
  }
  const json = parse(exchange.text);
  if (exchange.status !== 200) {
    const { message, isTaken, isLasting } = refusalOf(exchange);
    const effect = isTaken ? 'unknown' : 'none';
    return { kind: 'away', effect, reason: `etcd: ${message}`, isLasting };
  }
  const revision = numberOf(recordOf(json['header'])['revision']);
  if (revision === undefined) {
    return { kind: 'away', effect: 'unknown', reason: `etcd: ${NO_ETCD}` };
  }
  return { revision, transaction: transactionOf(json) };
}

/** Reads what a member answered to a login. */
export function readAdmission(
  exchange: Exchange,
): Admission | Extract<Exchange, { readonly kind: 'unsent' }> {
  if (exchange.kind !== 'answered') return { kind: 'unsent', reason: exchange.reason };
  const json = parse(exchange.text);
  if (exchange.status === 200) {
    const token = textOf(json['token']);
    return TOKEN.test(token) ? { kind: 'admitted', token } : { kind: 'unsent', reason: NO_ETCD };
  }
  const { message, isLasting } = refusalOf(exchange);
  if (LOGIN_OFF.test(message)) return { kind: 'admitted', token: null };
  return { kind: 'unsent', reason: `no login: ${message}`, isLasting };
}

/** Whether a member refused only because it doesn't know who asks. */
export function isLoginLost(exchange: Exchange): boolean {
  if (exchange.kind !== 'answered' || exchange.status === 200) return false;
  const { message, isTaken } = refusalOf(exchange);
  return !isTaken && LOGIN_LOST.test(message);
}

/** `isTaken`: the member may have done it all the same. */
function refusalOf({ status, text }: Extract<Exchange, { readonly kind: 'answered' }>) {
  const json = parse(text);
  const code = json['code'];
  const told = textOf(json['message'] ?? json['error']);
  const message = told || `status ${status}: ${text.trim().slice(0, TEXT_CHARACTERS_MAX)}`;
  const isRefused = typeof code === 'number' ? NOT_TAKEN.has(code) : NOT_LET_IN.test(message);
  const isTaken = !isRefused || FULL.test(message);
  return { message, isTaken, isLasting: isRefused && !PASSING.test(message) };
}

/** Splits what is stored: 16 bytes of tag, then the value. */
export function splitStored(stored: string): { readonly tag: Tag; readonly value: Buffer } {
  const bytes = Buffer.from(stored, 'base64');
  const hex = bytes.subarray(0, 16).toString('hex');
  const tag = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  return { tag, value: bytes.subarray(16) };
}

function transactionOf(json: Fields): TransactionAnswer {
  // The gateway leaves out what is false, zero or empty.
  return {
    succeeded: json['succeeded'] === true,
    operations: listOf(json['responses']).map(operationOf),
  };
}

function operationOf(json: Fields): OperationAnswer {
  const nested = json['response_txn'];
  return {
    keyValues: listOf(recordOf(json['response_range'])['kvs']).map(keyValueOf),
    nested: nested === undefined ? null : transactionOf(recordOf(nested)),
  };
}

function keyValueOf(json: Fields): KeyValue {
  return {
    key: textOf(json['key']),
    value: textOf(json['value']),
    modRevision: numberOf(json['mod_revision']) ?? 0n,
  };
}

type Fields = Readonly<Record<string, unknown>>;

function parse(text: string): Fields {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^\d{1,19}$/.test(value) ? BigInt(value) : undefined;
}
