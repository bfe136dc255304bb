import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGenerationalCache } from './generational-cache.ts';

describe('a cache of two generations', () => {
  it('keeps at least as many as one generation, and at most two', () => {
    const cache = createGenerationalCache<number>(10);
    for (let index = 0; index < 1_000; index += 1) cache.set(String(index), index);
    const kept = Array.from({ length: 1_000 }, (_, index) => index).filter(
      (index) => cache.get(String(index)) !== undefined,
    );
    expect(kept.slice(-10)).toEqual(Array.from({ length: 10 }, (_, index) => 990 + index));
    expect(kept.length).toBeLessThanOrEqual(20);
  });

  it('keeps what is used, however much else passes', () => {
    const cache = createGenerationalCache<string>(5);
    cache.set('used', 'value');
    for (let index = 0; index < 500; index += 1) {
      cache.set(String(index), 'other');
      expect(cache.get('used')).toBe('value');
    }
  });

  it('has the newest value of a key, also when an older one is in the older generation', () => {
    const cache = createGenerationalCache<number>(2);
    cache.set('a', 1);
    cache.set('b', 1);
    cache.set('c', 1);
    cache.set('a', 2);
    expect(cache.get('a')).toBe(2);
    cache.set('d', 1);
    expect(cache.get('a')).toBe(2);
  });

  it('tells what it holds without keeping it', () => {
    const cache = createGenerationalCache<number>(2);
    cache.set('seen', 1);
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      expect(cache.holds('seen')).toBe(key < 'e');
      cache.set(key, 1);
    }
    expect(cache.holds('e')).toBe(true);
  });

  it('forgets all at once', () => {
    const cache = createGenerationalCache<number>(2);
    for (const key of ['a', 'b', 'c']) cache.set(key, 1);
    cache.clear();
    expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([undefined, undefined, undefined]);
  });

  it('knows names that objects have from birth as keys like any other', () => {
    const cache = createGenerationalCache<number>(4);
    for (const key of ['__proto__', 'constructor', 'toString', '']) {
      expect(cache.get(key)).toBeUndefined();
      cache.set(key, 1);
      expect(cache.get(key)).toBe(1);
    }
  });

  it('never gives a value that was overwritten', () => {
    const step = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fc.option(fc.nat()));
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 200 }),
        fc.integer({ min: 1, max: 4 }),
        (steps, size) => {
          const cache = createGenerationalCache<number>(size);
          const truth = new Map<string, number>();
          for (const [key, value] of steps) {
            if (value === null) expect([undefined, truth.get(key)]).toContain(cache.get(key));
            else {
              truth.set(key, value);
              cache.set(key, value);
              expect(cache.get(key)).toBe(value);
            }
          }
        },
      ),
    );
  });
});
