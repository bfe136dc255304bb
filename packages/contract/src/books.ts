import { Type, type Static } from 'typebox';
import { Seq, WideInteger } from './scalars.ts';

const Block = Type.Integer({ minimum: 0 });

export const TrialBalance = Type.Object({
  block: Block,
  seq: Seq,
  assets: Type.Array(
    Type.Object({
      asset: Type.String(),
      debits: WideInteger,
      credits: WideInteger,
      pendingDebits: WideInteger,
      pendingCredits: WideInteger,
      balance: WideInteger,
      accounts: Type.Integer(),
    }),
  ),
});
export type TrialBalance = Static<typeof TrialBalance>;

export const Consistency = Type.Object({
  block: Block,
  seq: Seq,
  ok: Type.Boolean(),
  invariants: Type.Array(
    Type.Object({
      id: Type.String({ description: 'I1 … I9 of the invariants.' }),
      title: Type.String(),
      ok: Type.Boolean(),
      offenders: Type.Array(Type.String(), { description: 'At most 20, by their public ids.' }),
    }),
  ),
});
export type Consistency = Static<typeof Consistency>;

export const EventAnswer = Type.Object({
  seq: Seq,
  block: Block,
  type: Type.String(),
  at: Type.String({ format: 'date-time' }),
  data: Type.Record(Type.String(), Type.Unknown()),
});
export type EventAnswer = Static<typeof EventAnswer>;

export const EventList = Type.Object({
  data: Type.Array(EventAnswer),
  next: Type.Integer({ description: 'The `after` that goes on from here.' }),
});
export type EventList = Static<typeof EventList>;

export const EventQuery = Type.Object(
  {
    after: Type.Optional(Type.Integer({ minimum: -1, maximum: Number.MAX_SAFE_INTEGER })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  },
  { additionalProperties: false },
);

export const CommandAnswer = Type.Object({
  id: Type.String(),
  status: Type.Union([
    Type.Literal('accepted'),
    Type.Literal('refused'),
    Type.Literal('queued'),
    Type.Literal('unknown'),
  ]),
  code: Type.Optional(Type.String()),
  resource: Type.Optional(Type.String({ description: 'Path of what the command made.' })),
});
export type CommandAnswer = Static<typeof CommandAnswer>;
