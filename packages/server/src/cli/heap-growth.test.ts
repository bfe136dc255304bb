import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { expect, test } from 'vitest';
import { growthPercent, helperThreads } from './heap-growth.ts';

const MIB = 1024 * 1024;

test('the heap may grow to its bound, whether little is alive or much', () => {
  for (const alive of [32, 64, 72, 80]) {
    expect(Math.abs((1 + growthPercent(alive * MIB) / 100) * alive - 112)).toBeLessThan(1);
  }
});

test('there is a most and a least', () => {
  expect(growthPercent(0)).toBe(400);
  expect(growthPercent(10 * MIB)).toBe(400);
  expect(growthPercent(110 * MIB)).toBe(40);
  expect(growthPercent(1_000 * MIB)).toBe(40);
});

test('one core is left to the thread that answers', () => {
  expect([1, 2, 3, 4, 5, 64].map(helperThreads)).toEqual([1, 1, 2, 3, 4, 4]);
});

test('V8 still knows what it is told not to do', () => {
  const options = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  expect(options).toContain('--allocation-site-pretenuring');
  expect(options).toContain('--heap-growing-percent');
});
