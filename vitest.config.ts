import process from 'node:process';
import { defineConfig } from 'vitest/config';

/** `npm test -- --long` runs the longer suites, which also get longer deadlines. */
const deadlineFactor = process.env['LASTRO_LONG'] === '1' ? 10 : 1;

const everywhere = ['packages/**/*.test.ts', 'tests/**/*.test.ts', 'bench/**/*.test.ts'];
const nowhere = ['**/node_modules/**', '**/dist/**'];

/** Files that leave a process as they found it: one worker runs many, and loads what they share once. */
const together = [
  'packages/{core,contract,client}/**/*.test.ts',
  'packages/server/src/{classic,cli,engine,feed,http,identity,ledger,orders}/**/*.test.ts',
  'packages/server/src/consortium/{host,messages,peers,settlements}/**/*.test.ts',
  'tests/{acceptance,operation}/**/*.test.ts',
  'bench/**/*.test.ts',
];

export default defineConfig({
  test: {
    globals: false,
    globalSetup: ['tests/harness/postgres-setup.ts'],
    pool: 'forks',
    // Node reads our TypeScript itself, as it does where the product runs: nothing is transformed.
    experimental: { viteModuleRunner: false },
    // Suites start PostgreSQL servers of their own: more files at once make all of them slow.
    maxWorkers: 2,
    testTimeout: 30_000 * deadlineFactor,
    hookTimeout: 60_000 * deadlineFactor,
    teardownTimeout: 30_000,
    // What a passing test prints is noise; what a failing one printed is evidence.
    silent: 'passed-only',
    // In the order of their names, so that the longest files, which are among the first, start first.
    projects: [
      {
        extends: true,
        test: { name: 'apart', include: everywhere, exclude: [...nowhere, ...together] },
      },
      {
        extends: true,
        test: { name: 'together', include: together, exclude: nowhere, isolate: false },
      },
    ],
  },
});
