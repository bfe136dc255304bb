import { randomBytes } from 'node:crypto';

/**
 * Ids of requests, for answers and logs: unlike in every process, by a random prefix and a count.
 * Nothing rests on them being hard to guess, and a random number for each would be felt.
 */
export function createRequestIds(): () => string {
  const prefix = randomBytes(8).toString('hex');
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}-${count.toString(36)}`;
  };
}
