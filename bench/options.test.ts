import { describe, expect, it } from 'vitest';
import { readOptions, type BenchOptions } from './options.ts';

function read(...words: string[]): BenchOptions {
  const options = readOptions(words);
  if (options === 'help') throw new Error('help was not asked for');
  return options;
}

describe('the options', () => {
  it('run every lane in at least five rounds unless told otherwise', () => {
    expect(read().rounds).toBeGreaterThanOrEqual(5);
    expect(read()).toMatchObject({ growth: null, budgetMs: null, databaseUrl: null });
    expect(read().lanes).toHaveLength(7);
  });

  it('take only the lanes that are asked for', () => {
    expect(read('--lanes', 'single, bulk').lanes).toEqual(['single', 'bulk']);
    expect(() => read('--lanes', 'singel')).toThrow('single, bulk');
  });

  it('keep --quick within its minute', () => {
    expect(read('--quick').budgetMs).toBeLessThan(60_000);
    expect(read('--quick', '--rounds', '1').rounds).toBe(1);
  });

  it('grow only with --long', () => {
    expect(read('--long').growth).toEqual({ accounts: 1_000_000, transfers: 10_000_000 });
    expect(read('--long', '--growth-accounts', '5').growth?.accounts).toBe(5);
  });

  it('run the lane cross among two to four banks', () => {
    expect(read().banks).toBe(3);
    expect(read('--banks', '4').banks).toBe(4);
    expect(() => read('--banks', '1')).toThrow('--banks');
    expect(() => read('--banks', '5')).toThrow('--banks');
  });

  it('refuse what is no number and no flag', () => {
    expect(() => read('--rounds', '0')).toThrow('--rounds');
    expect(() => read('--fast')).toThrow('--fast');
  });
});
