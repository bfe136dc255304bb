import { posix } from 'node:path';
import { folderOf, isTestFile, withoutComments, type SourceFile } from './source-tree.ts';
import { importsOf, type Import } from './imports.ts';

/**
 * The arrows of the house (DESIGN section 3, `docs/architecture.md`), as a pure function over sources.
 * Where a rule changes, change it here first: this file is what the tests hold the tree to.
 */

/** One arrow that points the wrong way, or one thing that lies where it may not. */
export interface Violation {
  readonly path: string;
  readonly rule: string;
  readonly detail: string;
}

/** The folders of `packages/server/src` that hold the resources of the API. */
const domainFolders = ['ledger', 'orders', 'identity', 'consortium', 'feed'] as const;

/**
 * Domain folders that may import another one, as `from → to`. Each entry is a debt with a reason
 * beside it; the list is empty until there is one.
 */
const domainArrowsAllowed: readonly string[] = [];

/** Which zones of the server a zone may import, besides itself, `core` and `contract`. */
const serverArrows: Readonly<Record<string, readonly string[]>> = {
  store: [],
  engine: ['store'],
  http: ['engine', 'store'],
  ...Object.fromEntries(domainFolders.map((folder) => [folder, ['http', 'engine', 'store']])),
  classic: [...domainFolders, 'http', 'engine', 'store'],
  bank: ['classic', ...domainFolders, 'http', 'engine', 'store'],
  cli: ['bank', 'main', 'classic', ...domainFolders, 'http', 'engine', 'store'],
  main: ['bank', 'cli', 'classic', ...domainFolders, 'http', 'engine', 'store'],
};

/** Tables that hold the facts of the ledger; only `engine` and `store` write them. */
const ledgerTables = [
  'head',
  'block',
  'account',
  'transfer',
  'hold',
  'product',
  'orders',
  'order_line',
  'outcome',
  'lease',
  'cross_transaction',
  'consent',
  'peer_nonce',
];

const tableName = `(?:only\\s+)?(?:"?\\w+"?\\.)?"?(${ledgerTables.join('|')})"?(?![\\w"])`;
const writesOfLedgerTables = [
  new RegExp(`\\binsert\\s+into\\s+${tableName}`, 'i'),
  new RegExp(`\\bupdate\\s+${tableName}(?:\\s+(?:as\\s+)?\\w+)?\\s+set\\b`, 'i'),
  new RegExp(`\\bdelete\\s+from\\s+${tableName}`, 'i'),
  new RegExp(`\\bmerge\\s+into\\s+${tableName}`, 'i'),
  new RegExp(`\\btruncate\\s+(?:table\\s+)?${tableName}`, 'i'),
  new RegExp(`\\bcopy\\s+${tableName}[^;]*?\\bfrom\\b`, 'i'),
];

