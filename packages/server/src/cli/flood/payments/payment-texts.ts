interface Gathered {
  /** The payers' places, as one list. */
  readonly from: string;
  readonly to: string;
  /** With its unit. */
  readonly amount: string;
}

/** What is said about payments between banks. */
export interface PaymentTexts {
  readonly title: string;
  readonly gathered: (gathered: Gathered) => string;
  readonly notGathered: (gathered: Gathered, reason: string) => string;
  readonly booksHold: (banks: string) => string;
  readonly booksBroken: (bank: string, seq: number) => string;
  readonly booksUnread: (bank: string) => string;
  readonly mirrored: string;
  readonly notMirrored: string;
  /** Some transactions were still under way. */
  readonly notQuiet: string;
  readonly owes: (bank: string, other: string, amount: string) => string;
  /** Where two banks don't agree: what either says. */
  readonly says: (bank: string, claim: string) => string;
  /** An amount in centavos. */
  readonly reais: (centavos: number) => string;
  readonly listed: (words: readonly string[]) => string;
  readonly failed: (reason: string) => string;
}

function reaisIn(locale: string): (centavos: number) => string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency: 'BRL' });
  // With a plain space in every language, as elsewhere in what we say.
  return (centavos) => format.format(centavos / 100).replace(/R\$\s*/, 'R$ ');
}

function listIn(locale: string): (words: readonly string[]) => string {
  const format = new Intl.ListFormat(locale);
  return (words) => format.format(words);
}

export const englishPayments: PaymentTexts = {
  title: 'Payments between banks',
  gathered: ({ from, to, amount }) =>
    `${from} paid ${amount} each to ${to}, in one transaction of three banks.`,
  notGathered: ({ from, to, amount }, reason) =>
    `${from} did not pay ${amount} each to ${to}, and nothing moved anywhere: ${reason}.`,
  booksHold: (banks) =>
    `The books of ${banks} add up: all checks of their consistency reports hold.`,
  booksBroken: (bank, seq) => `THE BOOKS OF ${bank} DO NOT ADD UP at event ${seq}:`,
  booksUnread: (bank) => `Whether the books of ${bank} add up could not be asked.`,
  mirrored: 'Every two banks agree on what they owe each other:',
  notMirrored: 'SOME BANKS DO NOT AGREE on what they owe each other:',
  notQuiet:
    'Whether the banks agree on what they owe each other could not be asked: some transactions are still under way.',
  owes: (bank, other, amount) => `${bank} owes ${other} ${amount}`,
  says: (bank, claim) => `${bank} says that ${claim}`,
  reais: reaisIn('en'),
  listed: listIn('en'),
  failed: (reason) =>
    `the payments between banks could not be finished (${reason}); the banks go on`,
};

export const portuguesePayments: PaymentTexts = {
  title: 'Pagamentos entre bancos',
  gathered: ({ from, to, amount }) =>
    `${from} pagaram ${amount} cada a ${to}, numa só transação de três bancos.`,
  notGathered: ({ from, to, amount }, reason) =>
    `${from} não pagaram ${amount} cada a ${to}, e nada se moveu em banco nenhum: ${reason}.`,
  booksHold: (banks) =>
    `Os livros de ${banks} fecham: todas as verificações dos relatórios de consistência valem.`,
  booksBroken: (bank, seq) => `OS LIVROS DE ${bank} NÃO FECHAM no evento ${seq}:`,
  booksUnread: (bank) => `Não foi possível perguntar se os livros de ${bank} fecham.`,
  mirrored: 'Cada dois bancos concordam sobre o que devem um ao outro:',
  notMirrored: 'HÁ BANCOS QUE NÃO CONCORDAM sobre o que devem um ao outro:',
  notQuiet:
    'Não foi possível perguntar se os bancos concordam sobre o que devem um ao outro: ainda há transações em andamento.',
  owes: (bank, other, amount) => `${bank} deve ${amount} a ${other}`,
  says: (bank, claim) => `${bank} diz que ${claim}`,
  reais: reaisIn('pt-BR'),
  listed: listIn('pt-BR'),
  failed: (reason) =>
    `os pagamentos entre bancos não puderam ser terminados (${reason}); os bancos continuam`,
};
