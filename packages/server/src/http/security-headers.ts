import { createHash } from 'node:crypto';

/** On every answer: nobody takes JSON for a page. */
export const CONTENT_TYPE_OPTIONS = 'nosniff';

const NOTHING_FROM_ELSEWHERE = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What a page without scripts may load: its one inline style sheet, known by its hash, and nothing. */
export function pagePolicy(style: string): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; ${NOTHING_FROM_ELSEWHERE}`;
}

/** What the explorer may load: files of this bank, calls of this bank, and images within its style. */
export const EXPLORER_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
  `img-src 'self' data:; connect-src 'self'; ${NOTHING_FROM_ELSEWHERE}`;
