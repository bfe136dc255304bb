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
  TEXT_PATTERN,
  Timestamp,
  Uuid,
  WideInteger,
} from './scalars.ts';
import { METADATA_PATTERNS, METADATA_QUERY, PERIOD_QUERY } from './search.ts';

const MaximumBalance = Type.Union([NaturalAmount, Type.Null()], {
  description:
    'How high the balance may rise, promised credits counted. null: no bound of its own.',
});

export const AccountRequest = Type.Object(
  {
    id: Type.Optional(AccountId),
    asset: AssetName,
    creditLimit: Type.Optional(
      Type.Union([NaturalAmount, Type.Null()], {
        description: 'How far below zero it may go; 0 unless given. null: no limit, admin only.',
      }),
    ),
    maximumBalance: Type.Optional(MaximumBalance),
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
  maximumBalance: Type.Union([NaturalAmount, Type.Null()]),
  /** Until when somebody holds the exclusive right to write it; it is over once that is past. */
  leasedUntil: Type.Union([Timestamp, Type.Null()]),
  status: Type.Union([Type.Literal('open'), Type.Literal('frozen'), Type.Literal('closed')]),
  version: Type.Integer({
    description: 'Also the ETag; rises with every movement and every other change.',
  }),
  createdAt: Timestamp,
  metadata: ShownMetadata,
});
export type AccountAnswer = Static<typeof AccountAnswer>;

export const AccountChange = Type.Object(
  {
    creditLimit: Type.Optional(
      Type.Union([NaturalAmount, Type.Null()], {
        description: 'How far below zero it may go. null: no limit.',
      }),
    ),
    maximumBalance: Type.Optional(MaximumBalance),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type AccountChange = Static<typeof AccountChange>;

export const StatusRequest = Type.Object(
  {
    reason: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        pattern: TEXT_PATTERN,
        description: 'For whoever reads the journal later. No personal data: it stays for ever.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type StatusRequest = Static<typeof StatusRequest>;

export const AccountList = page(AccountAnswer);
export const AccountQuery = Type.Object(
  {
    ...PageQuery,
    asset: Type.Optional(Type.String({ maxLength: 64 })),
    ...PERIOD_QUERY,
    ...METADATA_QUERY,
  },
  { additionalProperties: false, patternProperties: METADATA_PATTERNS },
);
export type AccountQuery = Static<typeof AccountQuery>;

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
