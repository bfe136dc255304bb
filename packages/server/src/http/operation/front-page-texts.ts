import type { Language } from '../language.ts';

interface FrontPageTexts {
  readonly lead: string;
  readonly writing: string;
  readonly notWriting: string;
  readonly block: string;
  readonly events: string;
  readonly inFlight: string;
  readonly commandsPerSecond: string;
  /** Path, name, what is there. */
  readonly links: readonly (readonly [string, string, string])[];
  readonly api: string;
  readonly thisBank: string;
}

export const TEXTS: Readonly<Record<Language, FrontPageTexts>> = {
  en: {
    lead: 'Money and orders that always add up.',
    writing: 'writing',
    notWriting: 'not writing: commands are refused until the database is back',
    block: 'block',
    events: 'newest event',
    inFlight: 'in flight',
    commandsPerSecond: 'commands/s, last 10 s',
    links: [
      ['/docs', 'Explorer', 'read the API and try it with your key'],
      ['/openapi.json', 'OpenAPI 3.1', 'the same for programs'],
      ['/errors', 'Errors', 'every code, and what to do about it'],
      ['/metrics', 'Metrics', 'for Prometheus'],
      ['/readyz', 'Readiness', 'whether commands can be taken'],
    ],
    api: 'The API is below <code>/v1</code> and wants a key:',
    thisBank: 'http://this-bank',
  },
  pt: {
    lead: 'Dinheiro e pedidos que sempre fecham.',
    writing: 'gravando',
    notWriting: 'sem gravar: comandos são recusados até o banco de dados voltar',
    block: 'bloco',
    events: 'último evento',
    inFlight: 'em andamento',
    commandsPerSecond: 'comandos/s, últimos 10 s',
    links: [
      ['/docs', 'Explorador', 'leia a API e experimente com a sua chave'],
      ['/openapi.json', 'OpenAPI 3.1', 'o mesmo, para programas'],
      ['/errors', 'Erros', 'cada código, e o que fazer'],
      ['/metrics', 'Métricas', 'para o Prometheus'],
      ['/readyz', 'Prontidão', 'se comandos podem ser recebidos'],
    ],
    api: 'A API fica abaixo de <code>/v1</code> e pede uma chave:',
    thisBank: 'http://este-banco',
  },
};
