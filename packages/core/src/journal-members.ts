import { parseJson } from './parse-json.ts';

/** Typed access to the members of one parsed JSON object; throws a `SyntaxError` where they are others. */
export interface Reader {
  names(): readonly string[];
  has(name: string): boolean;
  isNull(name: string): boolean;
  number(name: string): number;
  integer(name: string): bigint;
  text(name: string): string;
  object(name: string): Reader;
  /** Milliseconds since 1970, of an RFC 3339 time in UTC. */
  time(name: string): number;
  list(name: string): readonly Reader[];
  texts(name: string): readonly string[];
}

/** The members of a JSON object's text. */
export function reader(line: string): Reader {
  return readerOf(parseJson(line));
}

function readerOf(value: unknown): Reader {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SyntaxError('expected an object');
  }
  const members = new Map<string, unknown>(Object.entries(value));
  const wrong = (name: string) => new SyntaxError(`member ${name} is missing or of another type`);
  const number = (name: string): number => {
    const found = members.get(name);
    if (typeof found !== 'number' || !Number.isSafeInteger(found)) throw wrong(name);
    return found;
  };
  const list = (name: string): readonly unknown[] => {
    const found = members.get(name);
    if (!Array.isArray(found)) throw wrong(name);
    return found;
  };
  const text = (name: string): string => {
    const found = members.get(name);
    if (typeof found !== 'string') throw wrong(name);
    return found;
  };
  return {
    names: () => [...members.keys()],
    has: (name: string) => members.has(name),
    isNull: (name: string) => members.get(name) === null,
    number,
    integer: (name: string) => BigInt(number(name)),
    text,
    time(name) {
      const at = Date.parse(text(name));
      if (Number.isNaN(at)) throw wrong(name);
      return at;
    },
    object: (name: string): Reader => readerOf(members.get(name)),
    list: (name: string): readonly Reader[] => list(name).map(readerOf),
    texts: (name: string): readonly string[] =>
      list(name).map((found) => {
        if (typeof found !== 'string') throw wrong(name);
        return found;
      }),
  };
}
