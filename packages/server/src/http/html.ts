import type { Language } from './language.ts';
import { pagePolicy } from './security-headers.ts';

/** Text as HTML: nothing in it is taken for markup. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const STYLE = `:root{color-scheme:light dark;--ink:#1b2a33;--soft:#5b6b75;--page:#fbfaf7;--card:#fff;
--line:#e2ded3;--link:#0b6e8a;--good:#1d7a46;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ea;--soft:#9aa8b0;--page:#12191d;--card:#1a2429;
--line:#2c3a41;--link:#6cc6e0;--good:#63c98d;--bad:#ff8a80}}
*{box-sizing:border-box}
body{font:16px/1.55 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:2.5rem 1.25rem 4rem;
color:var(--ink);background:var(--page)}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .35rem;letter-spacing:-.01em}
h1 small{font-weight:400;color:var(--soft);font-size:1.1rem;margin-left:.4rem}
.lead{color:var(--soft);margin:0 0 1.75rem}
.state{display:inline-block;padding:.1rem .7rem;border-radius:1rem;font-size:.9rem;margin:0 0 1.25rem;
border:1px solid currentColor}.good{color:var(--good)}.bad{color:var(--bad)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;margin:0 0 2rem;
padding:0}.figures div{background:var(--card);border:1px solid var(--line);border-radius:.6rem;
padding:.8rem 1rem}.figures dt{color:var(--soft);font-size:.85rem}
.figures dd{margin:0;font-size:1.45rem;font-variant-numeric:tabular-nums}
ul.links{list-style:none;margin:0 0 2rem;padding:0}
.links li{border-bottom:1px solid var(--line);padding:.55rem 0;display:flex;gap:1rem;flex-wrap:wrap}
.links a{min-width:10rem;font-weight:600}.links span{color:var(--soft)}
table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid var(--line);padding:.5rem .6rem;text-align:left;vertical-align:top}
tr:target{background:var(--card);outline:2px solid var(--link)}
code{background:var(--card);border:1px solid var(--line);padding:.05rem .3rem;border-radius:.25rem;
font-size:.9em}pre{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem;
overflow-x:auto}pre code{border:0;padding:0}a{color:var(--link)}`;

const LANGUAGE_TAG: Readonly<Record<Language, string>> = { en: 'en', pt: 'pt-BR' };

/** Headers of an answer that is a page: it loads nothing, from here or elsewhere. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': pagePolicy(STYLE),
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  vary: 'accept-language',
} as const;

/** A whole page that loads nothing from elsewhere. */
export function htmlPage(title: string, body: string, language: Language): string {
  return `<!doctype html><html lang="${LANGUAGE_TAG[language]}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>`;
}
