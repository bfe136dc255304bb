import { ERRORS } from '@lastro/contract';
import type { Language } from '../language.ts';
import {
  englishPayments,
  portuguesePayments,
  type PaymentTexts,
} from './payments/payment-texts.ts';

interface Progressed {
  readonly decided: number;
  readonly count: number;
  /** Per second. */
  readonly rate: number;
  readonly refused: number;
}

/** What `lastro simulate` and the demo's first flood say, once per language. */
export interface FloodTexts {
  readonly summary: string;
  readonly orders: { readonly summary: string; readonly description: string };
  readonly transfers: { readonly summary: string; readonly description: string };
  readonly flags: Readonly<
    Record<
      'count' | 'concurrency' | 'hotProduct' | 'accounts' | 'url' | 'keyFile' | 'seed' | 'output',
      string
    >
  >;
  readonly after: string;
  readonly nothingToOrder: string;
  readonly progress: (progressed: Progressed) => string;
  readonly title: Readonly<Record<'orders' | 'transfers', string>>;
  readonly accepted: string;
  readonly refused: string;
  /** What the registry of errors says to a code; the code itself where it is a newer bank's. */
  readonly refusal: (code: string) => string;
  readonly unknownSettled: string;
  readonly unanswered: string;
  readonly latency: string;
  readonly rate: string;
  readonly rateValue: (rate: number, seconds: number) => string;
  readonly booksHold: (checks: number, seq: number) => string;
  readonly booksBroken: (seq: number) => string;
  readonly booksUnread: string;
  readonly interrupted: (begun: number, count: number) => string;
  readonly floodFailed: (reason: string) => string;
  readonly payments: PaymentTexts;
  /** Whole numbers get no decimals, others one. */
  readonly number: (value: number) => string;
}

export function floodTextsIn(language: Language): FloodTexts {
  return language === 'pt' ? portuguese : english;
}

function formatIn(locale: string): (value: number) => string {
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  return (value) => format.format(value);
}

function titleOf(code: string, language: Language): string {
  const entries: Readonly<Record<string, { readonly title: Readonly<Record<Language, string>> }>> =
    ERRORS;
  return entries[code]?.title[language] ?? code;
}

const inEnglish = formatIn('en');
const inPortuguese = formatIn('pt-BR');

const english: FloodTexts = {
  summary: 'flood a bank that runs with orders or transfers, and check its books',
  orders: {
    summary: 'customers with money order what is on the shelves, many at once',
    description:
      'Sends orders to a bank that runs: customers with money order one unit of what is there, many at once, until money or goods run out and beyond. Then asks the bank whether its books add up.',
  },
  transfers: {
    summary: 'accounts simulacao:1, simulacao:2, … pay each other, many at once',
    description:
      'Sends transfers to a bank that runs, between accounts of its own (simulacao:1, simulacao:2, …), which it opens and pays R$ 1,000.00 into the first time. Then asks the bank whether its books add up.',
  },
  flags: {
    count: 'how many commands to send (default 1000)',
    concurrency: 'how many at once, 1 to 1000 (default 50)',
    hotProduct: 'share of the orders, 0 to 1, that ask for one product: the one most in stock',
    accounts: 'how many accounts take part, 2 to 10000 (default 100)',
    url: 'address of the bank (default http://127.0.0.1:4000)',
    keyFile: 'file with an admin key (default ./data/admin-key)',
    seed: 'draws the same commands again, as far as the bank is the same (default: a new one)',
    output: 'text or json (default text)',
  },
  after: `
Every command has an id of its own. Where it stays open what became of one, the same id is sent again until the
bank says; one that has no answer after 60 s ends the run. Ctrl-C ends it early, with the result so far.

Exit codes:
  0  the books add up
  1  an invariant is broken: the consistency report names it
  2  a flag or value that is not understood
  3  it could not be done or finished: no key, no bank, nothing to order; one sentence on stderr

Examples:
  lastro simulate orders --count 10000 --concurrency 200 --hot-product 0.5
  lastro simulate transfers --count 100000 --output json
`,
  nothingToOrder:
    'Nobody can order anything there: a product with a merchant and a customer with money are needed. lastro seed puts some into the bank.',
  progress: ({ decided, count, rate, refused }) =>
    `${inEnglish(decided)} of ${inEnglish(count)}, ${inEnglish(rate)}/s, ${inEnglish(refused)} refused`,
  title: { orders: 'Orders', transfers: 'Transfers' },
  accepted: 'accepted',
  refused: 'refused',
  refusal: (code) => titleOf(code, 'en'),
  unknownSettled: 'unknown, then settled',
  unanswered: 'without an answer',
  latency: 'latency p50 / p95 / p99',
  rate: 'rate',
  rateValue: (rate, seconds) => `${inEnglish(Math.round(rate))}/s in ${inEnglish(seconds)} s`,
  booksHold: (checks, seq) =>
    `The books add up: all ${checks} checks of the consistency report hold at event ${seq}.`,
  booksBroken: (seq) => `THE BOOKS DO NOT ADD UP at event ${seq}:`,
  booksUnread: 'Whether the books add up could not be asked.',
  interrupted: (begun, count) =>
    `Ended early: ${inEnglish(begun)} of ${inEnglish(count)} were sent.`,
  floodFailed: (reason) => `the first flood could not be finished (${reason}); the bank goes on`,
  payments: englishPayments,
  number: inEnglish,
};

