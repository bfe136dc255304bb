import { expect, test } from 'vitest';
import { growthPercent } from './heap-growth.ts';

const MIB = 1024 * 1024;

test('so much may gather, whether little is alive or much', () => {
  for (const alive of [20, 40, 64, 150]) {
    expect(Math.abs((growthPercent(alive * MIB) / 100) * alive - 64)).toBeLessThan(1);
  }
});

test('there is a most and a least', () => {
  expect(growthPercent(0)).toBe(400);
  expect(growthPercent(10 * MIB)).toBe(400);
  expect(growthPercent(1_000 * MIB)).toBe(40);
});
