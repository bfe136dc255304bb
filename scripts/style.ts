import { folderOf, type SourceFile } from './source-tree.ts';
import type { Violation } from './architecture.ts';

/** The house's style, as far as it can be a test; functions' length is oxlint's. */

const linesOfFileMax = 400;
const linesOfReadmeMax = 60;

/** Words that say nothing about what a file holds. */
const emptyNames = ['util', 'utils', 'helper', 'helpers', 'manager', 'misc', 'common'];
/** Names that a convention outside the house gives. */
const namesGiven =
  /^(README|LICENSE|CONTRIBUTING|SECURITY|CHANGELOG|AGENTS|CODE_OF_CONDUCT|Dockerfile)(\.|$)/;

// Written so that no pattern matches its own source.
const unfinished = /\b(?:TO[D]O|FIX[M]E)\b/;
const workplacePath = /(?<![\w.~*/-])\/(?:root\/)?work\/\w/;
const registryHost =
  /https?:\/\/[^/\s"'`]*(?:registry|artifactory|verdaccio)|\bregistry\.[\w-]+\.(?:com|org|net|io)\b/i;
const downloadAddress = /"resolved":\s*"https?:/;

/** Every violation of style in the given files; paths are relative to the repository, with `/`. */
export function styleViolations(files: readonly SourceFile[]): Violation[] {
  return [
    ...files.flatMap((file) => [
      ...lengthOf(file),
      ...nameOf(file),
      ...contentOf(file),
      ...lengthOfReadme(file),
    ]),
    ...readmesMissing(files),
  ];
}

function lengthOf({ path, source }: SourceFile): Violation[] {
  if (!/\.(ts|tsx|mjs|js|sql|css)$/.test(path) || isGenerated(path)) return [];
  const lines = linesIn(source);
  if (lines <= linesOfFileMax) return [];
  const detail = `${lines} lines; at most ${linesOfFileMax}: it is two files`;
  return [{ path, rule: 'file is short', detail }];
}

function lengthOfReadme({ path, source }: SourceFile): Violation[] {
  if (!/^packages\/[^/]+\/README\.md$/.test(path)) return [];
  const lines = linesIn(source);
  if (lines <= linesOfReadmeMax) return [];
  return [
    {
      path,
      rule: 'README is at most a page',
      detail: `${lines} lines; at most ${linesOfReadmeMax}`,
    },
  ];
}

function nameOf({ path }: SourceFile): Violation[] {
  return path.split('/').flatMap((name) => {
    if (name.startsWith('.') || namesGiven.test(name)) return [];
    const words = name.split(/[.-]/);
    const empty = words.find((word) => emptyNames.includes(word.toLowerCase()));
    if (empty !== undefined) {
      return [{ path, rule: 'name says what is inside', detail: `“${empty}” says nothing` }];
    }
    if (words.every((word) => /^[a-z0-9]+$/.test(word)) || isTranslation(name)) return [];
    return [{ path, rule: 'name is in kebab-case', detail: name }];
  });
}

function contentOf({ path, source }: SourceFile): Violation[] {
  const forbidden: readonly (readonly [string, RegExp])[] = [
    ['no unfinished work', unfinished],
    ['no path of a workplace', workplacePath],
    ['no registry host', registryHost],
    ['no download address in the lock file', downloadAddress],
  ];
  return forbidden.flatMap(([rule, pattern]) => {
    const found = pattern.exec(source);
    if (found === null) return [];
    const line = linesIn(source.slice(0, found.index + 1));
    return [{ path, rule, detail: `line ${line}: ${found[0]}` }];
  });
}

function readmesMissing(files: readonly SourceFile[]): Violation[] {
  const paths = new Set(files.map((file) => file.path));
  const packages = new Set(files.flatMap(({ path }) => /^packages\/[^/]+(?=\/)/.exec(path) ?? []));
  return [...packages]
    .filter((folder) => !paths.has(`${folder}/README.md`))
    .map((folder) => ({ path: folder, rule: 'package has a README.md', detail: 'missing' }));
}

/** `README.pt-BR.md`, `quick-start.pt-BR.md`. */
function isTranslation(name: string): boolean {
  return /^[a-z0-9-]+\.pt-BR\.(md|json|ts)$/.test(name) || name === 'pt-BR';
}

function isGenerated(path: string): boolean {
  return /\.(generated|data)\.\w+$/.test(path) || /(^|\/)(generated|data)$/.test(folderOf(path));
}

function linesIn(source: string): number {
  return source.split('\n').length - (source.endsWith('\n') ? 1 : 0);
}
