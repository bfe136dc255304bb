import { chmod, chown, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { RunAs } from './run-as.ts';
import { systemErrorCode } from './system-error.ts';

/** PG_CONTROL_FILE_SIZE of every version so far. */
const controlFileBytes = 8192;

/**
 * Whether `folder` holds a cluster (`present`) or may get one (`absent`: missing or empty).
 * Rejects when it holds anything else, a damaged cluster, or one of another major version.
 */
export async function checkCluster(folder: string, major: number): Promise<'present' | 'absent'> {
  const entries = await entriesOf(folder);
  if (entries.length === 0) return 'absent';
  if (!entries.includes('PG_VERSION')) {
    throw damaged(
      `The folder ${folder} is not empty and holds no PostgreSQL database (no PG_VERSION)`,
    );
  }
  const version = (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim();
  if (!/^\d+(\.\d+)?$/.test(version))
    throw damaged(`The file PG_VERSION in ${folder} is not a version number`);
  if (version !== String(major)) {
    throw new EmbeddedPostgresError(
      'postgres_other_major',
      `The database in ${folder} was made by PostgreSQL ${version} and this Lastro brings ${major}: write a backup with the Lastro that made it (lastro backup) and restore it into a new folder with this one (lastro restore), or set DATABASE_URL to a PostgreSQL ${version}.`,
    );
  }
  const control = await sizeOf(join(folder, 'global', 'pg_control'));
  if (control !== controlFileBytes)
    throw damaged(
      `The file global/pg_control in ${folder} is ${control === undefined ? 'missing' : 'cut short'}`,
    );
  return 'present';
}

/** Gives the cluster to who will run it, where that is ours to decide; root may move it between itself and "nobody". */
export async function ensureOwner(folder: string, runAs: RunAs): Promise<void> {
  const { uid, mode } = await stat(folder);
  if (uid !== runAs.owner) {
    const movable = runAs.mode !== 'user' && (uid === 0 || uid === 65534);
    if (!movable) {
      throw new EmbeddedPostgresError(
        'postgres_no_permission',
        `The database in ${folder} belongs to the user with uid ${uid}: start Lastro as that user, or give the folder to uid ${runAs.owner}.`,
      );
    }
    await giveTo(folder, runAs.owner);
  }
  // A copy or a restore often opens it up; PostgreSQL refuses that.
  if ((mode & 0o077) !== 0) await chmod(folder, 0o700);
}

/** The folder itself last: after a kill in the middle it still needs to be done, and is. */
async function giveTo(folder: string, owner: number): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await giveTo(path, owner);
    else if (entry.isFile()) await chown(path, owner, owner);
  }
  await chown(folder, owner, owner);
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    if (systemErrorCode(error) === 'ENOTDIR') throw damaged(`${folder} is a file, not a folder`);
    throw error;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' || systemErrorCode(error) === 'ENOTDIR')
      return undefined;
    throw error;
  }
}

function damaged(what: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'postgres_data_damaged',
    `${what}: restore it from a backup, or choose another data folder.`,
  );
}
