import type { Difference, VerifyReport } from '../ledger/journal/index.ts';
import type { Language } from './language.ts';

/** What `lastro verify` says, once per language. */
export interface VerifyTexts {
  readonly summary: string;
  readonly description: string;
  readonly argument: string;
  readonly flags: Readonly<
    Record<'bank' | 'data' | 'databaseUrl' | 'export' | 'against' | 'key' | 'output', string>
  >;
  readonly after: string;

  readonly badOutput: (text: string) => string;
  readonly fileAndDatabase: string;
  readonly noData: (folder: string) => string;
  readonly inUse: (folder: string, bank: string) => string;
  readonly unreadable: (reason: string) => string;
  readonly badCheckpoints: (path: string) => string;
  readonly badKey: (path: string) => string;

  readonly progress: (blocks: string, total: string | null, events: string, rate: string) => string;
  readonly clean: (report: VerifyReport) => string;
  readonly differences: (report: VerifyReport) => string;
  readonly checkpoints: (report: VerifyReport) => string;
  readonly exported: (path: string) => string;
  readonly notExported: (path: string) => string;
}

export function verifyTextsIn(language: Language): VerifyTexts {
  return language === 'pt' ? portuguese : english;
}

function tablesOf(report: VerifyReport): string {
  return Object.entries(report.differences.byTable)
    .map(([table, count]) => `${table} ${count}`)
    .join(', ');
}

function keysOf(report: VerifyReport): string {
  return report.checkpoints.publicKeys.join(', ');
}

const english: VerifyTexts = {
  summary: 'check the whole journal and everything that was made from it',
  description:
    'Folds a bank’s journal from block 0 and compares every row of its tables, every hash and every rule with it, in one snapshot while the bank goes on. With a file: checks an exported journal, without a database.',
  argument: 'a journal that --export wrote; without it the bank’s database is checked',
  flags: {
    bank: 'id of the bank in the embedded PostgreSQL (default main)',
    data: 'data folder of a bank that is stopped (default ./data)',
    databaseUrl: 'the bank’s database; better in the environment, as DATABASE_URL',
    export: 'also write the journal into this file, once it was found to be sound',
    against: 'checkpoints as GET /v1/journal/checkpoints gives them: finds a rewritten history',
    key: 'public key (PEM, or as in checkpoints) that must have signed the checkpoints',
    output: 'text or json (default text)',
  },
  after: `
Exit codes:
  0  everything agrees
  1  something differs: the first difference is named, the others are counted
  2  a flag or value that is not understood
  3  it could not be read

Examples:
  lastro verify --data ./data --bank main
  DATABASE_URL=postgres://… lastro verify --export journal.lastro
  lastro verify journal.lastro --against checkpoints.json --key bank.pub.pem
`,
  badOutput: (text) => `--output must be text or json, not “${text}”.`,
  fileAndDatabase:
    'A journal’s file is checked by itself: leave out --export, --data, --bank and --database-url.',
  noData: (folder) =>
    `There is no bank’s data in ${folder}: say with --data or DATABASE_URL where the bank is.`,
  inUse: (folder, bank) =>
    `The bank in ${folder} is running; check it while it runs: DATABASE_URL="postgres://lastro:$(cat '${folder}/postgres-password')@127.0.0.1:$(cat '${folder}/postgres-port')/${bank}" lastro verify`,
  unreadable: (reason) => `The journal could not be read: ${reason}`,
  badCheckpoints: (path) =>
    `${path} holds no checkpoints: it must be what GET /v1/journal/checkpoints gives, or one of them.`,
  badKey: (path) => `${path} holds no Ed25519 public key.`,
  progress: (blocks, total, events, rate) =>
    `block ${blocks}${total === null ? '' : ` of ${total}`}, ${events} events, ${rate} events/s`,
  clean: ({ bank, blocks, events, accounts, products, block, hash }) =>
    `Everything agrees: bank ${bank}, ${blocks} blocks, ${events} events, ${accounts} accounts, ${products} products.\nHead is block ${block}, ${hash}.`,
  differences(report) {
    const { differences, stoppedAt } = report;
    const { first, total } = differences;
    const stopped =
      stoppedAt === null
        ? ''
        : `\nBlock ${stoppedAt} could not be folded, so nothing after it was compared.`;
    return `${total} ${total === 1 ? 'difference' : 'differences'} (${tablesOf(report)}). The first:\n${first === null ? '' : describe(first, ENGLISH_WORDS)}${stopped}`;
  },
  checkpoints(report) {
    const { held, confirmed, newestBlock, trust } = report.checkpoints;
    if (held > 0 && confirmed === 0) return `None of ${held} checkpoints was confirmed.`;
    if (confirmed === 0) {
      return 'No checkpoint was held against it: whoever can rewrite everything can rewrite the hashes.';
    }
    const by = trust === 'given' ? 'by the key that you gave' : 'by the key that they name';
    return `${confirmed} ${confirmed === 1 ? 'checkpoint' : 'checkpoints'} confirmed up to block ${newestBlock}, signed ${by}: ${keysOf(report)}.`;
  },
  exported: (path) => `The journal is in ${path}.`,
  notExported: (path) => `${path} was not written: the journal itself is not sound.`,
};

