import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/** The `code` of an operating system error (`ENOENT`, …), or undefined when it is anything else. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Turns what the file system said about `path` into the coded error that the caller promises. */
export function asEmbeddedPostgresError(error: unknown, path: string): EmbeddedPostgresError {
  if (error instanceof EmbeddedPostgresError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  switch (systemErrorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new EmbeddedPostgresError(
        'postgres_no_space',
        `The disk that holds ${path} is full: free some space and start again.`,
        { cause: error },
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new EmbeddedPostgresError(
        'postgres_no_permission',
        `This user may not use the database folder ${path} (${reason}): start as its owner, or choose another data folder.`,
        { cause: error },
      );
    case undefined:
    default:
      return new EmbeddedPostgresError(
        'postgres_start_failed',
        `The database in ${path} could not be started: ${reason}.`,
        { cause: error },
      );
  }
}
