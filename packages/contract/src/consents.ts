import { Type, type Static } from 'typebox';
import { page, PageQuery } from './page.ts';
import {
  AccountId,
  Amount,
  BankId,
  Moment,
  NaturalAmount,
  Seq,
  Timestamp,
  Uuid,
} from './scalars.ts';

const Uses = Type.Union([Type.Literal('once'), Type.Literal('total')], {
  description:
    '`once`: one debit of at most `amount`. `total`: any number of debits that come to at most `amount` together.',
});

/** The right of one other bank to debit one account. */
export const ConsentRequest = Type.Object(
  {
    id: Type.Optional(Uuid),
    account: AccountId,
    bank: BankId,
    amount: Amount,
    uses: Uses,
    /** Within 366 days. */
    expiresAt: Moment,
  },
  { additionalProperties: false },
);
export type ConsentRequest = Static<typeof ConsentRequest>;

const ConsentState = Type.Union(
  [
    Type.Literal('standing'),
    Type.Literal('used'),
    Type.Literal('revoked'),
    Type.Literal('expired'),
  ],
  {
    description:
      '`used`: nothing of it is left; what a transaction that fails had used comes back.',
  },
);

export const ConsentAnswer = Type.Object({
  id: Uuid,
  account: Type.String(),
  bank: Type.String({ description: 'The bank that may debit the account.' }),
  amount: Amount,
  uses: Uses,
  remaining: NaturalAmount,
  state: ConsentState,
  expiresAt: Timestamp,
  seq: Seq,
  at: Timestamp,
});
export type ConsentAnswer = Static<typeof ConsentAnswer>;

export const ConsentList = page(ConsentAnswer);
export type ConsentList = Static<typeof ConsentList>;
export const ConsentQuery = Type.Object(
  {
    ...PageQuery,
    account: Type.Optional(AccountId),
    bank: Type.Optional(BankId),
  },
  { additionalProperties: false },
);
export type ConsentQuery = Static<typeof ConsentQuery>;
