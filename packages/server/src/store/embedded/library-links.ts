import { randomBytes } from 'node:crypto';
import { chmod, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { systemErrorCode } from './system-error.ts';

const programs = ['initdb', 'pg_ctl', 'postgres'];

/**
 * Finishes the binary package in `packageFolder`: links the libraries' short names, which npm can't ship and the
 * package's install script may not have made, and makes the programs executable.
 * Safe while others do the same. Rejects with EACCES or EROFS where something is missing and can't be added.
 */
export async function completeBinaries(packageFolder: string): Promise<void> {
  for (const program of programs) {
    const path = join(packageFolder, 'native', 'bin', program);
    const mode = (await stat(path)).mode & 0o777;
    // Whoever may read it may run it.
    const wanted = mode | ((mode & 0o444) >> 2);
    if (mode !== wanted) await chmod(path, wanted);
  }
  for (const link of parseLinks(
    await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8'),
  )) {
    await ensureLink(basename(link.source), join(packageFolder, link.target));
  }
}

/** Links `path` to its neighbour `neighbour` unless it leads somewhere already. */
async function ensureLink(neighbour: string, path: string): Promise<void> {
  if (await exists(path)) return;
  try {
    await symlink(neighbour, path);
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
    // Another process was quicker, or the link that is there leads nowhere: replace it in one step.
    const temporary = `${path}.${randomBytes(4).toString('hex')}`;
    await symlink(neighbour, temporary);
    try {
      await rename(temporary, path);
    } finally {
      await rm(temporary, { force: true });
    }
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

function parseLinks(text: string): { source: string; target: string }[] {
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) throw new Error('pg-symlinks.json is not a list');
  return parsed.map((entry: unknown) => {
    if (
      typeof entry !== 'object' ||
      entry === null ||
      !('source' in entry) ||
      !('target' in entry)
    ) {
      throw new Error('pg-symlinks.json holds something that is not a link');
    }
    return { source: String(entry.source), target: String(entry.target) };
  });
}
