import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeGuard } from '../../scripts/guards/guard.ts';
import { guards } from '../../scripts/guards/guards.ts';

const root = join(import.meta.dirname, '../..');

test.each(guards.map((guard) => [guard.name, guard] as const))(
  'the guard can be taken away: %s',
  (_, guard) => {
    for (const replacement of guard.replacements) {
      const source = readFileSync(join(root, replacement.path), 'utf8');
      expect(removeGuard(source, replacement)).not.toBe(source);
    }
    expect(existsSync(join(root, guard.test.path)), guard.test.path).toBe(true);
  },
);

test('a text that stands nowhere, or twice, is no guard', () => {
  const replacement = { path: 'a.ts', from: 'b', to: '' };
  expect(() => removeGuard('a', replacement)).toThrow(/0 times/);
  expect(() => removeGuard('b b', replacement)).toThrow(/2 times/);
  expect(removeGuard('a b c', replacement)).toBe('a  c');
});
