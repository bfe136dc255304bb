import { METADATA_PAIRS_MAX, METADATA_PREFIX } from '@lastro/contract';
import { ProblemError } from '../../http/problem.ts';

/**
 * The pairs that `metadata.KEY=VALUE` asks for, as JSON text; null when none are. Throws
 * `invalid_request` for more than a thing can have.
 */
export function metadataFilter(query: Readonly<Record<string, unknown>>): string | null {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    name.startsWith(METADATA_PREFIX) && typeof value === 'string'
      ? [[name.slice(METADATA_PREFIX.length), value] as const]
      : [],
  );
  if (pairs.length > METADATA_PAIRS_MAX) {
    throw new ProblemError('invalid_request', {
      errors: [
        { pointer: '#querystring', detail: `has over ${METADATA_PAIRS_MAX} keys of metadata` },
      ],
    });
  }
  return pairs.length === 0 ? null : JSON.stringify(Object.fromEntries(pairs));
}
