import { Type, type Static } from 'typebox';
import { TEXT_PATTERN, Timestamp } from './scalars.ts';

/** `read` < `write` < `admin`: each may do what those before it may. */
export const Scope = Type.Union([
  Type.Literal('admin'),
  Type.Literal('write'),
  Type.Literal('read'),
]);
export type Scope = Static<typeof Scope>;

export const ApiKeyRequest = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 100, pattern: TEXT_PATTERN }), scope: Scope },
  { additionalProperties: false },
);
export type ApiKeyRequest = Static<typeof ApiKeyRequest>;

export const ApiKeyAnswer = Type.Object({
  id: Type.String(),
  name: Type.String(),
  scope: Scope,
  createdAt: Timestamp,
});
export type ApiKeyAnswer = Static<typeof ApiKeyAnswer>;

/** The only answer that shows the key. */
export const NewApiKeyAnswer = Type.Object({
  ...ApiKeyAnswer.properties,
  key: Type.String({ description: 'Shown this once; only its SHA-256 is kept.' }),
});
export type NewApiKeyAnswer = Static<typeof NewApiKeyAnswer>;

export const ApiKeyList = Type.Object({ data: Type.Array(ApiKeyAnswer), next: Type.Null() });
export type ApiKeyList = Static<typeof ApiKeyList>;
