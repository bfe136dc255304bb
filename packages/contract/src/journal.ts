import { Type, type Static } from 'typebox';
import { page, PageQuery } from './page.ts';
import { Seq } from './scalars.ts';

const Block = Type.Integer({ minimum: 0, description: 'Number of the block, from 0, gapless.' });

const Hash = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256 of the block’s exact bytes, hexadecimal.',
});

const BlockTime = Type.String({
  format: 'date-time',
  description: 'The block’s time: RFC 3339, UTC, milliseconds.',
});

export const JournalHead = Type.Object({
  bank: Type.String(),
  block: Block,
  seq: Seq,
  hash: Hash,
  at: BlockTime,
});
export type JournalHead = Static<typeof JournalHead>;

export const JournalBlock = Type.Object({
  block: Block,
  id: Type.String({ description: 'Random, chosen anew for each attempt to write the block.' }),
  previous: Hash,
  hash: Hash,
  at: BlockTime,
  firstSeq: Seq,
  lastSeq: Seq,
  bytes: Type.String({
    contentEncoding: 'base64',
    description: 'The exact bytes that are hashed (docs/reference/journal.md), in base64.',
  }),
});
export type JournalBlock = Static<typeof JournalBlock>;

export const JournalCheckpoint = Type.Object(
  {
    bank: Type.String({ pattern: '^[a-z][a-z0-9-]{1,30}$' }),
    block: Block,
    seq: Seq,
    hash: Hash,
    at: BlockTime,
    publicKey: Type.String({
      pattern: '^[A-Za-z0-9_-]{43}$',
      description: 'Ed25519 public key, 32 bytes in base64url: `x` of its JWK (RFC 8037).',
    }),
    signature: Type.String({
      pattern: '^[A-Za-z0-9_-]{86}$',
      description: 'Ed25519 over the checkpoint’s text, 64 bytes in base64url.',
    }),
  },
  { additionalProperties: false },
);
export type JournalCheckpoint = Static<typeof JournalCheckpoint>;

export const JournalCheckpointList = page(JournalCheckpoint);
export type JournalCheckpointList = Static<typeof JournalCheckpointList>;

export const JournalCheckpointQuery = Type.Object(PageQuery, { additionalProperties: false });

export const JournalBlockPath = Type.Object({
  block: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
});
