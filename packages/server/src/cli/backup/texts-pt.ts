import type { BackupFault } from '../../store/backup/index.ts';
import type { BackupTexts } from './backup-texts.ts';

const flags = {
  databaseUrl:
    'o banco de dados; melhor no ambiente, como DATABASE_URL: outros usuários veem os argumentos',
  output: 'text ou json (padrão text)',
};

export const portuguese: BackupTexts = {
  backup: {
    summary: 'escreve o banco inteiro em um arquivo enquanto ele segue',
    description:
      'Lê cada tabela de um banco em um só retrato, enquanto o banco segue escrevendo, e as põe em um arquivo comprimido que qualquer Lastro posterior restaura em qualquer PostgreSQL a partir do 15. O arquivo só recebe o nome quando está inteiro.',
    argument: 'o arquivo a escrever, ou - para a saída padrão; um que já exista é substituído',
    flags: {
      ...flags,
      bank: 'nome do banco no PostgreSQL embutido (padrão main)',
      data: 'pasta de dados do banco, no ar ou parado (padrão ./data)',
    },
    after: `
O que contém: contas, transferências, pedidos, o diário, resultados, hashes das chaves de API. Guarde-o
como guarda os livros: é confidencial, e é escrito com modo 0600. O que não contém: <data>/keys (assina
os selos) e <data>/admin-key; guarde-os à parte.

Códigos de saída:
  0  o arquivo está inteiro e no disco
  1  não pôde ser escrito, ou o banco não pôde ser lido: nada recebeu o nome do arquivo
  2  uma opção ou um valor que não se entende
  4  não há banco nesse lugar

Exemplos:
  lastro backup main.lastro-backup                  o banco em ./data
  lastro backup --data ./data --bank loja loja.lastro-backup
  DATABASE_URL=postgres://… lastro backup "banco-$(date +%F).lastro-backup"
  lastro backup - | age -r age1… > banco.lastro-backup.age

Prove o que guarda: lastro restore --data ./prova main.lastro-backup
Mais: docs/operating/backup.md
`,
    noData: (folder) =>
      `Não há dados de um banco em ${folder}: diga com --data ou DATABASE_URL onde ele está.`,
    notAFile: (path) => `${path} não é um arquivo: dê o nome de um novo, ou - para a saída padrão.`,
    failed: (reason) => `A cópia não foi escrita: ${reason}`,
    stopped: 'A cópia não foi escrita: pediram que parasse.',
    progress: (table, rows, bytes) => `tabela ${table}, ${rows} linhas, ${bytes} escritos`,
    done: ({ bank, block, seq, rows, bytes, path }) =>
      `O banco ${bank} no bloco ${block}, evento ${seq}, está em ${path}: ${rows} linhas, ${bytes}.`,
  },
  restore: {
    summary: 'traz um banco de volta de uma cópia, para um lugar vazio',
    description:
      'Confere o arquivo inteiro, faz as tabelas, traz cada linha, refaz o diário e compara cada linha com ele, e só então deixa o banco ser servido, tudo em uma transação. É também o caminho de uma versão maior do PostgreSQL para outra, nos dois sentidos.',
    argument: 'o arquivo que lastro backup escreveu, ou - para a entrada padrão',
    flags: {
      ...flags,
      data: 'pasta de dados para o banco; é feita onde não há (padrão ./data)',
    },
    after: `
O lugar deve estar vazio: uma pasta de dados nova, ou um banco de dados novo (createdb). Um lugar que já
tem um banco fica como está. Uma restauração interrompida deixa um lugar de onde nada se serve; rode-a de
novo ali.

Antes de servir um banco restaurado: pare cada processo que servia o antigo, e guarde os dados antigos.
O que foi confirmado depois da cópia não está nela.

Códigos de saída:
  0  restaurado, e tudo confere com o diário
  1  não pôde ser feito; rode de novo quando o motivo passar
  2  uma opção ou um valor que não se entende
  3  o arquivo é recusado: não é cópia, foi cortado, mudado, ou é de um Lastro mais novo
  4  o lugar é recusado: não está vazio, ou está em uso
  5  o que a cópia contém não confere com o próprio diário: nada foi restaurado

Exemplos:
  lastro restore --data ./novo main.lastro-backup
  createdb banco2 && DATABASE_URL=postgres:///banco2 lastro restore main.lastro-backup
  age -d banco.lastro-backup.age | lastro restore --data ./novo -

Mais: docs/operating/backup.md
`,
    inUse: (folder) =>
      `O PostgreSQL em ${folder} está no ar: restaure em outra pasta, ou pare o que roda ali.`,
    failed: (reason) => `Nada foi restaurado: ${reason}`,
    differs: (what) =>
      `Nada foi restaurado, pois a cópia não confere com o próprio diário. ${what}`,
    checking: 'conferindo o arquivo',
    copying: 'trazendo as linhas',
    folding: (blocks, total) => `refazendo o diário: bloco ${blocks} de ${total}`,
    done: ({ bank, block, seq, hash, rows, events, takenAt }) =>
      `O banco ${bank} está restaurado como era em ${takenAt}: ${rows} linhas, e todas conferem com os seus ${events} eventos.\nO último bloco é o ${block}, evento ${seq}, ${hash}.`,
    leftOut: (tables) => `Não são do banco e ficaram de fora: ${tables}.`,
    migrated: (migrations) => `Trazido para esta versão: ${migrations}.`,
  },
  fault,
};

function fault(found: BackupFault, path: string): string {
  switch (found.kind) {
    case 'not_a_backup':
      return `${path} não é uma cópia do Lastro: não começa como uma.`;
    case 'newer_format':
      return `${path} tem o formato ${found.format}, que esta versão do Lastro não lê: restaure com a versão que o escreveu, ou uma mais nova.`;
    case 'damaged':
      return `${path} foi cortado ou mudado desde que foi escrito: a última linha não confere com o resto. Pegue outra cópia.`;
    case 'schema_newer':
      return `${path} foi escrito pelo Lastro ${found.lastro} com a migração ${found.migration}, que esta versão não conhece: restaure com aquela versão, ou uma mais nova.`;
    case 'schema_changed':
      return `${path} foi escrito pelo Lastro ${found.lastro}, onde a migração ${found.migration} tem outro texto: restaure com aquela versão.`;
    case 'tables_differ':
      return `${path} e as tabelas que as suas migrações fazem não têm a mesma tabela ${found.table}: nada foi restaurado.`;
    case 'holds_bank':
      return `Ali está o banco ${found.bank} no bloco ${found.block}, e ficou como estava: restaure em um banco de dados vazio ou em uma pasta nova.`;
    case 'not_empty':
      return `O banco de dados não está vazio (tem a tabela ${found.table}) e ficou como estava: restaure em um vazio.`;
    case 'place_in_use':
      return 'Outro programa prepara este banco de dados: espere que termine, e veja então o que há ali.';
    case 'no_bank':
      return 'Não há banco neste banco de dados, ou há um cuja restauração não está completa.';
  }
}
