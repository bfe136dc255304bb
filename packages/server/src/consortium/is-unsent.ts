import { errors } from 'undici';

/**
 * Whether an error of undici came before a connection stood, so that nothing was sent. Anything else is
 * taken for a request under way, which may have had its effect.
 */
export function isUnsent(error: unknown): boolean {
  if (error instanceof errors.ConnectTimeoutError) return true;
  // Not ClientDestroyedError: a pool that is destroyed ends with it what is on the wire, too.
  if (error instanceof errors.ClientClosedError) return true;
  if (error instanceof AggregateError) return error.errors.every(isUnsent);
  if (!(error instanceof Error) || !('syscall' in error)) return false;
  return error.syscall === 'connect' || error.syscall === 'getaddrinfo';
}
