export type StoreErrorCode =
  | 'database_unreachable'
  | 'database_too_old'
  | 'database_unsafe'
  | 'schema_newer'
  | 'schema_changed'
  | 'restore_unfinished'
  | 'other_bank';

/** Why a database can't be served from: one sentence that a person can act on. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}
