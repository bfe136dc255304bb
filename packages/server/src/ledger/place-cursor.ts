import { decodeNumberCursor, encodeCursor, invalidCursor } from '../http/cursor.ts';
import type { EntryPlace } from './queries.ts';

/** The largest number of a transfer within its event that the database's column holds. */
const LEG_MAX = 2_147_483_647;

/** The place in a cursor; undefined for the first page. Throws `invalid_request`. */
export function decodePlace(cursor: string | undefined): EntryPlace | undefined {
  const [seq, leg] = decodeNumberCursor(cursor, 2) ?? [];
  if (seq === undefined || leg === undefined) return undefined;
  if (leg > LEG_MAX) throw invalidCursor();
  return { seq, leg };
}

export function encodePlace({ seq, leg }: EntryPlace): string {
  return encodeCursor(seq, leg);
}
