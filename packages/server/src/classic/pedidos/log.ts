import type { Logger } from 'pino';

/** What this surface says to the log; a pino logger is one. */
export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

/** The text of an error, for a log line. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