const portuguese: FloodTexts = {
  summary: 'inunda com pedidos ou transferências um banco que está no ar e confere os livros',
  orders: {
    summary: 'clientes com saldo pedem o que há nas prateleiras, muitos de uma vez',
    description:
      'Envia pedidos a um banco que está no ar: clientes com saldo pedem uma unidade do que houver, muitos de uma vez, até que dinheiro ou estoque acabem, e além. Depois pergunta ao banco se os livros fecham.',
  },
  transfers: {
    summary: 'as contas simulacao:1, simulacao:2, … pagam umas às outras, muitas de uma vez',
    description:
      'Envia transferências a um banco que está no ar, entre contas próprias (simulacao:1, simulacao:2, …), que abre e em que deposita R$ 1.000,00 na primeira vez. Depois pergunta ao banco se os livros fecham.',
  },
  flags: {
    count: 'quantos comandos enviar (padrão 1000)',
    concurrency: 'quantos de uma vez, de 1 a 1000 (padrão 50)',
    hotProduct: 'fração dos pedidos, de 0 a 1, por um só produto: o de maior estoque',
    accounts: 'quantas contas participam, de 2 a 10000 (padrão 100)',
    url: 'endereço do banco (padrão http://127.0.0.1:4000)',
    keyFile: 'arquivo com uma chave de administração (padrão ./data/admin-key)',
    seed: 'sorteia de novo os mesmos comandos, se o banco for o mesmo (padrão: uma nova)',
    output: 'text ou json (padrão text)',
  },
  after: `
Cada comando tem o seu próprio id. Onde fica em aberto o que foi feito de um, o mesmo id é enviado de novo até que
o banco diga; um que fica 60 s sem resposta encerra tudo. Ctrl-C encerra antes, com o resultado até ali.

Códigos de saída:
  0  os livros fecham
  1  uma invariante foi violada: o relatório de consistência diz qual
  2  uma opção ou um valor que não se entende
  3  não pôde ser feito ou terminado: sem chave, sem banco, nada a pedir; uma frase em stderr

Exemplos:
  lastro simulate orders --count 10000 --concurrency 200 --hot-product 0.5
  lastro simulate transfers --count 100000 --output json
`,
  nothingToOrder:
    'Ninguém pode pedir nada ali: é preciso um produto com lojista e um cliente com saldo. lastro seed põe alguns no banco.',
  progress: ({ decided, count, rate, refused }) =>
    `${inPortuguese(decided)} de ${inPortuguese(count)}, ${inPortuguese(rate)}/s, ${inPortuguese(refused)} recusados`,
  title: { orders: 'Pedidos', transfers: 'Transferências' },
  accepted: 'aceitos',
  refused: 'recusados',
  refusal: (code) => titleOf(code, 'pt'),
  unknownSettled: 'incertos, depois esclarecidos',
  unanswered: 'sem resposta',
  latency: 'latência p50 / p95 / p99',
  rate: 'ritmo',
  rateValue: (rate, seconds) => `${inPortuguese(Math.round(rate))}/s em ${inPortuguese(seconds)} s`,
  booksHold: (checks, seq) =>
    `Os livros fecham: as ${checks} verificações do relatório de consistência valem no evento ${seq}.`,
  booksBroken: (seq) => `OS LIVROS NÃO FECHAM no evento ${seq}:`,
  booksUnread: 'Não foi possível perguntar se os livros fecham.',
  interrupted: (begun, count) =>
    `Encerrado antes: foram enviados ${inPortuguese(begun)} de ${inPortuguese(count)}.`,
  floodFailed: (reason) =>
    `a primeira enxurrada não pôde ser terminada (${reason}); o banco continua`,
  payments: portuguesePayments,
  number: inPortuguese,
};
