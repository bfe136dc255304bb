import { Type, type Static } from 'typebox';
import {
  LEASE_OWNER_MAX,
  LEASE_TTL_DEFAULT,
  LEASE_TTL_MAX,
  LEASE_WAIT_DEFAULT,
  LEASE_WAIT_MAX,
} from './bounds.ts';
import { Seq, TEXT_PATTERN, Timestamp, Uuid } from './scalars.ts';

const Ttl = Type.Integer({
  minimum: 1,
  maximum: LEASE_TTL_MAX,
  default: LEASE_TTL_DEFAULT,
  description: 'Seconds that the lease lasts from its grant or renewal on.',
});

export const LeaseRequest = Type.Object(
  {
    id: Type.Optional(Uuid),
    owner: Type.String({
      minLength: 1,
      maxLength: LEASE_OWNER_MAX,
      pattern: TEXT_PATTERN,
      description: 'Who asks, for people to read.',
    }),
    ttl: Type.Optional(Ttl),
    wait: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: LEASE_WAIT_MAX,
        default: LEASE_WAIT_DEFAULT,
        description: 'Seconds to wait for one’s turn; 0: not at all.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type LeaseRequest = Static<typeof LeaseRequest>;

export const LeaseRenewal = Type.Object(
  { ttl: Type.Optional(Ttl) },
  { additionalProperties: false },
);
export type LeaseRenewal = Static<typeof LeaseRenewal>;

/** A lease that is held, for whoever holds it. */
export const LeaseAnswer = Type.Object({
  id: Uuid,
  account: Type.String(),
  owner: Type.String(),
  token: Type.Integer({
    minimum: 1,
    description: 'For the header Lastro-Lease. Later grants have larger tokens.',
  }),
  expiresAt: Timestamp,
});
export type LeaseAnswer = Static<typeof LeaseAnswer>;

export const LeaseRenewalAnswer = Type.Object({
  id: Uuid,
  account: Type.String(),
  expiresAt: Timestamp,
});
export type LeaseRenewalAnswer = Static<typeof LeaseRenewalAnswer>;

export const LeaseReleaseAnswer = Type.Object({ id: Uuid, account: Type.String() });
export type LeaseReleaseAnswer = Static<typeof LeaseReleaseAnswer>;

/** A lease as everybody may see it: without its token. */
export const LeaseEntry = Type.Object({
  id: Uuid,
  owner: Type.String(),
  state: Type.Union([Type.Literal('held'), Type.Literal('waiting')]),
  ticket: Seq,
  ttl: Type.Integer(),
  expiresAt: Type.Union([Timestamp, Type.Null()], { description: 'null while it waits.' }),
  waitUntil: Timestamp,
});
export type LeaseEntry = Static<typeof LeaseEntry>;

/** Of one account: the one that is held first, then those who wait, in the order of service. */
export const LeaseList = Type.Object({ data: Type.Array(LeaseEntry) });
export type LeaseList = Static<typeof LeaseList>;
