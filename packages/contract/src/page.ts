import { Type, type TSchema } from 'typebox';
import { Cursor, PageLimit } from './scalars.ts';

/** A page of a list: newest first unless it says otherwise, stable while the bank writes on. */
export function page<Item extends TSchema>(item: Item) {
  return Type.Object({
    data: Type.Array(item),
    next: Type.Union([Type.String(), Type.Null()], {
      description: 'Cursor of the next page; null on the last.',
    }),
  });
}

export const PageQuery = { limit: Type.Optional(PageLimit), cursor: Type.Optional(Cursor) };
