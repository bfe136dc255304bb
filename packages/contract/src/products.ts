import { Type, type Static } from 'typebox';
import { page, PageQuery } from './page.ts';
import {
  AccountId,
  AssetName,
  NaturalAmount,
  Quantity,
  Sku,
  TEXT_PATTERN,
  Uuid,
} from './scalars.ts';
import { AMOUNT_MAX } from './bounds.ts';

const ProductName = Type.String({ minLength: 1, maxLength: 200, pattern: TEXT_PATTERN });

export const ProductRequest = Type.Object(
  {
    sku: Sku,
    name: ProductName,
    price: NaturalAmount,
    asset: AssetName,
    stock: NaturalAmount,
    merchant: Type.Optional(
      Type.Union([AccountId, Type.Null()], {
        description: 'The only account that may be paid for it.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type ProductRequest = Static<typeof ProductRequest>;

export const ProductAnswer = Type.Object({
  sku: Type.String(),
  name: Type.String(),
  price: NaturalAmount,
  asset: Type.String(),
  merchant: Type.Union([Type.String(), Type.Null()]),
  stock: Type.Integer({ description: 'Units free to sell.' }),
  reserved: NaturalAmount,
  sold: NaturalAmount,
  version: Type.Integer({ description: 'Also the ETag; rises when name or price change.' }),
});
export type ProductAnswer = Static<typeof ProductAnswer>;

export const ProductList = page(ProductAnswer);
export const ProductQuery = Type.Object(PageQuery, { additionalProperties: false });

export const ProductChange = Type.Object(
  { name: Type.Optional(ProductName), price: Type.Optional(NaturalAmount) },
  { additionalProperties: false, minProperties: 1 },
);
export type ProductChange = Static<typeof ProductChange>;

export const ReceiptRequest = Type.Object(
  { id: Type.Optional(Uuid), quantity: Quantity },
  { additionalProperties: false },
);
export type ReceiptRequest = Static<typeof ReceiptRequest>;

export const AdjustmentRequest = Type.Object(
  {
    id: Type.Optional(Uuid),
    quantity: Type.Union([Quantity, Type.Integer({ minimum: -AMOUNT_MAX, maximum: -1 })]),
    reason: Type.String({ minLength: 1, maxLength: 500, pattern: TEXT_PATTERN }),
  },
  { additionalProperties: false },
);
export type AdjustmentRequest = Static<typeof AdjustmentRequest>;
