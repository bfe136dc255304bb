import { Type, type Static } from 'typebox';
import { WIRE_INTEGER_MAX } from './bounds.ts';
import { CommandIdRequest, Metadata, Uuid } from './scalars.ts';

export const ReversalRequest = Type.Object(
  {
    id: Type.Optional(Uuid),
    amount: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: WIRE_INTEGER_MAX,
        description: 'What is moved back; all that is left of it unless given.',
      }),
    ),
    metadata: Type.Optional(Metadata),
  },
  { additionalProperties: false },
);
export type ReversalRequest = Static<typeof ReversalRequest>;

/** `id` names the transaction that moves everything back. */
export const TransactionReversalRequest = CommandIdRequest;
export type TransactionReversalRequest = Static<typeof TransactionReversalRequest>;

/** `id` names the transaction that takes the order back. */
export const CancellationRequest = CommandIdRequest;
export type CancellationRequest = Static<typeof CancellationRequest>;
