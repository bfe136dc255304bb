import { expect, test, vi } from 'vitest';
import { CreateLane } from './create-lane.ts';
import type { Claim, Standing } from './home.ts';
import { REGISTER_LIMITS } from './limits.ts';

const claim = (number: number): Claim => ({
  key: `d/${number}`,
  value: Buffer.from('commit'),
  tag: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
});

const created = ({ key, value, tag }: Claim): Standing => ({
  kind: 'stands',
  entry: { key, value, tag, revision: 1n },
});

/** By the timer that the test drives. */
async function after(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, ms);
  await promise;
}

/** A register that takes so long for each batch; a decision comes every millisecond, for a second. */
async function batchesOf(tookMs: number, fails: boolean): Promise<readonly number[]> {
  const batches: number[] = [];
  const lane = new CreateLane(async (claims) => {
    batches.push(claims.length);
    await after(tookMs);
    if (fails) throw new Error('a defect');
    const position = { generation: 'one', revision: 1n };
    return { kind: 'answered', position, result: claims.map(created) };
  }, REGISTER_LIMITS);
  const answers: Promise<unknown>[] = [];
  for (let number = 0; number < 1_000; number += 1) {
    answers.push(lane.submit(claim(number), performance.now() + 5_000));
    await vi.advanceTimersByTimeAsync(1);
  }
  await vi.advanceTimersByTimeAsync(1_000);
  await Promise.all(answers);
  return batches;
}

test.each([false, true])(
  'decisions go to the register the rarer the longer it takes (it fails: %s)',
  async (fails) => {
    vi.useFakeTimers();
    try {
      const quick = await batchesOf(2, fails);
      const slow = await batchesOf(15, fails);
      expect(quick.length).toBeGreaterThan(2 * slow.length);
      expect(Math.max(...slow.slice(10))).toBeGreaterThan(35);
    } finally {
      vi.useRealTimers();
    }
  },
);
