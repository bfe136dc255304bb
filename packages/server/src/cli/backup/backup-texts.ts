import type { BackupFault } from '../../store/backup/index.ts';
import type { Language } from '../language.ts';
import { english } from './texts-en.ts';
import { portuguese } from './texts-pt.ts';

/** What `lastro backup` and `lastro restore` say, once per language. */
export interface BackupTexts {
  readonly backup: CommandTexts & {
    readonly flags: Readonly<Record<'bank', string>>;
    readonly noData: (folder: string) => string;
    readonly notAFile: (path: string) => string;
    readonly failed: (reason: string) => string;
    readonly stopped: string;
    readonly progress: (table: string, rows: string, bytes: string) => string;
    readonly done: (done: BackedUp) => string;
  };
  readonly restore: CommandTexts & {
    readonly inUse: (folder: string) => string;
    readonly failed: (reason: string) => string;
    /** `what`: the verifier's own account of what differs. */
    readonly differs: (what: string) => string;
    readonly checking: string;
    readonly copying: string;
    readonly folding: (blocks: string, total: string) => string;
    readonly done: (done: RestoredBank) => string;
    readonly leftOut: (tables: string) => string;
    readonly migrated: (migrations: string) => string;
  };
  readonly fault: (fault: BackupFault, path: string) => string;
}

interface CommandTexts {
  readonly summary: string;
  readonly description: string;
  readonly argument: string;
  readonly flags: Readonly<Record<'data' | 'databaseUrl' | 'output', string>>;
  readonly after: string;
}

/** Numbers as the reader writes them. */
export interface BackedUp {
  readonly bank: string;
  readonly block: string;
  readonly seq: string;
  readonly rows: string;
  readonly bytes: string;
  readonly path: string;
}

export interface RestoredBank {
  readonly bank: string;
  readonly block: string;
  readonly seq: string;
  readonly hash: string;
  readonly rows: string;
  readonly events: string;
  readonly takenAt: string;
}

export function backupTextsIn(language: Language): BackupTexts {
  return language === 'pt' ? portuguese : english;
}
