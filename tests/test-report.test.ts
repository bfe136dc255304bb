import { describe, expect, it } from 'vitest';
import { isGood, readTestReport, summaryLine, totalOf } from '../scripts/test-report.ts';

function reportOf(...files: readonly [fileStatus: string, ...testStatuses: string[]][]): string {
  return JSON.stringify({
    testResults: files.map(([status, ...tests], index) => ({
      name: `file-${index}`,
      status,
      assertionResults: tests.map((test, number) => ({ status: test, fullName: `test ${number}` })),
    })),
  });
}

describe('readTestReport', () => {
  it('counts the tests of every file', () => {
    const text = reportOf(['passed', 'passed', 'passed'], ['failed', 'failed', 'passed']);
    expect(readTestReport(text)).toMatchObject({ passed: 3, failed: 1, skipped: 0 });
  });

  it('names the skipped, whatever vitest calls them', () => {
    const text = reportOf(['passed', 'skipped', 'pending', 'todo', 'passed']);
    expect(readTestReport(text)).toEqual({
      passed: 1,
      failed: 0,
      skipped: 3,
      skippedNames: ['file-0 > test 0', 'file-0 > test 1', 'file-0 > test 2'],
    });
  });

  it('counts a file that does not load as one failure', () => {
    expect(readTestReport(reportOf(['failed']))).toMatchObject({ passed: 0, failed: 1 });
  });

  it('counts a file whose hook throws as one failure, its tests as skipped', () => {
    const text = reportOf(['failed', 'skipped', 'skipped']);
    expect(readTestReport(text)).toMatchObject({ passed: 0, failed: 1, skipped: 2 });
  });

  it.each(['', '{}', '{"testResults":[{}]}', 'null'])('refuses %j', (text) => {
    expect(() => readTestReport(text)).toThrow(/./);
  });
});

describe('the verdict', () => {
  const allPassed = { passed: 5, failed: 0, skipped: 0 };

  it('counts the static steps as tests', () => {
    expect(totalOf([true, true, false, true], { passed: 5, failed: 1, skipped: 2 })).toEqual({
      passed: 8,
      failed: 2,
      skipped: 2,
    });
  });

  it('is good when all passed', () => {
    expect(isGood(totalOf([true, true], allPassed), allPassed)).toBe(true);
  });

  it('is bad when a static step failed', () => {
    expect(isGood(totalOf([true, false], allPassed), allPassed)).toBe(false);
  });

  it('is bad when no test ran, whatever the static steps say', () => {
    const none = { passed: 0, failed: 0, skipped: 3 };
    expect(isGood(totalOf([true, true], none), none)).toBe(false);
  });

  it('is one line', () => {
    expect(summaryLine(allPassed)).toBe('5 passed, 0 failed');
    expect(summaryLine({ passed: 5, failed: 1, skipped: 2 })).toBe('5 passed, 1 failed, 2 skipped');
  });
});
