import { test } from 'vitest';
import type { CrashPoint } from '../../packages/server/src/store/crash-point.ts';

/** A test that kills a real process at this point; `every-point.test.ts` looks for one of each. */
export function testAt(point: CrashPoint, expectKept: (point: CrashPoint) => Promise<void>): void {
  test(`killed at ${point}`, () => expectKept(point));
}