const portuguese: VerifyTexts = {
  summary: 'confere o diário inteiro e tudo o que foi feito dele',
  description:
    'Refaz o diário de um banco desde o bloco 0 e compara com ele cada linha das tabelas, cada hash e cada regra, em um só retrato enquanto o banco segue. Com um arquivo: confere um diário exportado, sem banco de dados.',
  argument: 'um diário que --export escreveu; sem ele confere-se o banco de dados',
  flags: {
    bank: 'nome do banco no PostgreSQL embutido (padrão main)',
    data: 'pasta de dados de um banco parado (padrão ./data)',
    databaseUrl: 'o banco de dados; melhor no ambiente, como DATABASE_URL',
    export: 'escreve também o diário neste arquivo, se ele estiver íntegro',
    against: 'selos como os dá GET /v1/journal/checkpoints: acham uma história reescrita',
    key: 'chave pública (PEM, ou como nos selos) que deve ter assinado os selos',
    output: 'text ou json (padrão text)',
  },
  after: `
Códigos de saída:
  0  tudo confere
  1  algo difere: a primeira diferença é dita, as outras são contadas
  2  uma opção ou um valor que não se entende
  3  não pôde ser lido

Exemplos:
  lastro verify --data ./data --bank main
  DATABASE_URL=postgres://… lastro verify --export diario.lastro
  lastro verify diario.lastro --against selos.json --key banco.pub.pem
`,
  badOutput: (text) => `--output deve ser text ou json, não “${text}”.`,
  fileAndDatabase:
    'O arquivo de um diário se confere sozinho: tire --export, --data, --bank e --database-url.',
  noData: (folder) =>
    `Não há dados de um banco em ${folder}: diga com --data ou DATABASE_URL onde ele está.`,
  inUse: (folder, bank) =>
    `O banco em ${folder} está no ar; confira-o assim mesmo: DATABASE_URL="postgres://lastro:$(cat '${folder}/postgres-password')@127.0.0.1:$(cat '${folder}/postgres-port')/${bank}" lastro verify`,
  unreadable: (reason) => `O diário não pôde ser lido: ${reason}`,
  badCheckpoints: (path) =>
    `${path} não tem selos: deve ser o que GET /v1/journal/checkpoints dá, ou um deles.`,
  badKey: (path) => `${path} não tem uma chave pública Ed25519.`,
  progress: (blocks, total, events, rate) =>
    `bloco ${blocks}${total === null ? '' : ` de ${total}`}, ${events} eventos, ${rate} eventos/s`,
  clean: ({ bank, blocks, events, accounts, products, block, hash }) =>
    `Tudo confere: banco ${bank}, ${blocks} blocos, ${events} eventos, ${accounts} contas, ${products} produtos.\nO último bloco é o ${block}, ${hash}.`,
  differences(report) {
    const { differences, stoppedAt } = report;
    const { first, total } = differences;
    const stopped =
      stoppedAt === null
        ? ''
        : `\nO bloco ${stoppedAt} não pôde ser refeito; nada depois dele foi comparado.`;
    return `${total} ${total === 1 ? 'diferença' : 'diferenças'} (${tablesOf(report)}). A primeira:\n${first === null ? '' : describe(first, PORTUGUESE_WORDS)}${stopped}`;
  },
  checkpoints(report) {
    const { held, confirmed, newestBlock, trust } = report.checkpoints;
    if (held > 0 && confirmed === 0) return `Nenhum de ${held} selos foi confirmado.`;
    if (confirmed === 0) {
      return 'Nenhum selo foi confrontado: quem pode reescrever tudo pode reescrever os hashes.';
    }
    const by = trust === 'given' ? 'pela chave que você deu' : 'pela chave que eles nomeiam';
    return `${confirmed} ${confirmed === 1 ? 'selo confirmado' : 'selos confirmados'} até o bloco ${newestBlock}, assinados ${by}: ${keysOf(report)}.`;
  },
  exported: (path) => `O diário está em ${path}.`,
  notExported: (path) => `${path} não foi escrito: o próprio diário não está íntegro.`,
};

interface DifferenceWords {
  readonly block: string;
  readonly event: string;
  readonly noBlock: string;
  readonly column: string;
  readonly stands: string;
  readonly gives: string;
  readonly missing: string;
  readonly unexpected: string;
  readonly broken: string;
  readonly found: string;
}

const ENGLISH_WORDS: DifferenceWords = {
  block: 'block',
  event: 'event',
  noBlock: 'no block',
  column: 'column',
  stands: 'stands',
  gives: 'the journal gives',
  missing: 'the row is missing',
  unexpected: 'the row stands, and no event gives it',
  broken: 'a rule is broken',
  found: 'found',
};

const PORTUGUESE_WORDS: DifferenceWords = {
  block: 'bloco',
  event: 'evento',
  noBlock: 'nenhum bloco',
  column: 'coluna',
  stands: 'está lá',
  gives: 'o diário dá',
  missing: 'falta a linha',
  unexpected: 'a linha está lá e nenhum evento a dá',
  broken: 'uma regra foi quebrada',
  found: 'encontrado',
};

/** One line: where, what, and both values. */
function describe(difference: Difference, words: DifferenceWords): string {
  const { kind, table, block, seq, row, column, expected, found } = difference;
  const event = seq === null ? '' : `, ${words.event} ${seq}`;
  const place = block === null ? words.noBlock : `${words.block} ${block}${event}`;
  const where = `  ${place}; ${table}: ${row}${column === null ? '' : `; ${words.column} ${column}`}: `;
  switch (kind) {
    case 'different':
      return `${where}${found ?? 'null'} ${words.stands}, ${words.gives} ${expected ?? 'null'}`;
    case 'missing':
      return `${where}${words.missing}${expected === null || expected === row ? '' : ` (${expected})`}`;
    case 'unexpected':
      return `${where}${words.unexpected}`;
    case 'broken':
      return `${where}${words.broken}: ${expected}${found === null ? '' : ` (${words.found}: ${found})`}`;
  }
}
