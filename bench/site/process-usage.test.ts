import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { memoryPeakBytes, parseStat, processorSeconds } from './process-usage.ts';

describe('/proc', () => {
  it('is read past a name with blanks and brackets', () => {
    const text = '42 (post) gres (x)) S 7 42 42 0 -1 4194560 100 0 0 0 150 50 25 75 20 0 1 0 99';
    expect(parseStat(text)).toEqual({ parent: 7, own: 2, ended: 1 });
  });

  it.runIf(process.platform === 'linux')('says what this process used', () => {
    expect(processorSeconds(process.pid)).toBeGreaterThan(0);
    expect(memoryPeakBytes(process.pid)).toBeGreaterThan(10_000_000);
  });

  it('knows nothing of a process that is not there', () => {
    expect(processorSeconds(2 ** 30)).toBeUndefined();
    expect(memoryPeakBytes(2 ** 30)).toBeUndefined();
  });
});
