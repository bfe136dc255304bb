import { Type, type Static } from 'typebox';
import { page, PageQuery } from './page.ts';
import {
  AccountId,
  AssetName,
  Metadata,
  ShownMetadata,
  NaturalAmount,
  Seq,
  SignedAmount,
  Timestamp,
  Uuid,
  WideInteger,
} from './scalars.ts';

export const AccountRequest = Type.Object(
  {
    id: Type.Optional(AccountId),
    asset: AssetName,
    creditLimit: Type.Optional(
      Type.Union([NaturalAmount, Type.Null()], {
        description: 'How far below zero it may go; 0 unless given. null: no limit, admin only.',
      }),
    ),
    metadata: Type.Optional(Metadata),
  },
  { additionalProperties: false },
);
export type AccountRequest = Static<typeof AccountRequest>;

/** Balances of `cash:` and `peer:` accounts may pass 2^53 − 1 and are decimal text then. */
const Balance = Type.Union([SignedAmount, WideInteger]);

export const AccountAnswer = Type.Object({
  id: Type.String(),
  asset: Type.String(),
  balance: Balance,
  held: NaturalAmount,
  available: Type.Union([Balance, Type.Null()]),
  creditLimit: Type.Union([NaturalAmount, Type.Null()]),
  status: Type.Union([Type.Literal('open'), Type.Literal('frozen'), Type.Literal('closed')]),
  version: Type.Integer(),
  createdAt: Timestamp,
  metadata: ShownMetadata,
});
export type AccountAnswer = Static<typeof AccountAnswer>;

export const AccountList = page(AccountAnswer);
export const AccountQuery = Type.Object(
  { ...PageQuery, asset: Type.Optional(Type.String({ maxLength: 64 })) },
  { additionalProperties: false },
);

export const Entry = Type.Object({
  seq: Seq,
  transferId: Uuid,
  direction: Type.Union([Type.Literal('in'), Type.Literal('out')]),
  amount: NaturalAmount,
  counterparty: Type.String(),
  balanceAfter: Balance,
  at: Timestamp,
});
export type Entry = Static<typeof Entry>;

export const EntryList = page(Entry);
export const EntryQuery = Type.Object(PageQuery, { additionalProperties: false });
