import { faultOf, type DatabaseFault } from '../store/database-error.ts';
import type { Attempt } from './attempt.ts';
import { PoisonError } from './poison.ts';

/** An attempt that the database refused for good; nothing was written. */
export function failedAttempt(fault: Exclude<DatabaseFault, 'unknown'>, error: unknown): Attempt {
  switch (fault) {
    case 'lost_race':
    case 'duplicate':
      return { kind: fault };
    case 'poison':
    case 'unavailable':
      return { kind: fault, error };
  }
}

/** The command that brings this error brings it whenever it is tried; undefined for any other error. */
export function poisonIn(
  error: unknown,
): Extract<Attempt, { readonly kind: 'poison' }> | undefined {
  if (error instanceof PoisonError) return { kind: 'poison', error: error.cause };
  return faultOf(error) === 'poison' ? { kind: 'poison', error } : undefined;
}
