import { escapeHtml } from '../../http/html.ts';

/** Text that is HTML already, and safe: made by `html`, never from a string of somebody else. */
export interface Html {
  readonly html: string;
}

type Part = string | number | bigint | Html | readonly Html[];

/** Template of HTML: what is put in is escaped unless it is HTML itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const [first = '', ...rest] = strings;
  const text = rest.map((after, place) => toText(parts[place] ?? '') + after);
  return { html: first + text.join('') };
}

function toText(part: Part): string {
  if (typeof part !== 'object') return escapeHtml(String(part));
  return 'html' in part ? part.html : part.map((each) => each.html).join('');
}
