import { readdir, readFile } from 'node:fs/promises';
import { extname, join, posix } from 'node:path';

/** A text file of the repository; `path` is relative to its root, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly source: string;
}

const foldersLeftOut = new Set(['node_modules', 'dist', 'coverage']);
/** Dotted folders are tools' own (`.git`, editors), except what runs our checks. */
const dottedFoldersRead = new Set(['.ci', '.github']);
const binaryExtensions = new Set([
  '.png',
  '.ico',
  '.jpg',
  '.webp',
  '.woff2',
  '.pdf',
  '.gz',
  '.zip',
]);

/** Reads every text file below `root`, in the order of their paths; `data/` of a bank is left out. */
export async function readSourceTree(root: string): Promise<SourceFile[]> {
  const paths = await pathsBelow(root, '');
  return Promise.all(
    paths
      .toSorted()
      .map(async (path) => ({ path, source: await readFile(join(root, path), 'utf8') })),
  );
}

async function pathsBelow(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const found = entries.map(async (entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return isRead(path, entry.name) ? pathsBelow(root, path) : [];
    return entry.isFile() && isText(entry.name) ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}

function isRead(path: string, name: string): boolean {
  if (path === 'data' || foldersLeftOut.has(name)) return false;
  return !name.startsWith('.') || dottedFoldersRead.has(name);
}

function isText(name: string): boolean {
  return !binaryExtensions.has(extname(name)) && !name.endsWith('.log');
}

/** The folder that a path lies in. */
export function folderOf(path: string): string {
  return posix.dirname(path);
}

/** Tests and the programs that tests start: `*.test.ts`, `*.fixture.ts`, all below `fixtures/`. */
export function isTestFile(path: string): boolean {
  return /\.(test|fixture)\.ts$|\/fixtures\//.test(path);
}

/** Strings and templates are matched first, so that `//` inside them is not taken for a comment. */
const commentOfTypeScript =
  /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
const commentOfSql = /('(?:[^']|'')*'|\$\w*\$)|--[^\n]*|\/\*[\s\S]*?\*\//g;

/** The source with its comments blanked; lines keep their numbers. */
export function withoutComments(file: SourceFile): string {
  const comment = file.path.endsWith('.sql') ? commentOfSql : commentOfTypeScript;
  return file.source.replace(comment, (whole, text: string | undefined) =>
    text === undefined ? whole.replaceAll(/[^\n]/g, ' ') : text,
  );
}
