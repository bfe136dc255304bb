import { centavosOf } from '../reais.ts';
import { isContaId } from './conta-id.ts';

/** The members of a body; none for a body that is no JSON object. */
export type Members = ReadonlyMap<string, unknown>;

const NONE: Members = new Map();

/** A number as the client wrote it, for a double would have rounded it already. */
class WrittenNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Reads a body of any content type: clients of the original send JSON under every one of them. */
export function readMembers(text: string): Members {
  let value: unknown;
  try {
    value = JSON.parse(text, (_name, part: unknown, context?: { source?: string }) =>
      typeof part === 'number' ? new WrittenNumber(context?.source ?? '') : part,
    );
  } catch {
    return NONE;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return NONE;
  return value instanceof WrittenNumber ? NONE : new Map<string, unknown>(Object.entries(value));
}

/** Null counts as missing, as it does to the original's clients. */
export function has(members: Members, name: string): boolean {
  return (members.get(name) ?? null) !== null;
}

/** The id of an account: a text, or a whole number as its digits; undefined for anything else. */
export function idIn(members: Members, name: string): string | undefined {
  const value = members.get(name);
  if (typeof value === 'string') return isContaId(value) ? value : undefined;
  const isWhole = value instanceof WrittenNumber && /^(0|[1-9]\d{0,14})$/.test(value.text);
  return isWhole ? value.text : undefined;
}

/** Reais as a JSON number of at most two decimals, in centavos; undefined for anything else. */
export function centavosIn(members: Members, name: string): bigint | undefined {
  const value = members.get(name);
  return value instanceof WrittenNumber ? centavosOf(value.text) : undefined;
}
