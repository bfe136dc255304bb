import process from 'node:process';
import { defineConfig } from 'vitest/config';

/** `npm test -- --long` runs the longer suites, which also get longer deadlines. */
const deadlineFactor = process.env['LASTRO_LONG'] === '1' ? 10 : 1;

export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'tests/**/*.test.ts', 'bench/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globals: false,
    globalSetup: ['tests/harness/postgres-setup.ts'],
    pool: 'forks',
    // Suites start PostgreSQL servers of their own: more files at once make all of them slow.
    maxWorkers: 2,
    testTimeout: 30_000 * deadlineFactor,
    hookTimeout: 60_000 * deadlineFactor,
    teardownTimeout: 30_000,
    // What a passing test prints is noise; what a failing one printed is evidence.
    silent: 'passed-only',
  },
});
