import { userInfo } from 'node:os';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { runProgram } from './run-program.ts';

/**
 * PostgreSQL refuses to run as root, so it is started in one of these ways:
 * - `user`: we aren't root; as ourselves.
 * - `user_namespace`: we are root; inside a user namespace our files are those of uid 65534, outside they stay root's.
 * - `other_user`: we are root where namespaces are forbidden (a container's usual rules); as uid 65534, which owns the data.
 */
export type RunMode = 'user' | 'user_namespace' | 'other_user';

export interface RunAs {
  readonly mode: RunMode;
  /** What to put before a command. These exec, they don't fork: the pid that we spawn is the program's own. */
  readonly prefix: readonly string[];
  /** Who must own the data folder, as seen from here. */
  readonly owner: number;
}

/** "nobody" everywhere: a uid that exists without being created. */
const otherUid = 65534;

/**
 * The kernel sends SIGINT (fast shutdown) when the thread that spawned us ends, however it ends.
 * It forgets that on a change of credentials, so setpriv comes last, after unshare.
 */
const dieWithParent = ['--pdeathsig', 'INT'];

const userPrefix = ['setpriv', ...dieWithParent, '--'];
const userNamespacePrefix = [
  'unshare',
  '-U',
  `--map-user=${otherUid}`,
  `--map-group=${otherUid}`,
  '--',
  ...userPrefix,
];
const otherUserPrefix = [
  'setpriv',
  `--reuid=${otherUid}`,
  `--regid=${otherUid}`,
  '--clear-groups',
  '--no-new-privs',
  ...dieWithParent,
  '--',
];

/** Finds the way to run PostgreSQL here by trying; `wanted` leaves only that one. */
export async function chooseRunAs(wanted?: RunMode): Promise<RunAs> {
  const uid = process.getuid?.() ?? 0;
  if (uid !== 0) return { mode: 'user', prefix: await ordinaryPrefix(), owner: uid };
  if (wanted !== 'other_user' && (await works(userNamespacePrefix))) {
    return { mode: 'user_namespace', prefix: userNamespacePrefix, owner: 0 };
  }
  if (wanted !== 'user_namespace' && (await works(otherUserPrefix))) {
    return { mode: 'other_user', prefix: otherUserPrefix, owner: otherUid };
  }
  throw new EmbeddedPostgresError(
    'postgres_no_permission',
    'PostgreSQL does not run as root, and neither unshare nor setpriv (Debian package util-linux) may change that here: start as an ordinary user, or set DATABASE_URL.',
  );
}

/** Whether the program that is started this way may enter `folder`. */
export async function mayEnter(runAs: RunAs, folder: string): Promise<boolean> {
  if (runAs.mode === 'user') return true;
  const result = await runProgram([...runAs.prefix, 'test', '-x', folder], { timeoutMs: 5_000 });
  return result.code === 0;
}

/** initdb refuses a uid that has no name here (a container's --user 12345); in a namespace it is "nobody". */
async function ordinaryPrefix(): Promise<readonly string[]> {
  if (!hasName() && (await works(userNamespacePrefix))) return userNamespacePrefix;
  return (await works(userPrefix)) ? userPrefix : [];
}

function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

async function works(prefix: readonly string[]): Promise<boolean> {
  const result = await runProgram([...prefix, 'true'], { timeoutMs: 5_000 });
  return result.code === 0;
}
