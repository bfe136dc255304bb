import type { Answer } from './response-parser.ts';
import type { Traffic } from './traffic.ts';

/** What one answer says happened. */
export interface Effects {
  readonly count: number;
  /** Codes of what was refused, one for each. */
  readonly refused: readonly string[];
}

const REPLAYED = /\r\nidempotency-replayed:/i;
const CODE = /"code":"([a-z_]+)"/;

/** Only what took effect now counts: neither refusals nor replays of what took effect before. */
export function effectsOf(kind: Traffic['kind'], answer: Answer): Effects {
  if (kind === 'batches' && answer.status === 200) return effectsOfBatch(answer.body);
  if (answer.status !== 201) return { count: 0, refused: [refusalOf(answer)] };
  if (REPLAYED.test(answer.head)) return { count: 0, refused: ['replayed'] };
  return { count: 1, refused: [] };
}

function refusalOf({ status, body }: Answer): string {
  return `${status} ${CODE.exec(body)?.[1] ?? ''}`.trim();
}

function effectsOfBatch(body: string): Effects {
  let count = 0;
  const refused: string[] = [];
  for (const result of resultsOf(JSON.parse(body))) {
    if (typeof result !== 'object' || result === null) refused.push('unknown');
    else if ('status' in result && result.status === 'posted') count += 1;
    else refused.push('code' in result ? String(result.code) : 'unknown');
  }
  return { count, refused };
}

function resultsOf(body: unknown): readonly unknown[] {
  if (typeof body !== 'object' || body === null || !('results' in body)) return [];
  return Array.isArray(body.results) ? body.results : [];
}
