import type { RefusalCode } from '@lastro/core';
import { EDGE_ERRORS, type EdgeErrorCode } from './edge-errors.ts';
import type { ErrorEntry } from './error-entry.ts';
import { PEER_ERRORS, type PeerErrorCode } from './peer-errors.ts';
import { RULE_ERRORS } from './rule-errors.ts';

export type ErrorCode = RefusalCode | EdgeErrorCode | PeerErrorCode;

/** The registry of errors: total over every code by the compiler. */
export const ERRORS: { readonly [Code in ErrorCode]: ErrorEntry } = {
  ...RULE_ERRORS,
  ...EDGE_ERRORS,
  ...PEER_ERRORS,
};

/** The `type` of a problem: a URI relative to the bank, which serves the registry there. */
export function problemType(code: ErrorCode): string {
  return `/errors#${code}`;
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
