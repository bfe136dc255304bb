/** What became of a run: of vitest's tests, and of the static steps before them. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What vitest's JSON report says, as far as the runner needs it. */
export interface TestReport extends Counts {
  /** `file > name` of every test that didn't run. */
  readonly skippedNames: readonly string[];
}

/**
 * Reads the JSON report of vitest. A file that fails without a failed test (it doesn't load, a hook
 * throws) counts as one failure. Throws where the text is no such report.
 */
export function readTestReport(text: string): TestReport {
  const report: unknown = JSON.parse(text);
  const files = listIn(report, 'testResults').map(readFileReport);
  return {
    passed: sum(files.map((file) => file.passed)),
    failed: sum(files.map((file) => file.failed)),
    skipped: sum(files.map((file) => file.skipped)),
    skippedNames: files.flatMap((file) => file.skippedNames),
  };
}

function readFileReport(file: unknown): TestReport {
  const tests = listIn(file, 'assertionResults');
  const having = (status: string): number =>
    tests.filter((test) => textIn(test, 'status') === status).length;
  const passed = having('passed');
  const failed = having('failed');
  const skippedTests = tests.filter(
    (test) => !['passed', 'failed'].includes(textIn(test, 'status')),
  );
  const failedWhole = failed === 0 && textIn(file, 'status') === 'failed';
  return {
    passed,
    failed: failedWhole ? 1 : failed,
    skipped: skippedTests.length,
    skippedNames: skippedTests.map(
      (test) => `${textIn(file, 'name')} > ${textIn(test, 'fullName')}`,
    ),
  };
}

/** The counts of a whole run; `staticSteps` holds true for every static step that passed. */
export function totalOf(staticSteps: readonly boolean[], report: Counts): Counts {
  const passedSteps = staticSteps.filter(Boolean).length;
  return {
    passed: report.passed + passedSteps,
    failed: report.failed + staticSteps.length - passedSteps,
    skipped: report.skipped,
  };
}

/** The last line of a run: `12 passed, 0 failed`, and `, 1 skipped` where there is any. */
export function summaryLine(counts: Counts): string {
  const line = `${counts.passed} passed, ${counts.failed} failed`;
  return counts.skipped === 0 ? line : `${line}, ${counts.skipped} skipped`;
}

/** A run is good when nothing failed and at least one test of vitest ran. */
export function isGood(total: Counts, report: Counts): boolean {
  return total.failed === 0 && report.passed > 0;
}

function listIn(value: unknown, key: string): unknown[] {
  const found = fieldOf(value, key);
  if (!Array.isArray(found)) throw new TypeError(`the test report has no list ${key}`);
  return found;
}

function textIn(value: unknown, key: string): string {
  const found = fieldOf(value, key);
  if (typeof found !== 'string') throw new TypeError(`the test report has no text ${key}`);
  return found;
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
