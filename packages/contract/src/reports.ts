import { Type, type Static } from 'typebox';
import { Moment, NaturalAmount } from './scalars.ts';

export const OrderReportQuery = Type.Object(
  {
    from: Type.Optional(Moment),
    to: Type.Optional(Moment),
    by: Type.Optional(
      Type.Union([
        Type.Literal('product'),
        Type.Literal('customer'),
        Type.Literal('status'),
        Type.Literal('hour'),
      ]),
    ),
  },
  { additionalProperties: false },
);
export type OrderReportQuery = Static<typeof OrderReportQuery>;

export const OrderReport = Type.Object({
  data: Type.Array(
    Type.Object({
      key: Type.String({ description: 'Sku, account, status, or hour (RFC 3339, UTC).' }),
      orders: Type.Integer(),
      completed: Type.Integer(),
      refused: Type.Integer(),
      total: Type.Union([NaturalAmount, Type.String()], {
        description:
          'Minor units of what was completed, whatever its asset; decimal text past 2^53 − 1.',
      }),
    }),
  ),
});
export type OrderReport = Static<typeof OrderReport>;
