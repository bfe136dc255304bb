/**
 * `npm test`: format, lint, types, dead code, then every test; all of them even if one fails.
 *
 *     npm test                          everything
 *     npm test -- --long                with the longer suites (LASTRO_LONG=1)
 *     npm test -- --verbose             with the output of steps that pass
 *     npm test -- packages/core -t sum  only vitest, with these arguments
 *
 * The last line says how many passed, failed and were skipped, the static steps counted as tests.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { runTool } from './run-tool.ts';
import { isGood, readTestReport, summaryLine, totalOf, type TestReport } from './test-report.ts';

const root = join(import.meta.dirname, '..');
const stepTimeoutMs = 5 * 60_000;
const testsTimeoutMs = 30 * 60_000;
const longTestsTimeoutMs = 4 * 60 * 60_000;

/** Tests start many servers: they are compiled once in a run. */
const compileCache = join(root, 'node_modules', '.cache', 'lastro-compiled');

interface Step {
  readonly title: string;
  readonly tool: string;
  readonly toolArguments: readonly string[];
}

const staticSteps: readonly Step[] = [
  { title: 'format', tool: 'oxfmt', toolArguments: ['--check', '.'] },
  { title: 'lint', tool: 'oxlint', toolArguments: [] },
  { title: 'types', tool: 'tsc', toolArguments: ['-p', 'tsconfig.json'] },
  { title: 'dead code', tool: 'knip', toolArguments: ['--no-progress', '--no-config-hints'] },
];

interface Request {
  readonly long: boolean;
  readonly verbose: boolean;
  /** Arguments for vitest; when there are any, the static steps don't run. */
  readonly filters: readonly string[];
}

function readRequest(words: readonly string[]): Request {
  return {
    long: words.includes('--long'),
    verbose: words.includes('--verbose'),
    filters: words.filter((word) => !['--long', '--verbose'].includes(word)),
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function runStep(step: Step, verbose: boolean): Promise<boolean> {
  const result = await runTool(root, step.tool, step.toolArguments, {
    live: false,
    timeoutMs: stepTimeoutMs,
    environment: {},
  });
  const mark = result.succeeded ? '✓' : '✗';
  say(`${mark} ${step.title} (${step.tool}), ${result.seconds.toFixed(1)} s`);
  if (!result.succeeded || verbose) say(result.output.trimEnd());
  return result.succeeded;
}

async function runTests(request: Request): Promise<TestReport> {
  const folder = await mkdtemp(join(tmpdir(), 'lastro-test-'));
  // Copies of the tree that tests make leave something in it that nobody asks for again.
  await rm(compileCache, { recursive: true, force: true });
  try {
    const reportPath = join(folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`];
    const result = await runTool(root, 'vitest', ['run', ...reporters, ...request.filters], {
      live: true,
      timeoutMs: request.long ? longTestsTimeoutMs : testsTimeoutMs,
      environment: {
        NODE_COMPILE_CACHE: compileCache,
        ...(request.long ? { LASTRO_LONG: '1' } : {}),
      },
    });
    const report = readTestReport(await readFile(reportPath, 'utf8'));
    // An error outside every test (an unhandled rejection) fails vitest, but none of its counts.
    if (!result.succeeded && report.failed === 0) {
      say('✗ vitest failed outside its tests: see its output above');
      return { ...report, failed: 1 };
    }
    return report;
  } catch (error) {
    say(`✗ vitest left no report: ${String(error)}`);
    return { passed: 0, failed: 1, skipped: 0, skippedNames: [] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const request = readRequest(process.argv.slice(2));
const stepsPassed: boolean[] = [];
for (const step of request.filters.length > 0 ? [] : staticSteps) {
  stepsPassed.push(await runStep(step, request.verbose));
}

const report = await runTests(request);
const total = totalOf(stepsPassed, report);

if (report.skippedNames.length > 0) {
  say(`\n!! SKIPPED, so nothing is known about them (${report.skippedNames.length}):`);
  for (const name of report.skippedNames) say(`!!   ${name.replace(`${root}/`, '')}`);
}
const stepsFailed = staticSteps.filter((_, index) => stepsPassed[index] === false);
if (stepsFailed.length > 0) {
  say(`\n✗ failed before the tests: ${stepsFailed.map((step) => step.title).join(', ')}`);
}
if (report.passed + report.failed === 0) say('\n✗ no test ran');
say(`\n${summaryLine(total)}`);
process.exitCode = isGood(total, report) ? 0 : 1;
