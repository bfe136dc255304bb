import { Type } from 'typebox';
import {
  AMOUNT_MAX,
  METADATA_PAIRS_MAX,
  METADATA_TEXT_MAX,
  PAGE_LIMIT_DEFAULT,
  PAGE_LIMIT_MAX,
  WIRE_INTEGER_MAX,
} from './bounds.ts';

const BANK = '[a-z][a-z0-9-]{1,30}';
const ACCOUNT = '[A-Za-z0-9._:@+-]{1,64}';
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/** A chosen id of a transfer, transaction or order: a UUID, version 7 when generated. */
export const Uuid = Type.String({
  pattern: `^${UUID}$`,
  description: 'A UUID in lower case.',
});

export const AccountId = Type.String({
  pattern: `^${ACCOUNT}$`,
  description: 'Account id: 1–64 of A–Z a–z 0–9 . _ : @ + -. Never a document or an e-mail.',
});

export const BankId = Type.String({
  pattern: `^${BANK}$`,
  description: 'A bank of the consortium: 2–31 of a–z 0–9 -, a letter first.',
});

/** Where money is: an account of this bank, or of any bank of the consortium. */
export const Place = Type.String({
  pattern: `^(${BANK}/)?${ACCOUNT}$`,
  description: 'An account of this bank, or `<bank>/<account>` in the consortium.',
});

/** The id of a transaction across banks; the bank that it names coordinates. */
export const CrossBankId = Type.String({
  pattern: `^${BANK}/${UUID}$`,
  description: '`<bank>/<UUID>`; in a path as two parts, or with its `/` written `%2F`.',
});

/** The id of any transaction. */
export const TransactionId = Type.String({
  pattern: `^(${BANK}/)?${UUID}$`,
  description: 'A UUID, or `<bank>/<UUID>` of a transaction across banks.',
});

export const Sku = Type.String({
  pattern: '^[A-Za-z0-9._:@+-]{1,50}$',
  description: 'Product id: 1–50 of A–Z a–z 0–9 . _ : @ + -.',
});

export const AssetName = Type.String({
  pattern: '^[A-Z][A-Z0-9_]{0,15}/(0|[1-9]|1[0-8])$',
  description: 'Asset code and decimal places of its minor unit: `BRL/2` is counted in centavos.',
});

/** Minor units, above zero. The bank's own bound may be lower than the wire's. */
export const Amount = Type.Integer({
  minimum: 1,
  maximum: WIRE_INTEGER_MAX,
  description: 'Minor units (centavos for `BRL/2`), written as a plain integer.',
});

/** Units of a product in one line or movement: low enough that a hundred lines of one sku add up exactly. */
export const Quantity = Type.Integer({ minimum: 1, maximum: AMOUNT_MAX });

/** Minor units or units, zero included. */
export const NaturalAmount = Type.Integer({ minimum: 0, maximum: WIRE_INTEGER_MAX });

/** A balance on the wire. */
export const SignedAmount = Type.Integer({ minimum: -WIRE_INTEGER_MAX, maximum: WIRE_INTEGER_MAX });

/** An integer that may pass 2^53 − 1. */
export const WideInteger = Type.String({
  pattern: '^-?(0|[1-9][0-9]*)$',
  description: 'An integer as decimal text, for it may pass 2^53 − 1.',
});

/** Text that every store can hold: no NUL and no half of a surrogate pair. */
export const TEXT_PATTERN = '^[^\\u0000\\ud800-\\udfff]*$';

export const Metadata = Type.Record(
  Type.String({ pattern: '^[^\\u0000\\ud800-\\udfff]{1,500}$' }),
  Type.String({ maxLength: METADATA_TEXT_MAX, pattern: TEXT_PATTERN }),
  {
    maxProperties: METADATA_PAIRS_MAX,
    additionalProperties: false,
    description: 'Up to 20 pairs of text of up to 500 characters each.',
  },
);

/** Metadata in an answer: what was accepted is shown whole, whatever its characters. */
export const ShownMetadata = Type.Unsafe<Record<string, string>>({
  type: 'object',
  additionalProperties: { type: 'string' },
});

export const Timestamp = Type.String({
  format: 'date-time',
  description: 'RFC 3339, UTC: the time of the block that made it so.',
});

/** A moment in a request. */
export const Moment = Type.String({
  format: 'date-time',
  maxLength: 40,
  description: 'RFC 3339 with its offset; a `+` in a query string is written `%2B`.',
});

export const Seq = Type.Integer({
  minimum: 0,
  description: 'Number of the event in the bank’s one order, gapless.',
});

export const PageLimit = Type.Integer({
  minimum: 1,
  maximum: PAGE_LIMIT_MAX,
  default: PAGE_LIMIT_DEFAULT,
});

export const Cursor = Type.String({
  minLength: 1,
  maxLength: 200,
  description: '`next` of the page before.',
});

/** The body of a command that says nothing but its id, and may be left out. */
export const CommandIdRequest = Type.Object(
  { id: Type.Optional(Uuid) },
  { additionalProperties: false },
);
