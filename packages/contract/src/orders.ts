import { Type, type Static } from 'typebox';
import { ORDER_LINES_MAX } from './bounds.ts';
import { ACROSS_BANKS, PATIENCE } from './cross-bank.ts';
import { page, PageQuery } from './page.ts';
import {
  AccountId,
  NaturalAmount,
  Place,
  Quantity,
  Seq,
  Sku,
  Timestamp,
  TransactionId,
  Uuid,
} from './scalars.ts';

export const OrderLineRequest = Type.Object(
  { sku: Sku, quantity: Quantity },
  { additionalProperties: false },
);

export const OrderRequest = Type.Object(
  {
    id: Type.Optional(Uuid),
    customer: Place,
    merchant: AccountId,
    lines: Type.Array(OrderLineRequest, { minItems: 1, maxItems: ORDER_LINES_MAX }),
    expectedTotal: Type.Optional(NaturalAmount),
    consent: ACROSS_BANKS.consent,
    ...PATIENCE,
  },
  { additionalProperties: false },
);
export type OrderRequest = Static<typeof OrderRequest>;

/** Name, price and total are there once the order was decided in the customer's favour. */
export const OrderLineAnswer = Type.Object({
  sku: Type.String(),
  name: Type.Optional(Type.String()),
  unitPrice: Type.Optional(NaturalAmount),
  quantity: NaturalAmount,
  total: Type.Optional(NaturalAmount),
});

const OrderStatus = Type.Union([
  Type.Literal('completed'),
  Type.Literal('refused'),
  Type.Literal('cancelled'),
]);

export const OrderAnswer = Type.Object({
  id: Uuid,
  status: OrderStatus,
  customer: Type.String(),
  merchant: Type.String(),
  asset: Type.Optional(Type.String()),
  lines: Type.Array(OrderLineAnswer),
  total: Type.Optional(NaturalAmount),
  transactionId: Type.Optional(TransactionId),
  cancellation: Type.Optional(
    Type.Object(
      { transactionId: Uuid, seq: Seq, at: Timestamp },
      { description: 'The transaction that took it back, money and goods.' },
    ),
  ),
  code: Type.Optional(Type.String({ description: 'Why it was refused.' })),
  sku: Type.Optional(Type.String({ description: 'The product that the refusal is about.' })),
  account: Type.Optional(Type.String({ description: 'The account that the refusal is about.' })),
  seq: Seq,
  at: Timestamp,
});
export type OrderAnswer = Static<typeof OrderAnswer>;

export const OrderList = page(OrderAnswer);
export const OrderQuery = Type.Object(
  {
    ...PageQuery,
    status: Type.Optional(OrderStatus),
    customer: Type.Optional(Place),
  },
  { additionalProperties: false },
);
