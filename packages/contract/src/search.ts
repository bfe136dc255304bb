import { Type } from 'typebox';
import { METADATA_PAIRS_MAX, METADATA_TEXT_MAX } from './bounds.ts';
import { Moment, NaturalAmount, TEXT_PATTERN } from './scalars.ts';

/** What the name of a query's parameter begins with that asks for metadata. */
export const METADATA_PREFIX = 'metadata.';

const MetadataText = Type.String({
  maxLength: METADATA_TEXT_MAX,
  pattern: TEXT_PATTERN,
  description:
    'Metadata of the key KEY, whatever that is, has exactly this value: `metadata.invoice=17`. ' +
    `With several keys, up to ${METADATA_PAIRS_MAX}, all must have theirs.`,
});

/** `metadata.KEY=VALUE` among the properties of a query; `METADATA_PATTERNS` lets any key through. */
export const METADATA_QUERY = { 'metadata.KEY': Type.Optional(MetadataText) } as const;

export const METADATA_PATTERNS = {
  [`^metadata\\.[^\\u0000\\ud800-\\udfff]{1,${METADATA_TEXT_MAX}}$`]: MetadataText,
} as const;

/** A period of booking: `from` is included, `to` is not. */
export const PERIOD_QUERY = { from: Type.Optional(Moment), to: Type.Optional(Moment) } as const;

/** Both bounds included. */
export const AMOUNT_QUERY = {
  minAmount: Type.Optional(NaturalAmount),
  maxAmount: Type.Optional(NaturalAmount),
} as const;
