import { ProblemError } from './problem.ts';

/** Opaque cursors: what a client gets as `next` says nothing and is refused when it was made up. */
export function encodeCursor(...parts: readonly (string | number | bigint)[]): string {
  return Buffer.from(parts.join('\n'), 'utf8').toString('base64url');
}

/** The integers in a cursor, none below zero; undefined for the first page. Throws `invalid_request`. */
export function decodeNumberCursor(
  cursor: string | undefined,
  count: number,
): readonly number[] | undefined {
  const parts = decode(cursor, count);
  if (parts === undefined) return undefined;
  return parts.map((part) => {
    const number = Number(part);
    // As we write numbers: `1e3`, ` 5` and what passes 2^53 − 1 come back as another text.
    if (!Number.isSafeInteger(number) || number < 0 || String(number) !== part) {
      throw invalidCursor();
    }
    return number;
  });
}

/** The one text in a cursor; undefined for the first page. Throws `invalid_request`. */
export function decodeTextCursor(cursor: string | undefined): string | undefined {
  return decode(cursor, 1)?.[0];
}

function decode(cursor: string | undefined, count: number): readonly string[] | undefined {
  if (cursor === undefined) return undefined;
  const parts = Buffer.from(cursor, 'base64url').toString('utf8').split('\n');
  // What does not come back the same was not made by us, and may hold what PostgreSQL can't take.
  if (parts.length !== count || encodeCursor(...parts) !== cursor || cursor.includes('\0')) {
    throw invalidCursor();
  }
  if (parts.some((part) => part === '' || part.includes('\0'))) throw invalidCursor();
  return parts;
}

export function invalidCursor(): ProblemError {
  return new ProblemError('invalid_request', {
    errors: [{ pointer: '#cursor', detail: 'is not a cursor of this list' }],
  });
}
