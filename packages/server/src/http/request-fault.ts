import pg from 'pg';
import { describeFault } from '../store/database-error.ts';

/** SQLSTATE class 22, data exception: its messages quote the value. */
const DATA_EXCEPTION = /^22/;

/**
 * What a request failed of, for the log: a message only where it can't quote what a client sent, and
 * the stack without its first line, which repeats the message.
 */
export function faultWithoutValues(fault: Error): { fault: string; stack?: string } {
  const stack = framesOf(fault.stack);
  return { fault: describe(fault), ...(stack === undefined ? {} : { stack }) };
}

function describe(fault: Error): string {
  if (fault instanceof pg.DatabaseError && DATA_EXCEPTION.test(fault.code ?? '')) {
    return `${fault.code}: a value that the database can't take`;
  }
  // The parser quotes the text that it could not read.
  if (fault instanceof SyntaxError) return 'SyntaxError';
  return describeFault(fault);
}

function framesOf(stack: string | undefined): string | undefined {
  const start = stack?.search(/^\s+at /m) ?? -1;
  return start < 0 ? undefined : stack?.slice(start);
}
