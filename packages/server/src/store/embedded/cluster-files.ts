import { mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Where a cluster and what belongs to it lie. All but `folder` are siblings, so they move with the data folder. */
export interface ClusterFiles {
  /** PostgreSQL's data folder. */
  readonly folder: string;
  /** Held exclusively while a process runs the cluster; the file stays, the lock goes with its holder. */
  readonly lock: string;
  /** The password of `lastro`, mode 0600. */
  readonly password: string;
  /** The TCP port of the last run. */
  readonly port: string;
  readonly log: string;
  /** What an unfinished first start leaves begins with this. */
  readonly unfinishedPrefix: string;
}

/**
 * Names the files of the cluster in `folder` and creates its parent (0700) if missing.
 * Links are resolved first: two ways to name one cluster must lead to one lock.
 */
export function clusterFiles(folder: string): ClusterFiles {
  const absolute = resolve(folder);
  mkdirSync(dirname(absolute), { recursive: true, mode: 0o700 });
  const real = realPathOfMaybeMissing(absolute);
  return {
    folder: real,
    lock: `${real}.lock`,
    password: `${real}-password`,
    port: `${real}-port`,
    log: `${real}.log`,
    unfinishedPrefix: `${real}.new-`,
  };
}

function realPathOfMaybeMissing(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return join(realpathSync(dirname(path)), basename(path));
  }
}
