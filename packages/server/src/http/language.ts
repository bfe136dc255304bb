export type Language = 'en' | 'pt';

/** The language that the reader asked for first: Portuguese, or else English. */
export function languageOf(acceptLanguage: string | undefined): Language {
  return acceptLanguage !== undefined && /^\s*pt\b/i.test(acceptLanguage) ? 'pt' : 'en';
}
