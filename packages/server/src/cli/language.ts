export type Language = 'en' | 'pt';

/** The reader's language as the environment tells it: Portuguese where it starts with `pt`, else English. */
export function languageOf(env: NodeJS.ProcessEnv): Language {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return /^pt/i.test(locale) ? 'pt' : 'en';
}
