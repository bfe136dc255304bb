import { statfs } from 'node:fs/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/** Why a start failed: two passing reasons, or an error to show. */
export type StartFailure =
  | { readonly kind: 'shared_memory_in_use' }
  | { readonly kind: 'port_taken' }
  | { readonly kind: 'error'; readonly error: EmbeddedPostgresError };

/** What PostgreSQL 18 says in these cases, in the C locale that we run it in. */
const damageSigns =
  /incorrect checksum in control file|could not locate a valid checkpoint record|invalid checkpoint record|could not find the database system|required WAL directory|database files are incompatible|invalid data in (?:file|lock file)|invalid page in block|could not open (?:file|directory) "(?:global|pg_wal|pg_xact|pg_multixact|pg_filenode|base)[^"]*": No such file|could not read file "[^"]*": read \d+ of \d+|control file appears to be corrupt|WAL ends before/;
const spaceSigns = /No space left on device|Disk quota exceeded/;
const permissionSigns =
  /Permission denied|Operation not permitted|Read-only file system|has wrong ownership/;

/** With less free than one WAL segment PostgreSQL fails, and can't even say so in a log on the same disk. */
const freeBytesMin = 16 * 1024 * 1024;

/** Reads from what `initdb` or `postgres` wrote why it failed. `what` begins the sentence, e.g. "PostgreSQL did not start". */
export async function explainFailure(
  what: string,
  logTail: string,
  folder: string,
  logPath?: string,
): Promise<StartFailure> {
  if (/pre-existing shared memory block/.test(logTail)) return { kind: 'shared_memory_in_use' };
  if (/could not bind IPv4 address|could not create any TCP\/IP sockets/.test(logTail))
    return { kind: 'port_taken' };
  const error = (code: EmbeddedPostgresError['code'], sentence: string): StartFailure => ({
    kind: 'error',
    error: new EmbeddedPostgresError(code, sentence, { logTail }),
  });
  const reason = lastComplaint(logTail);
  const details = `${what}${reason === undefined ? '' : ` (${reason})`}`;
  if (spaceSigns.test(logTail) || (await freeBytes(folder)) < freeBytesMin) {
    return error(
      'postgres_no_space',
      `The disk that holds ${folder} is full: free some space and start again.`,
    );
  }
  if (/could not look up effective user ID/.test(logTail)) {
    return error(
      'postgres_no_permission',
      `${details}: PostgreSQL needs a user with a name; add this uid to /etc/passwd, start as another user, or set DATABASE_URL.`,
    );
  }
  if (damageSigns.test(logTail)) {
    return error(
      'postgres_data_damaged',
      `The database in ${folder} is damaged (${reason ?? 'no reason given'}): restore it from a backup, or choose another data folder.`,
    );
  }
  if (permissionSigns.test(logTail)) {
    return error(
      'postgres_no_permission',
      `${details}: this user may not use the database folder ${folder}; start as its owner, or choose another data folder.`,
    );
  }
  return error(
    'postgres_start_failed',
    `${details}${logPath === undefined ? '' : `: see ${logPath}`}.`,
  );
}

function lastComplaint(logTail: string): string | undefined {
  const complaints = logTail
    .split('\n')
    .filter(
      (line) =>
        /\b(?:FATAL|PANIC|ERROR|error|could not)\b/.test(line) &&
        !/the database system is/.test(line),
    );
  const line =
    complaints.findLast((candidate) => /FATAL|PANIC/.test(candidate)) ?? complaints.at(-1);
  return line?.replace(/^.*?\b(?:FATAL|PANIC|ERROR|error):\s*/, '').trim();
}

/** Free for us on the disk of `folder` or of the nearest parent that exists, in bytes. */
async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
