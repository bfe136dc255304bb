/** Why the embedded PostgreSQL can't serve. A closed list: whoever shows these can be total over it. */
export type EmbeddedPostgresErrorCode =
  | 'postgres_data_damaged'
  | 'postgres_other_major'
  | 'postgres_no_space'
  | 'postgres_in_use'
  | 'postgres_start_failed'
  | 'postgres_binaries_missing'
  | 'postgres_no_permission';

/** The embedded PostgreSQL can't serve. `message` is one sentence that a person can act on. */
export class EmbeddedPostgresError extends Error {
  readonly code: EmbeddedPostgresErrorCode;
  /** The last lines that PostgreSQL or initdb wrote (at most 8 KiB); empty when it wrote none. */
  readonly logTail: string;

  constructor(
    code: EmbeddedPostgresErrorCode,
    message: string,
    details: { logTail?: string; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'EmbeddedPostgresError';
    this.code = code;
    this.logTail = details.logTail ?? '';
  }
}
