import type { Application } from '../application.ts';
import { escapeHtml, htmlPage, PAGE_HEADERS } from '../html.ts';
import { languageOf, type Language } from '../language.ts';
import { TEXTS } from './front-page-texts.ts';
import { readKnownHead, type KnownHead } from './known-head.ts';
import type { OperationParts } from './routes.ts';

const LOCALE: Readonly<Record<Language, string>> = { en: 'en', pt: 'pt-BR' };

/** What a person sees who opens the bank's address. */
export function registerFrontPage(app: Application, parts: OperationParts): void {
  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    const language = languageOf(request.headers['accept-language']);
    const body = bodyOf(parts, await readKnownHead(parts), language);
    const page = htmlPage(`Lastro · ${parts.bank}`, body, language);
    return reply.headers(PAGE_HEADERS).send(page);
  });
}

function bodyOf(
  { engine, bank, version }: OperationParts,
  head: KnownHead | undefined,
  language: Language,
): string {
  const texts = TEXTS[language];
  const show = (value: number | undefined) =>
    value === undefined ? '–' : Math.round(value).toLocaleString(LOCALE[language]);
  const rate = engine.statistics.settled.rate(performance.now());
  const figures: readonly (readonly [string, number | undefined])[] = [
    [texts.block, head?.block],
    [texts.events, head?.seq],
    [texts.inFlight, engine.pendingCount],
    [texts.commandsPerSecond, rate],
  ];
  const state = engine.isWriting
    ? `<p class="state good">● ${texts.writing}</p>`
    : `<p class="state bad">● ${texts.notWriting}</p>`;
  return `<h1>Lastro<small>${escapeHtml(bank)} · ${escapeHtml(version)}</small></h1>
<p class="lead">${texts.lead}</p>${state}
<dl class="figures">${figures.map(([name, value]) => `<div><dt>${name}</dt><dd>${show(value)}</dd></div>`).join('')}</dl>
<ul class="links">${texts.links.map(([path, name, about]) => `<li><a href="${path}">${name}</a><span>${about}</span></li>`).join('')}</ul>
<p>${texts.api}</p>
<pre><code>curl -H "Authorization: Bearer $LASTRO_KEY" ${texts.thisBank}/v1/status</code></pre>`;
}
