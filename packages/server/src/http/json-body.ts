import { isUtf8 } from 'node:buffer';
import { parseJson } from '@lastro/core';
import { ProblemError } from './problem.ts';

/**
 * A number that is not a plain integer, or a negative one, or a member that could poison an object:
 * cheap to look for, exact only together with `readStrictly`. Text in quotes can look like it, too.
 * Or any escape, for a name may be behind it, and V8 misreads such names (see `parseJson` of `core`).
 */
const SUSPICIOUS = /[:,[{]\s*-|[:,[]\s*\d+[.eE]|"(?:__proto__|constructor|prototype)"|^\s*[-\d]|\\/;

const PLAIN_INTEGER = /^-?(?:0|[1-9]\d*)$/;

/** Reads a request's JSON, which must be UTF-8: decoding would put U+FFFD in place of what isn't. */
export function readJsonBytes(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new ProblemError('invalid_json');
  return readJsonBody(bytes.toString('utf8'));
}

/**
 * Reads a request's JSON. Numbers must be written as plain integers, for 1.0, 1e2 and
 * 4503599627370497.3 would reach us as integers that nobody wrote.
 */
export function readJsonBody(text: string): unknown {
  try {
    if (SUSPICIOUS.test(text)) return readStrictly(text);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError('invalid_json');
  }
}

function readStrictly(text: string): unknown {
  return parseJson(text, (name, value, context) => {
    if (name === '__proto__' || name === 'constructor' || name === 'prototype') {
      throw new ProblemError('invalid_request', { detail: `member ${name} is not allowed` });
    }
    const source = context?.source;
    if (typeof value !== 'number' || source === undefined) return value;
    if (!PLAIN_INTEGER.test(source) || source === '-0') {
      throw new ProblemError('invalid_number', { detail: 'write numbers as plain integers' });
    }
    return value;
  });
}
