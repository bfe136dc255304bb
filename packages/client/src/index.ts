export { LastroClient } from './client.ts';
export { LastroError } from './lastro-error.ts';
export type { ClientErrorCode, FailureKind } from './lastro-error.ts';
export type {
  CallOptions,
  CommandOptions,
  LastroClientOptions,
  Page,
  PageQuery,
} from './options.ts';
