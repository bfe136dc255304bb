import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { completeBinaries } from './library-links.ts';

/**
 * Copies a binary package (61 MB, about half a second) to `target`, readable by everyone, unless it is there.
 * Complete or absent at every moment; of two that copy at once, one wins and both go on.
 */
export async function copyBinaries(packageFolder: string, target: string): Promise<void> {
  const parent = dirname(target);
  await mkdir(parent, { recursive: true, mode: 0o755 });
  await refuseWhatOthersMayChange(parent);
  if (await isFolder(target)) return refuseWhatOthersMayChange(target);
  const temporary = `${target}.new-${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(temporary, { mode: 0o755 });
    await cp(join(packageFolder, 'native'), join(temporary, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    await letEveryoneRead(temporary);
    await completeBinaries(temporary);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!(await isFolder(target))) throw error;
  }
}

/** We are about to run what lies there, so nobody else may have been able to put it there. */
async function refuseWhatOthersMayChange(folder: string): Promise<void> {
  const { uid, mode } = await stat(folder);
  const own = process.getuid?.() ?? 0;
  if ((uid === own || uid === 0) && (mode & 0o022) === 0) return;
  throw new EmbeddedPostgresError(
    'postgres_no_permission',
    `Others may change ${folder}, so the PostgreSQL in it is not run: remove it, or let only its owner write there.`,
  );
}

async function letEveryoneRead(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await letEveryoneRead(path);
    else if (entry.isFile()) await chmod(path, 0o644);
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
