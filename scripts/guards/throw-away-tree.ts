import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { removeGuard, type Guard } from './guard.ts';

/** A copy of the repository that may be damaged; the repository itself is only read. */
export interface ThrowAwayTree {
  readonly root: string;
  /** Takes the guard away, and gives back what puts it in its place again. */
  remove(guard: Guard): Promise<() => Promise<void>>;
  dispose(): Promise<void>;
}

/** What is not needed, is large, or is linked instead. */
const LEFT_OUT = new Set(['node_modules', '.git', 'dist', 'coverage']);
const LEFT_OUT_OF_ROOT = new Set(['data', 'docs']);
/** Packages of the house: links into the copy, or the tests would run what was not changed. */
const OWN_SCOPE = '@lastro';

export async function copyTree(repository: string): Promise<ThrowAwayTree> {
  const root = await mkdtemp(join(tmpdir(), 'lastro-guards-'));
  try {
    await cp(repository, root, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => {
        const isOfRoot = !relative(repository, source).includes('/');
        const name = basename(source);
        return !LEFT_OUT.has(name) && !(isOfRoot && LEFT_OUT_OF_ROOT.has(name));
      },
    });
    await linkModules(join(repository, 'node_modules'), join(root, 'node_modules'));
  } catch (error) {
    await rm(root, { recursive: true, force: true });
    throw error;
  }
  return {
    root,
    remove: (guard) => removeFrom(root, guard),
    dispose: () => rm(root, { recursive: true, force: true, maxRetries: 10 }),
  };
}

async function linkModules(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const name of await readdir(from)) {
    // Vite writes its cache beside the modules.
    if (name === OWN_SCOPE || name.startsWith('.vite')) continue;
    await symlink(join(from, name), join(to, name));
  }
  // Links relative to the folder, so that they lead into the copy.
  await cp(join(from, OWN_SCOPE), join(to, OWN_SCOPE), { recursive: true, verbatimSymlinks: true });
}

async function removeFrom(root: string, guard: Guard): Promise<() => Promise<void>> {
  const before = new Map<string, string>();
  const changed = new Map<string, string>();
  for (const replacement of guard.replacements) {
    const path = join(root, replacement.path);
    const source = changed.get(path) ?? (await readFile(path, 'utf8'));
    if (!before.has(path)) before.set(path, source);
    changed.set(path, removeGuard(source, replacement));
  }
  for (const [path, source] of changed) await writeFile(path, source);
  return async () => {
    for (const [path, source] of before) await writeFile(path, source);
  };
}
