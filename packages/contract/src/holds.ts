import { Type, type Static } from 'typebox';
import { HOLD_TRANSFERS_MAX, HOLD_TTL_MAX_SECONDS, WIRE_INTEGER_MAX } from './bounds.ts';
import { page, PageQuery } from './page.ts';
import {
  AccountId,
  Amount,
  CommandIdRequest,
  Metadata,
  Moment,
  Seq,
  ShownMetadata,
  Timestamp,
  Uuid,
} from './scalars.ts';
import { CONDITIONS } from './transfers.ts';

/** When a hold ends by itself: one of the two at most. */
const EXPIRY = {
  ttl: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: HOLD_TTL_MAX_SECONDS,
      description: 'Seconds from now on, at most 90 days. Instead of `expiresAt`.',
    }),
  ),
  expiresAt: Type.Optional(Moment),
} as const;

const PROMISE = {
  from: AccountId,
  to: AccountId,
  amount: Amount,
  metadata: Type.Optional(Metadata),
  ...CONDITIONS,
} as const;

/** A transfer that is promised, as part of a hold of several. */
export const PromisedTransfer = Type.Object(PROMISE, { additionalProperties: false });
export type PromisedTransfer = Static<typeof PromisedTransfer>;

export const SingleHoldRequest = Type.Object(
  { id: Type.Optional(Uuid), ...PROMISE, ...EXPIRY },
  { additionalProperties: false },
);
export type SingleHoldRequest = Static<typeof SingleHoldRequest>;

export const GroupHoldRequest = Type.Object(
  {
    id: Type.Optional(Uuid),
    transfers: Type.Array(PromisedTransfer, { minItems: 1, maxItems: HOLD_TRANSFERS_MAX }),
    ...EXPIRY,
  },
  { additionalProperties: false },
);
export type GroupHoldRequest = Static<typeof GroupHoldRequest>;

/** One promised transfer, or several that end together; never a mixture. */
export const HoldRequest = Type.Union([SingleHoldRequest, GroupHoldRequest]);
export type HoldRequest = Static<typeof HoldRequest>;

export const CaptureRequest = Type.Object(
  {
    id: Type.Optional(Uuid),
    amount: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: WIRE_INTEGER_MAX,
        description: 'A part of it; the rest is released. All of it unless given.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type CaptureRequest = Static<typeof CaptureRequest>;

export const ReleaseRequest = CommandIdRequest;
export type ReleaseRequest = Static<typeof ReleaseRequest>;

export const ExtensionRequest = Type.Object(
  { id: Type.Optional(Uuid), ...EXPIRY },
  { additionalProperties: false, minProperties: 1 },
);
export type ExtensionRequest = Static<typeof ExtensionRequest>;

const HoldStateName = Type.Union([
  Type.Literal('pending'),
  Type.Literal('captured'),
  Type.Literal('released'),
  Type.Literal('expired'),
]);

export const HoldAnswer = Type.Object({
  id: Uuid,
  state: HoldStateName,
  transfers: Type.Array(
    Type.Object({
      from: Type.String(),
      to: Type.String(),
      amount: Amount,
      asset: Type.String(),
      metadata: ShownMetadata,
    }),
  ),
  expiresAt: Type.Optional(
    Type.String({
      format: 'date-time',
      description:
        'RFC 3339, UTC. From then on it can’t be captured. Left out where the hold belongs to a ' +
        'cross-bank transaction: only the decision ends it.',
    }),
  ),
  seq: Seq,
  at: Timestamp,
  endedSeq: Type.Optional(Seq),
  endedAt: Type.Optional(Timestamp),
  captured: Type.Optional(
    Type.Array(Type.Object({ id: Uuid, amount: Amount }), {
      description: 'The transfers that it became, in the order of `transfers`.',
    }),
  ),
});
export type HoldAnswer = Static<typeof HoldAnswer>;

export const HoldList = page(HoldAnswer);
export const HoldQuery = Type.Object(
  {
    ...PageQuery,
    account: Type.Optional(AccountId),
    state: Type.Optional(HoldStateName),
  },
  { additionalProperties: false },
);
