import type { Logger } from 'pino';

/** What this surface says to the log; a pino logger is one. */
export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

/** The text of an error, for a log line. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
}