/** Every violation in the given files; paths are relative to the repository, with `/`. */
export function architectureViolations(files: readonly SourceFile[]): Violation[] {
  const inPackages = files.filter((file) => /^packages\/[^/]+\/src\//.test(file.path));
  return [
    ...inPackages.flatMap(violationsOfImports),
    ...inPackages.flatMap(violationsOfPlace),
    ...inPackages.flatMap(violationsOfPurity),
    ...inPackages.flatMap(violationsOfLedgerWrites),
    ...folderCycles(inPackages),
  ];
}

function violationsOfImports(file: SourceFile): Violation[] {
  if (!file.path.endsWith('.ts')) return [];
  return importsOf(file.source).flatMap((found) => {
    const complaint = complaintAbout(file.path, found);
    return complaint === undefined ? [] : [{ path: file.path, ...complaint }];
  });
}

type Complaint = Omit<Violation, 'path'>;

function complaintAbout(path: string, found: Import): Complaint | undefined {
  const own = packageOf(path);
  if (found.specifier.startsWith('.')) return complaintAboutRelative(path, found.specifier);
  if (/^@lastro\/[^/]+\//.test(found.specifier)) {
    return { rule: 'no deep import', detail: `${found.specifier}: import the package itself` };
  }
  switch (own) {
    case 'core':
      if (isTestFile(path) && ['vitest', 'fast-check'].includes(found.specifier)) return undefined;
      return { rule: 'core imports nothing', detail: found.specifier };
    case 'contract':
      return isTestFile(path) ? undefined : complaintAboutContract(found);
    case 'client':
      return isTestFile(path) ? undefined : complaintAboutClient(found);
    default:
      return undefined;
  }
}

function complaintAboutContract(found: Import): Complaint | undefined {
  if (found.specifier === 'typebox' || found.specifier.startsWith('typebox/')) return undefined;
  if (found.specifier === '@lastro/core' && found.typeOnly) return undefined;
  return {
    rule: 'contract imports only typebox, and types of core',
    detail: found.typeOnly ? found.specifier : `${found.specifier} (as a value)`,
  };
}

function complaintAboutClient(found: Import): Complaint | undefined {
  if (['@lastro/contract', 'undici', 'uuid'].includes(found.specifier)) return undefined;
  if (found.specifier.startsWith('node:')) return undefined;
  if (found.specifier === '@lastro/core' && found.typeOnly) return undefined;
  return { rule: 'client imports only contract, undici and uuid', detail: found.specifier };
}

function complaintAboutRelative(path: string, specifier: string): Complaint | undefined {
  const target = posix.normalize(posix.join(posix.dirname(path), specifier));
  if (!target.startsWith(`packages/${packageOf(path)}/src/`)) {
    if (isTestFile(path) && packageOf(path) !== 'core') return undefined;
    return { rule: 'no relative import out of the package', detail: specifier };
  }
  if (packageOf(path) !== 'server' || isTestFile(path)) return undefined;
  return complaintAboutServer(zoneOf(path), zoneOf(target), specifier);
}

function complaintAboutServer(from: string, to: string, specifier: string): Complaint | undefined {
  if (from === to) return undefined;
  if (domainArrowsAllowed.includes(`${from} → ${to}`)) return undefined;
  if (serverArrows[from]?.includes(to) === true) return undefined;
  return { rule: `${from} may not import ${to}`, detail: specifier };
}

/** Every file of the server lies in a folder of the house, or is `main.ts` or `bank.ts`. */
function violationsOfPlace(file: SourceFile): Violation[] {
  const known = ['core', 'contract', 'client', 'dashboard', 'server'];
  if (!known.includes(packageOf(file.path))) {
    return [{ path: file.path, rule: 'unknown package', detail: 'give it its arrows first' }];
  }
  if (packageOf(file.path) !== 'server' || Object.hasOwn(serverArrows, zoneOf(file.path)))
    return [];
  const detail = `server/src holds main.ts, bank.ts and ${Object.keys(serverArrows).join(', ')}`;
  return [{ path: file.path, rule: 'unknown folder of the server', detail }];
}

/** What oxlint's `no-restricted-properties` can't see: the clock behind a bare `new Date()`. */
function violationsOfPurity(file: SourceFile): Violation[] {
  if (packageOf(file.path) !== 'core' || isTestFile(file.path)) return [];
  const source = withoutComments(file);
  return [/\bnew\s+Date\s*\(\s*\)/, /\bDate\.now\b/, /\bMath\.random\b/].flatMap((impure) => {
    const found = impure.exec(source);
    return found === null ? [] : [{ path: file.path, rule: 'core is pure', detail: found[0] }];
  });
}

function violationsOfLedgerWrites(file: SourceFile): Violation[] {
  const isMine =
    packageOf(file.path) === 'server' && ['engine', 'store'].includes(zoneOf(file.path));
  if (isMine || isTestFile(file.path)) return [];
  const source = withoutComments(file);
  return writesOfLedgerTables.flatMap((pattern) => {
    const found = pattern.exec(source);
    if (found === null) return [];
    const detail = found[0].replaceAll(/\s+/g, ' ');
    return [{ path: file.path, rule: 'only engine and store write the ledger', detail }];
  });
}

/**
 * Cycles between folders, each reported once with its way round. A folder and what lies below it
 * count as one neighbourhood; cycles between single files are `import/no-cycle` of oxlint.
 */
function folderCycles(files: readonly SourceFile[]): Violation[] {
  const arrows = new Map<string, Set<string>>();
  for (const file of files) {
    if (isTestFile(file.path) || !file.path.endsWith('.ts')) continue;
    const from = folderOf(file.path);
    for (const { specifier } of importsOf(file.source)) {
      if (!specifier.startsWith('.')) continue;
      const to = folderOf(posix.normalize(posix.join(from, specifier)));
      if (isNeighbour(from, to)) continue;
      arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
    }
  }
  return cyclesOf(arrows).map((cycle) => ({
    path: cycle[0] ?? '',
    rule: 'no cycle between folders',
    detail: cycle.join(' → '),
  }));
}

function cyclesOf(arrows: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const done = new Set<string>();
  const cycles: string[][] = [];
  const walk = (folder: string, way: readonly string[]): void => {
    const seenAt = way.indexOf(folder);
    if (seenAt >= 0) {
      cycles.push([...way.slice(seenAt), folder]);
      return;
    }
    if (done.has(folder)) return;
    for (const next of arrows.get(folder) ?? []) walk(next, [...way, folder]);
    done.add(folder);
  };
  for (const folder of arrows.keys()) walk(folder, []);
  return cycles;
}

function isNeighbour(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

function packageOf(path: string): string {
  return path.split('/')[1] ?? '';
}

/** `packages/server/src/ledger/routes.ts` → `ledger`; `packages/server/src/main.ts` → `main`. */
function zoneOf(path: string): string {
  const [first = ''] = path.split('/').slice(3);
  return first.replace(/\.ts$/, '');
}
