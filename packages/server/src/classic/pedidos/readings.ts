import { parseJson } from '@lastro/core';

const LONG_INTEGER = /\d{16}/;
const PLAIN_INTEGER = /^-?\d+$/;

/**
 * The readings in an answer: a JSON array of them, or one object. Integers that a double can't hold
 * become bigint, for two long ids may differ in their last digit. Throws for anything else.
 */
export function parseReadings(text: string): readonly unknown[] {
  const value = parseJson(text, LONG_INTEGER.test(text) ? keepLongIntegers : undefined);
  if (Array.isArray(value)) return value;
  if (typeof value === 'object' && value !== null) return [value];
  throw new SyntaxError('neither an array nor an object');
}

function keepLongIntegers(_name: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  return PLAIN_INTEGER.test(source) ? BigInt(source) : value;
}
