import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../packages/server/src/store/embedded/index.ts';

const INSTALLED = '/usr/lib/postgresql';
const EMBEDDED_MAJOR = 18;
const OLDEST_MAJOR = 15;

/** The major version of a PostgreSQL of this machine that is not the one that comes along. */
export function otherMajor(): number | undefined {
  if (!existsSync(INSTALLED)) return undefined;
  return readdirSync(INSTALLED)
    .map(Number)
    .filter((major) => major >= OLDEST_MAJOR && major !== EMBEDDED_MAJOR)
    .find((major) => existsSync(join(INSTALLED, String(major), 'bin', 'initdb')));
}

export interface OtherPostgres {
  /** A new, empty database; its URL. */
  createDatabase(name: string): Promise<string>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

/** As ours is started, but for a locale that only later versions bring. */
const INITDB = `#!/bin/sh
for argument; do
  shift
  case $argument in
    --locale=*|--locale-provider=*|--builtin-locale=*) ;;
    *) set -- "$@" "$argument" ;;
  esac
done
exec "$0.real" "$@" --locale=C.UTF-8
`;

/** A package as the one that comes along, around the programs of this machine. */
function packagePrograms(root: string, major: number): string {
  const folder = join(root, 'package');
  const bin = join(folder, 'native', 'bin');
  mkdirSync(bin, { recursive: true });
  const installed = join(INSTALLED, String(major), 'bin');
  for (const name of ['postgres', 'pg_ctl']) symlinkSync(join(installed, name), join(bin, name));
  symlinkSync(join(installed, 'initdb'), join(bin, 'initdb.real'));
  writeFileSync(join(bin, 'initdb'), INITDB, { mode: 0o755 });
  writeFileSync(join(folder, 'native', 'pg-symlinks.json'), '[]');
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version: `${major}.0` }));
  return folder;
}

/** Starts the machine's own PostgreSQL of this major version, in a folder of its own. */
export async function startOtherPostgres(major: number): Promise<OtherPostgres> {
  const root = mkdtempSync(join(tmpdir(), 'lastro-other-postgres-'));
  chmodSync(root, 0o755);
  const removeRoot = () => rmSync(root, { recursive: true, force: true, maxRetries: 10 });
  let server: EmbeddedPostgres;
  try {
    const binariesFolder = packagePrograms(root, major);
    const settings = { shared_buffers: '32MB' };
    server = await startEmbeddedPostgres({
      folder: join(root, 'postgres'),
      binariesFolder,
      settings,
    });
  } catch (error) {
    removeRoot();
    throw error;
  }
  return {
    async createDatabase(name) {
      await server.ensureDatabase(name);
      return server.url(name);
    },
    async remove() {
      await server.stop();
      removeRoot();
    },
  };
}
