import type { BackupFault } from '../../store/backup/index.ts';
import type { BackupTexts } from './backup-texts.ts';

const flags = {
  databaseUrl:
    'the database; better in the environment, as DATABASE_URL: other users see arguments',
  output: 'text or json (default text)',
};

export const english: BackupTexts = {
  backup: {
    summary: 'write the whole bank into one file while it goes on',
    description:
      'Reads every table of a bank in one snapshot, while the bank goes on writing, and puts them into one compressed file that any later Lastro restores on any PostgreSQL from 15 on. The file takes its name only when it is whole.',
    argument: 'the file to write, or - for standard output; one that stands there is replaced',
    flags: {
      ...flags,
      bank: 'id of the bank in the embedded PostgreSQL (default main)',
      data: 'data folder of the bank, running or stopped (default ./data)',
    },
    after: `
What is in it: accounts, transfers, orders, the journal, outcomes, hashes of API keys. Keep it as you
keep the books: it is confidential, and is written with mode 0600. What is not in it: <data>/keys (it
signs checkpoints) and <data>/admin-key; keep those apart.

Exit codes:
  0  the file is whole and on the disk
  1  it could not be written, or the bank could not be read: nothing took the file's name
  2  a flag or value that is not understood
  4  there is no bank in that place

Examples:
  lastro backup main.lastro-backup                  the bank in ./data
  lastro backup --data ./data --bank loja loja.lastro-backup
  DATABASE_URL=postgres://… lastro backup "bank-$(date +%F).lastro-backup"
  lastro backup - | age -r age1… > bank.lastro-backup.age

Try what you keep: lastro restore --data ./trial main.lastro-backup
More: docs/operating/backup.md
`,
    noData: (folder) =>
      `There is no bank’s data in ${folder}: say with --data or DATABASE_URL where the bank is.`,
    notAFile: (path) => `${path} is not a file: name a new one, or - for standard output.`,
    failed: (reason) => `The backup was not written: ${reason}`,
    stopped: 'The backup was not written: it was asked to stop.',
    progress: (table, rows, bytes) => `table ${table}, ${rows} rows, ${bytes} written`,
    done: ({ bank, block, seq, rows, bytes, path }) =>
      `The bank ${bank} as of block ${block}, event ${seq}, is in ${path}: ${rows} rows, ${bytes}.`,
  },
  restore: {
    summary: 'bring a bank back from a backup, into an empty place',
    description:
      'Checks the whole file, makes the schema, brings in every row, folds the journal and compares every row with it, and only then lets the bank be served, all in one transaction. Also the way from one major version of PostgreSQL to another, in both directions.',
    argument: 'the file that lastro backup wrote, or - for standard input',
    flags: {
      ...flags,
      data: 'data folder for the bank; made where there is none (default ./data)',
    },
    after: `
The place must be empty: a new data folder, or a new database (createdb). A place that holds a bank is
left alone. A restore that was killed leaves a place that no server serves from; run it again there.

Before you serve a restored bank: stop every process that served the old one, and keep the old data.
What was acknowledged after the backup is not in it.

Exit codes:
  0  restored, and everything agrees with the journal
  1  it could not be done; run it again when the reason is gone
  2  a flag or value that is not understood
  3  the file is refused: no backup, cut, changed, or of a newer Lastro
  4  the place is refused: it is not empty, or in use
  5  what the backup holds does not agree with its own journal: nothing was restored

Examples:
  lastro restore --data ./new main.lastro-backup
  createdb bank2 && DATABASE_URL=postgres:///bank2 lastro restore main.lastro-backup
  age -d bank.lastro-backup.age | lastro restore --data ./new -

More: docs/operating/backup.md
`,
    inUse: (folder) =>
      `The PostgreSQL in ${folder} is running: restore into another folder, or stop what runs there.`,
    failed: (reason) => `Nothing was restored: ${reason}`,
    differs: (what) =>
      `Nothing was restored, for the backup does not agree with its own journal. ${what}`,
    checking: 'checking the file',
    copying: 'bringing in the rows',
    folding: (blocks, total) => `folding the journal: block ${blocks} of ${total}`,
    done: ({ bank, block, seq, hash, rows, events, takenAt }) =>
      `The bank ${bank} is restored as of ${takenAt}: ${rows} rows, and all of them agree with its ${events} events.\nHead is block ${block}, event ${seq}, ${hash}.`,
    leftOut: (tables) => `Not of the bank, and left out: ${tables}.`,
    migrated: (migrations) => `Brought up to this version: ${migrations}.`,
  },
  fault,
};

function fault(found: BackupFault, path: string): string {
  switch (found.kind) {
    case 'not_a_backup':
      return `${path} is no backup of Lastro: it doesn’t begin as one.`;
    case 'newer_format':
      return `${path} has format ${found.format}, which this version of Lastro doesn’t read: restore it with the version that wrote it, or a newer one.`;
    case 'damaged':
      return `${path} was cut or changed since it was written: its last line doesn’t match the rest. Take another copy.`;
    case 'schema_newer':
      return `${path} was written by Lastro ${found.lastro} with the migration ${found.migration}, which this version doesn’t know: restore it with that version, or a newer one.`;
    case 'schema_changed':
      return `${path} was written by Lastro ${found.lastro}, where the migration ${found.migration} has another text: restore it with that version.`;
    case 'tables_differ':
      return `${path} and the schema that its migrations make don’t have the same table ${found.table}: nothing was restored.`;
    case 'holds_bank':
      return `There is the bank ${found.bank} at block ${found.block}, and it was left alone: restore into an empty database or a new folder.`;
    case 'not_empty':
      return `The database is not empty (it has the table ${found.table}), and was left alone: restore into an empty one.`;
    case 'place_in_use':
      return 'Another program prepares this database: wait until it is done, and look at what is there then.';
    case 'no_bank':
      return 'There is no bank in this database, or one of which the restore is not complete.';
  }
}
