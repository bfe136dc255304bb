import { Type, type Static } from 'typebox';
import { BATCH_TRANSFERS_MAX, TRANSACTION_TRANSFERS_MAX, WIRE_INTEGER_MAX } from './bounds.ts';
import { ACROSS_BANKS, PATIENCE } from './cross-bank.ts';
import { page, PageQuery } from './page.ts';
import {
  AccountId,
  Amount,
  Metadata,
  Place,
  Seq,
  ShownMetadata,
  Timestamp,
  TransactionId,
  Uuid,
} from './scalars.ts';
import { AMOUNT_QUERY, METADATA_PATTERNS, METADATA_QUERY, PERIOD_QUERY } from './search.ts';

/** What must hold of the debited account, judged with the transfer, in the same block. */
export const CONDITIONS = {
  ifVersion: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: WIRE_INTEGER_MAX,
      description: 'Only if `from` is at this version.',
    }),
  ),
  ifBalanceAtLeast: Type.Optional(
    Type.Integer({
      minimum: -WIRE_INTEGER_MAX,
      maximum: WIRE_INTEGER_MAX,
      description: 'Only if the balance of `from` is at least this, before the transfer.',
    }),
  ),
} as const;

const MOVEMENT = {
  id: Type.Optional(Uuid),
  from: Place,
  to: Place,
  amount: Amount,
  metadata: Type.Optional(Metadata),
  ...CONDITIONS,
  ...ACROSS_BANKS,
} as const;

export const TransferRequest = Type.Object(
  { ...MOVEMENT, ...PATIENCE },
  { additionalProperties: false },
);
export type TransferRequest = Static<typeof TransferRequest>;

/** A deposit or a withdrawal: a transfer against `cash:<code>`. */
export const CashRequest = Type.Object(
  {
    id: Type.Optional(Uuid),
    account: AccountId,
    amount: Amount,
    metadata: Type.Optional(Metadata),
  },
  { additionalProperties: false },
);
export type CashRequest = Static<typeof CashRequest>;

export const TransferAnswer = Type.Object({
  /** Of a transfer across banks: of its transaction. */
  id: TransactionId,
  status: Type.Literal('posted'),
  from: Type.String(),
  to: Type.String(),
  amount: Amount,
  asset: Type.String(),
  seq: Seq,
  at: Timestamp,
  metadata: ShownMetadata,
  reverses: Type.Optional(
    Type.String({ description: 'The transfer that this one moves back, or a part of it.' }),
  ),
  reversed: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: WIRE_INTEGER_MAX,
      description: 'How much of it was moved back since; where it is read by itself.',
    }),
  ),
});
export type TransferAnswer = Static<typeof TransferAnswer>;

export const TransferList = page(TransferAnswer);
export const TransferQuery = Type.Object(
  {
    ...PageQuery,
    account: Type.Optional(AccountId),
    ...PERIOD_QUERY,
    ...AMOUNT_QUERY,
    ...METADATA_QUERY,
  },
  { additionalProperties: false, patternProperties: METADATA_PATTERNS },
);
export type TransferQuery = Static<typeof TransferQuery>;

export const BatchRequest = Type.Object(
  {
    transfers: Type.Array(TransferRequest, { minItems: 1, maxItems: BATCH_TRANSFERS_MAX }),
  },
  { additionalProperties: false },
);
export type BatchRequest = Static<typeof BatchRequest>;

/** One transfer of a batch, settled by itself. */
export const BatchResult = Type.Object({
  id: Type.Optional(TransactionId),
  status: Type.Optional(
    Type.Union([Type.Literal('posted'), Type.Literal('pending')], {
      description: '`pending`: the banks have not agreed yet; ask for the transaction by its id.',
    }),
  ),
  code: Type.Optional(Type.String()),
  bank: Type.Optional(Type.String({ description: 'The bank that refused, when another one.' })),
});
export type BatchResult = Static<typeof BatchResult>;

export const BatchAnswer = Type.Object({ results: Type.Array(BatchResult) });
export type BatchAnswer = Static<typeof BatchAnswer>;

/** One of several transfers that are posted together. */
export const TransactionTransfer = Type.Object(MOVEMENT, { additionalProperties: false });
export type TransactionTransfer = Static<typeof TransactionTransfer>;

export const TransactionRequest = Type.Object(
  {
    id: Type.Optional(Uuid),
    transfers: Type.Array(TransactionTransfer, {
      minItems: 1,
      maxItems: TRANSACTION_TRANSFERS_MAX,
    }),
    ...PATIENCE,
  },
  { additionalProperties: false },
);
export type TransactionRequest = Static<typeof TransactionRequest>;

export const TransactionAnswer = Type.Object({
  id: TransactionId,
  status: Type.Literal('posted'),
  seq: Seq,
  at: Timestamp,
  reverses: Type.Optional(
    Type.String({ description: 'The transaction or order that this one takes back.' }),
  ),
  transfers: Type.Array(TransferAnswer),
});
export type TransactionAnswer = Static<typeof TransactionAnswer>;
