import { describe, expect, it } from 'vitest';
import { msText, rateText, ratioText, useText } from './figures.ts';
import { textTable } from './table.ts';

describe('a table', () => {
  it('has columns as wide as their widest cell', () => {
    expect(
      textTable(
        ['lane', 'rate'],
        [
          ['single', '8 412'],
          ['hot', '40 000'],
        ],
      ),
    ).toBe(['lane      rate', '──────────────', 'single   8 412', 'hot     40 000'].join('\n'));
  });

  it('leaves missing cells empty', () => {
    expect(textTable(['a', 'b'], [['x']])).toBe(['a  b', '────', 'x'].join('\n'));
  });
});

describe('figures', () => {
  it('are written as people read them', () => {
    expect([0, 999, 1_000, 12_345.6, 1_234_567].map(rateText)).toEqual([
      '0',
      '999',
      '1 000',
      '12 346',
      '1 234 567',
    ]);
    expect([0.844, 12.34, 340.4].map(msText)).toEqual(['0.84', '12.3', '340']);
    expect([0.474, 12.34, 340.4].map(ratioText)).toEqual(['0.47', '12.3', '340']);
    expect([0.934, null].map(useText)).toEqual(['0.93', '–']);
  });
});
