import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { runProgram } from './run-program.ts';
import { systemErrorCode } from './system-error.ts';
import { waitUntil } from './wait-until.ts';

/** macOS opens and locks in one call; these are its flags, which Node passes on as they are. */
const macExclusiveLock = 0x20;

/** A holder that was just killed may take some milliseconds to be gone. */
const lockWaitMs = 2_000;
const lockIntervalMs = 50;

export interface FolderLock {
  release(): void;
}

/**
 * Takes the cluster for this process, or rejects with `postgres_in_use` after 2 s.
 *
 * The lock is the kernel's (flock), so it goes with its holder however that dies, and there is no stale one.
 * Node can't call flock, but the lock belongs to the open file, not to the process that asked for it:
 * flock(1) gets our descriptor, locks it and exits; we keep the file open.
 */
export async function lockFolder(lockFile: string, folder: string): Promise<FolderLock> {
  let descriptor: number | undefined;
  const locked = async (): Promise<boolean> => {
    descriptor = await openLocked(lockFile);
    return descriptor !== undefined;
  };
  await waitUntil(locked, lockWaitMs, lockIntervalMs);
  if (descriptor === undefined) throw inUse(lockFile, folder);
  return holdLock(descriptor);
}

function holdLock(descriptor: number): FolderLock {
  try {
    ftruncateSync(descriptor);
    writeSync(descriptor, `${process.pid}\n`);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  let held = true;
  return {
    release() {
      if (held) closeSync(descriptor);
      held = false;
    },
  };
}

/** The lock file, open and locked; undefined when another holds it. */
function openLocked(lockFile: string): Promise<number | undefined> | number | undefined {
  return process.platform === 'darwin' ? openLockedOnMac(lockFile) : openThenLock(lockFile);
}

async function openThenLock(lockFile: string): Promise<number | undefined> {
  const descriptor = openSync(lockFile, 'a+', 0o600);
  const result = await runProgram(['flock', '-n', '3'], {
    timeoutMs: 5_000,
    descriptors: [descriptor],
  });
  if (result.code === 0) return descriptor;
  closeSync(descriptor);
  if (result.code === 1) return undefined;
  throw new EmbeddedPostgresError(
    'postgres_start_failed',
    `The program flock (Debian package util-linux) is needed to lock ${lockFile} and could not be run: ${result.output}.`,
  );
}

function openLockedOnMac(lockFile: string): number | undefined {
  try {
    return openSync(
      lockFile,
      constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | macExclusiveLock,
      0o600,
    );
  } catch (error) {
    if (systemErrorCode(error) === 'EAGAIN') return undefined;
    throw error;
  }
}

function inUse(lockFile: string, folder: string): EmbeddedPostgresError {
  const holder = readFileSync(lockFile, 'utf8').trim();
  const who = holder === '' ? 'another Lastro process' : `the Lastro process ${holder}`;
  return new EmbeddedPostgresError(
    'postgres_in_use',
    `The database in ${folder} is run by ${who}: stop that one first, or choose another data folder.`,
  );
}
