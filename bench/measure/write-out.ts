import { execFile } from 'node:child_process';
import process from 'node:process';

const TIMEOUT_MS = 60_000;

/**
 * Has the operating system write out what it holds back for the working folder's disk. It does so by
 * itself every half minute, in one burst that commits wait for; so each measurement pays for its own
 * writes, and not for those of the lane before. Does nothing where there is no `sync -f`.
 */
export function writeOut(): Promise<void> {
  return new Promise((resolve) => {
    execFile('sync', ['-f', process.cwd()], { timeout: TIMEOUT_MS }, () => resolve());
  });
}
