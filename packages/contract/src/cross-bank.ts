import { Type, type Static } from 'typebox';
import {
  AGREE_WITHIN_DEFAULT,
  AGREE_WITHIN_MAX,
  OLDER_THAN_MAX,
  QUEUE_WITHIN_DEFAULT,
  QUEUE_WITHIN_MAX,
} from './bounds.ts';
import { page, PageQuery } from './page.ts';
import { Amount, AssetName, CrossBankId, Moment, Seq, Timestamp, Uuid } from './scalars.ts';

/** Members of a transfer that leaves the bank; none of them may stand beside two local accounts. */
export const ACROSS_BANKS = {
  asset: Type.Optional(AssetName),
  /** Where `from` lies in another bank: by which that bank lets this one debit it. */
  consent: Type.Optional(Uuid),
} as const;

/** How long the banks of a transaction have to agree, and what becomes of it when one is away. */
export const PATIENCE = {
  onUnavailable: Type.Optional(
    Type.Union([Type.Literal('reject'), Type.Literal('queue')], {
      description:
        'Across banks, when one of them is away: refuse at once (the default), or wait for it, holding nothing, until the deadline.',
    }),
  ),
  within: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: QUEUE_WITHIN_MAX,
      description:
        `Across banks: seconds that they have to agree. ${AGREE_WITHIN_DEFAULT} unless given, at most ${AGREE_WITHIN_MAX}; ` +
        `queued ${QUEUE_WITHIN_DEFAULT}, at most ${QUEUE_WITHIN_MAX}. Instead of \`deadline\`.`,
    }),
  ),
  deadline: Type.Optional(Moment),
} as const;

const Leg = Type.Object({
  from: Type.String({ description: '`<bank>/<account>`.' }),
  to: Type.String({ description: '`<bank>/<account>`.' }),
  amount: Amount,
  asset: Type.String(),
});

const State = Type.Union(
  [
    Type.Literal('prepared'),
    Type.Literal('in_doubt'),
    Type.Literal('committed'),
    Type.Literal('aborted'),
  ],
  {
    description:
      '`prepared`: promised here, not decided. `in_doubt`: this bank was restored from a backup and waits for the decision. `committed`, `aborted`: decided and done here.',
  },
);

/** A transaction across banks that was not decided before the request's time was over. */
export const CrossBankPending = Type.Object({
  status: Type.Union([Type.Literal('pending'), Type.Literal('queued')], {
    description:
      '`pending`: begun, and not decided yet; `Location` is the transaction. `queued`: waits for a bank that is away; `Location` is the command, which names the transaction once it is begun.',
  }),
  command: Type.String({ description: 'Its id as a command: the same request may be sent again.' }),
  transaction: Type.Optional(CrossBankId),
});
export type CrossBankPending = Static<typeof CrossBankPending>;

const BankVote = Type.Object({
  bank: Type.String(),
  vote: Type.Union([Type.Literal('yes'), Type.Literal('no'), Type.Literal('unknown')], {
    description: '`unknown`: not known in this bank.',
  }),
  reason: Type.Optional(Type.String({ description: 'The code of a no.' })),
  account: Type.Optional(Type.String({ description: 'The account that a no is about.' })),
});

/** A transaction across banks, as this bank knows it. */
export const CrossBankTransactionAnswer = Type.Object({
  id: CrossBankId,
  state: State,
  coordinator: Type.String({ description: 'The bank that its client called.' }),
  legs: Type.Array(Leg),
  votes: Type.Array(BankVote, { description: 'Of every bank, the coordinator first.' }),
  decision: Type.Union([Type.Literal('commit'), Type.Literal('abort'), Type.Null()], {
    description: 'null: none that this bank has heard of.',
  }),
  decideBy: Type.Union([Timestamp, Type.Null()], {
    description: 'Until then it can be committed; null where this bank never saw the legs.',
  }),
  preparedAt: Type.Union([Timestamp, Type.Null()], {
    description: 'When this bank said yes; null: it did not.',
  }),
  decidedAt: Type.Union([Timestamp, Type.Null()], {
    description: 'When the decision was carried out in this bank.',
  }),
  rebuilt: Type.Boolean({
    description:
      'Whether this bank had forgotten its promise, and posted what it owed without one, below a limit if need be.',
  }),
  settled: Type.Boolean({
    description:
      'Whether nobody needs to be told of the decision any more, as far as this bank has to.',
  }),
  seq: Seq,
});
export type CrossBankTransactionAnswer = Static<typeof CrossBankTransactionAnswer>;

export const CrossBankTransactionList = page(CrossBankTransactionAnswer);
export type CrossBankTransactionList = Static<typeof CrossBankTransactionList>;
export const CrossBankTransactionQuery = Type.Object(
  {
    ...PageQuery,
    state: Type.Optional(State),
    olderThan: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: OLDER_THAN_MAX,
        description: 'Only those that this bank has known for longer than so many seconds.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type CrossBankTransactionQuery = Static<typeof CrossBankTransactionQuery>;
