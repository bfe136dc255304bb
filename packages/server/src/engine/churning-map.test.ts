import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChurningMap } from './churning-map.ts';

const step = fc.record({
  key: fc.constantFrom('a', 'b', 'c', 'd', '', '__proto__', 'constructor'),
  what: fc.constantFrom('set', 'set', 'delete', 'clear'),
  value: fc.nat(),
});

describe('a map for what comes and goes', () => {
  it('answers as a Map does', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const map = new ChurningMap<number>();
        const model = new Map<string, number>();
        for (const { key, what, value } of steps) {
          if (what === 'set') {
            map.set(key, value);
            model.set(key, value);
          } else if (what === 'delete') {
            map.delete(key);
            model.delete(key);
          } else if (value % 10 === 0) {
            map.clear();
            model.clear();
          }
          expect([map.size, map.has(key), map.get(key)]).toEqual([
            model.size,
            model.has(key),
            model.get(key),
          ]);
          expect([...map.values()]).toEqual([...model.values()]);
        }
      }),
    );
  });

  it('can be emptied while one goes through it', () => {
    const map = new ChurningMap<string>();
    for (const key of ['a', 'b', 'c']) map.set(key, key);
    const seen: string[] = [];
    for (const value of map.values()) {
      seen.push(value);
      map.delete(value);
    }
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(map.size).toBe(0);
  });
});
