import { Type, type Static } from 'typebox';

/** Problem details of RFC 9457. Clients decide by `code`; texts may change. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    retryable: Type.Boolean({
      description: 'Whether sending the same request again, with the same id, can succeed.',
    }),
    detail: Type.Optional(Type.String()),
    requestId: Type.Optional(Type.String()),
    bank: Type.Optional(
      Type.String({ description: 'The bank that it is about, or that refused: another one.' }),
    ),
    reason: Type.Optional(Type.String({ description: 'Why the banks did not agree.' })),
    transaction: Type.Optional(
      Type.String({ description: 'The transaction across banks that came to nothing.' }),
    ),
    account: Type.Optional(Type.String()),
    sku: Type.Optional(Type.String()),
    condition: Type.Optional(Type.String({ description: 'Which one failed.' })),
    state: Type.Optional(Type.String({ description: 'How the hold ended.' })),
    remaining: Type.Optional(Type.Integer({ description: 'Minor units that are left.' })),
    owner: Type.Optional(
      Type.String({ description: 'What it is part of: `order`, `transaction` or `hold`.' }),
    ),
    id: Type.Optional(Type.String({ description: 'Of the owner.' })),
    orderStatus: Type.Optional(Type.String({ description: 'What became of the order.' })),
    errors: Type.Optional(
      Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() })),
    ),
  },
  { description: 'Problem details (RFC 9457).' },
);
export type Problem = Static<typeof Problem>;
