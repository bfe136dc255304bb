import { Type, type Static } from 'typebox';
import { Moment, Seq, SignedAmount, Timestamp, WideInteger } from './scalars.ts';

/** The event as of which something is asked; without it as of now. */
const AtSeq = Type.Optional(
  Type.Integer({
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'As of the event of this number, its effect included.',
  }),
);

export const BalanceQuery = Type.Object(
  { atSeq: AtSeq, at: Type.Optional(Moment) },
  { additionalProperties: false },
);
export type BalanceQuery = Static<typeof BalanceQuery>;

export const BalanceAnswer = Type.Object({
  account: Type.String(),
  asset: Type.String(),
  balance: Type.Union([SignedAmount, WideInteger]),
  seq: Seq,
  at: Timestamp,
});
export type BalanceAnswer = Static<typeof BalanceAnswer>;

export const TrialBalanceQuery = Type.Object({ atSeq: AtSeq }, { additionalProperties: false });
export type TrialBalanceQuery = Static<typeof TrialBalanceQuery>;
