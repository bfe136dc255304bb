import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { shareRead } from './shared-read.ts';

describe('a shared read', () => {
  it('answers many with few reads, none of which began before it was asked for', async () => {
    let begun = 0;
    let running = 0;
    const read = shareRead(async () => {
      begun += 1;
      running += 1;
      expect(running).toBe(1);
      const mine = begun;
      await nextTurn();
      running -= 1;
      return mine;
    });
    const ask = async () => {
      const before = begun;
      expect(await read()).toBeGreaterThan(before);
    };
    await Promise.all(Array.from({ length: 100 }, ask));
    const late = Array.from({ length: 100 }, ask);
    await Promise.all(late);
    expect(begun).toBeLessThanOrEqual(4);
  });

  it('tells all who share it of its failure, and reads again for the next', async () => {
    let tries = 0;
    const read = shareRead(async () => {
      tries += 1;
      if (tries === 1) throw new Error('away');
      return tries;
    });
    const answers = await Promise.allSettled([read(), read()]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await read()).toBe(2);
  });
});
