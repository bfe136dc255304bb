import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from '../run-tool.ts';
import type { Guard } from './guard.ts';

/** What became of a guard's test. */
export interface TestRun {
  readonly passed: number;
  readonly failedNames: readonly string[];
  readonly seconds: number;
  /** The end of what vitest said. */
  readonly output: string;
}

const TIMEOUT_MS = 5 * 60_000;
const OUTPUT_CHARACTERS = 3_000;

/** Runs a guard's test in the tree. A test that hangs is ended, and counts neither as passed nor as failed. */
export async function runTest(root: string, { test }: Guard): Promise<TestRun> {
  const report = join(root, 'guard-report.json');
  await rm(report, { force: true });
  const titled = test.title === undefined ? [] : ['-t', test.title];
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  const { output, seconds } = await runTool(
    root,
    'vitest',
    ['run', test.path, ...titled, ...reporters],
    { live: false, timeoutMs: TIMEOUT_MS, environment: {} },
  );
  const text = await readFile(report, 'utf8').catch(() => '{}');
  return { ...readReport(JSON.parse(text)), seconds, output: output.slice(-OUTPUT_CHARACTERS) };
}

function readReport(report: unknown): Pick<TestRun, 'passed' | 'failedNames'> {
  const tests = listIn(report, 'testResults').flatMap((file) => listIn(file, 'assertionResults'));
  const having = (status: string) => tests.filter((one) => textIn(one, 'status') === status);
  return {
    passed: having('passed').length,
    failedNames: having('failed').map((one) => textIn(one, 'title')),
  };
}

function memberOf(value: unknown, name: string): unknown {
  return new Map(Object.entries(typeof value === 'object' && value !== null ? value : {})).get(
    name,
  );
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const found = memberOf(value, name);
  return Array.isArray(found) ? found : [];
}

function textIn(value: unknown, name: string): string {
  const found = memberOf(value, name);
  return typeof found === 'string' ? found : '';
}
