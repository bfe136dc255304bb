import { ERRORS, isErrorCode, problemType, type ErrorCode } from '@lastro/contract';
import type { Application } from '../application.ts';
import { escapeHtml, htmlPage, PAGE_HEADERS } from '../html.ts';
import { languageOf, type Language } from '../language.ts';

const TEXTS = {
  en: {
    title: 'Errors',
    lead: 'What a problem document’s type points to. Decide by the code; titles may change.',
    code: 'code',
    retry: 'again?',
    meaning: 'meaning',
    yes: 'yes',
    no: 'no',
  },
  pt: {
    title: 'Erros',
    lead: 'Para onde aponta o type de um documento de problema. Decida pelo código; os títulos podem mudar.',
    code: 'código',
    retry: 'de novo?',
    meaning: 'significado',
    yes: 'sim',
    no: 'não',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** The registry of errors, where the `type` of a problem points. */
export function registerErrorsPage(app: Application): void {
  app.get('/errors', { schema: { hide: true } }, (request, reply) => {
    const language = languageOf(request.headers['accept-language']);
    const texts = TEXTS[language];
    const rows = Object.keys(ERRORS)
      .filter(isErrorCode)
      .map((code) => rowOf(code, language));
    const body = `<h1>${texts.title}</h1><p class="lead">${texts.lead}</p>
<table><tr><th>${texts.code}</th><th>HTTP</th><th>${texts.retry}</th><th>${texts.meaning}</th></tr>
${rows.join('\n')}</table>`;
    return reply.headers(PAGE_HEADERS).send(htmlPage(`Lastro · ${texts.title}`, body, language));
  });
}

function rowOf(code: ErrorCode, language: Language): string {
  const { status, retryable, title, explanation } = ERRORS[code];
  const { yes, no } = TEXTS[language];
  const anchor = problemType(code).split('#')[1] ?? code;
  const other = language === 'en' ? 'pt' : 'en';
  return `<tr id="${anchor}"><td><code>${code}</code></td><td>${status}</td>
<td>${retryable ? yes : no}</td>
<td><b>${escapeHtml(title[language])}</b> · ${escapeHtml(title[other])}<br>${escapeHtml(explanation)}</td></tr>`;
}
