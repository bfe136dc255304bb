import type { BackupFault } from '../../store/backup/index.ts';

/** How `lastro backup` and `lastro restore` end; a usage error is 2 as everywhere. */
export const backupExitCode = {
  done: 0,
  failed: 1,
  fileRefused: 3,
  placeRefused: 4,
  differs: 5,
} as const;

export function exitCodeOf({ kind }: BackupFault): number {
  switch (kind) {
    case 'not_a_backup':
    case 'newer_format':
    case 'damaged':
    case 'schema_newer':
    case 'schema_changed':
    case 'tables_differ':
      return backupExitCode.fileRefused;
    case 'holds_bank':
    case 'not_empty':
    case 'place_in_use':
    case 'no_bank':
      return backupExitCode.placeRefused;
  }
}
