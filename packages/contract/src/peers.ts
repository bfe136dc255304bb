import { Type, type Static } from 'typebox';
import {
  Amount,
  AssetName,
  AccountId,
  BankId,
  NaturalAmount,
  SignedAmount,
  Timestamp,
  Uuid,
  WideInteger,
} from './scalars.ts';

export const PublicKey = Type.String({
  pattern: '^[A-Za-z0-9_-]{43}$',
  description: 'An Ed25519 public key: 32 bytes in base64url without padding.',
});

const PeerUrl = Type.String({
  pattern: '^https?://[!-~]+$',
  maxLength: 500,
  description:
    'Where the bank is reached: `https://beta.example`, with a path in front if need be.',
});

const Wide = Type.Union([SignedAmount, WideInteger]);

const Limit = Type.Union([NaturalAmount, Type.Null()]);

/** How much one asset of a peer may be. What is left out stays as it is. */
export const PeerLimit = Type.Object(
  {
    asset: AssetName,
    exposure: Type.Optional(
      Type.Union([NaturalAmount, Type.Null()], {
        description:
          'How much the peer may owe this bank, promises counted; 0 unless set. null: without limit.',
      }),
    ),
    inFlight: Type.Optional(
      Type.Union([NaturalAmount, Type.Null()], {
        description: 'How much may be under way with the peer at once. null: without limit.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type PeerLimit = Static<typeof PeerLimit>;

const InFlightMax = Type.Integer({
  minimum: 1,
  maximum: 10_000,
  description: 'Transactions that may be under way with the peer at once.',
});

export const PeerRequest = Type.Object(
  {
    bank: BankId,
    url: Type.Optional(PeerUrl),
    keys: Type.Optional(
      Type.Array(PublicKey, {
        minItems: 1,
        maxItems: 2,
        description: 'What the bank signs with. Left out, as `url`: what the register says of it.',
      }),
    ),
    revoke: Type.Optional(
      Type.Boolean({
        description:
          'true: what it promised under keys that it had before counts no more, for they were stolen.',
      }),
    ),
    limits: Type.Optional(Type.Array(PeerLimit, { maxItems: 20 })),
    inFlightMax: Type.Optional(InFlightMax),
  },
  { additionalProperties: false },
);
export type PeerRequest = Static<typeof PeerRequest>;

export const PeerLimitRequest = Type.Object(
  {
    limits: Type.Optional(Type.Array(PeerLimit, { maxItems: 20 })),
    inFlightMax: Type.Optional(InFlightMax),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type PeerLimitRequest = Static<typeof PeerLimitRequest>;

const State = Type.Union(
  [Type.Literal('online'), Type.Literal('offline'), Type.Literal('unknown')],
  {
    description:
      '`online`: it answered the newest probes. `offline`: several in a row were missed; what needs it is refused or waits. `unknown`: this process has just started.',
  },
);

const PeerKeyAnswer = Type.Object({
  keyId: Type.String(),
  publicKey: PublicKey,
  fingerprint: Type.String({ description: 'What two operators read to each other.' }),
  state: Type.Union([Type.Literal('valid'), Type.Literal('superseded'), Type.Literal('revoked')], {
    description: '`superseded`: only what was promised under it still counts.',
  }),
});

const InFlightValue = Type.Object({ asset: Type.String(), value: Wide, max: Limit });

export const PeerAnswer = Type.Object({
  bank: Type.String(),
  url: Type.String(),
  state: State,
  lastContactAt: Type.Union([Timestamp, Type.Null()], {
    description: 'When it last proved to be there; null: not since this process started.',
  }),
  trouble: Type.Union([Type.String(), Type.Null()], {
    description:
      'Why the newest probe had no answer. `not_accepted`: it answers, but has not added this bank with its present key, or the clocks differ.',
  }),
  keys: Type.Array(PeerKeyAnswer),
  inFlight: Type.Object({
    count: Type.Integer(),
    max: Type.Integer(),
    values: Type.Array(InFlightValue),
  }),
  addedAt: Timestamp,
});
export type PeerAnswer = Static<typeof PeerAnswer>;

const OwnKeyAnswer = Type.Object({
  keyId: Type.String(),
  publicKey: PublicKey,
  fingerprint: Type.String(),
  role: Type.Union([Type.Literal('signing'), Type.Literal('next'), Type.Literal('previous')], {
    description:
      '`next`: announced to the peers; it signs as soon as those that are online take it. `previous`: still valid until the next rotation.',
  }),
});

/** This bank as its peers see it. */
export const OwnIdentity = Type.Object({
  bank: Type.String(),
  url: Type.String(),
  keys: Type.Array(OwnKeyAnswer),
});
export type OwnIdentity = Static<typeof OwnIdentity>;

export const PeerList = Type.Object({
  self: OwnIdentity,
  data: Type.Array(PeerAnswer),
  next: Type.Null(),
});
export type PeerList = Static<typeof PeerList>;

export const RotationRequest = Type.Object(
  {
    force: Type.Optional(
      Type.Boolean({
        description:
          'true: also where a peer has not heard of the present key. It must be added anew there.',
      }),
    ),
    retire: Type.Optional(
      Type.Boolean({
        description:
          'true: makes no new key and gives the previous one up at once, as when it was stolen.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type RotationRequest = Static<typeof RotationRequest>;

const Position = Type.Object({
  asset: Type.String(),
  position: Type.Union([SignedAmount, WideInteger], {
    description: 'Minor units that this bank owes the peer; below zero: what the peer owes it.',
  }),
  exposureLimit: Type.Union([NaturalAmount, Type.Null()], {
    description: 'How much the peer may owe this bank. null: without limit.',
  }),
  available: Type.Union([SignedAmount, WideInteger, Type.Null()], {
    description: 'How much more may come from the peer now, promises counted.',
  }),
  promisedIn: Type.Union([NaturalAmount, WideInteger], {
    description: 'Promised, not decided yet: what would come from the peer.',
  }),
  promisedOut: Type.Union([NaturalAmount, WideInteger], {
    description: 'Promised, not decided yet: what would go to the peer.',
  }),
});

export const PeerPosition = Type.Object({
  bank: Type.String(),
  state: State,
  lastContactAt: Type.Union([Timestamp, Type.Null()]),
  positions: Type.Array(Position),
  inFlight: Type.Array(Type.String(), {
    description: 'Transactions with the peer that are not finished here; 1000 at most.',
  }),
});
export type PeerPosition = Static<typeof PeerPosition>;

/** Money that was paid outside is taken off the position. */
export const SettlementRequest = Type.Object(
  {
    id: Type.Optional(Uuid),
    asset: AssetName,
    amount: Amount,
    /** Of this bank: it pays where the peer owes this bank, and is paid where this bank owes the peer. */
    account: AccountId,
    /** Of the peer: the other side of the same movement. */
    peerAccount: AccountId,
    consent: Type.Optional(Uuid),
  },
  { additionalProperties: false },
);
export type SettlementRequest = Static<typeof SettlementRequest>;

export const SettlementAnswer = Type.Object({
  id: Type.String({ description: 'Of the command.' }),
  transaction: Type.String({ description: 'The transaction across banks that it is.' }),
  bank: Type.String(),
  asset: Type.String(),
  amount: Amount,
  position: Type.Union([SignedAmount, WideInteger], {
    description: 'What this bank owes the peer afterwards; below zero: what the peer owes it.',
  }),
  seq: Type.Integer({ minimum: 0 }),
  at: Timestamp,
});
export type SettlementAnswer = Static<typeof SettlementAnswer>;
