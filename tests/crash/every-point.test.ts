import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CRASH_POINTS } from '../../packages/server/src/store/crash-point.ts';
import { isTestFile, readSourceTree, withoutComments } from '../../scripts/source-tree.ts';

const root = join(import.meta.dirname, '../..');
const files = await readSourceTree(root);

/** The names within every call of the function in these files. */
function namesIn(call: RegExp, isRead: (path: string) => boolean): string[] {
  return files
    .filter(({ path }) => path.endsWith('.ts') && isRead(path))
    .flatMap((file) => [...withoutComments(file).matchAll(call)])
    .flatMap(([text]) => [...text.matchAll(/'([a-z-]+)'/g)])
    .map(([, name = '']) => name);
}

const inSource = namesIn(
  /\bcrashPoint\([^;]*;/g,
  (path) => path.startsWith('packages/') && path.includes('/src/') && !isTestFile(path),
);
const tested = namesIn(/\btestAt\('[a-z-]+'/g, (path) => /^tests\/(crash|consortium)\//.test(path));

test('every crash point stands at one place of the source', () => {
  expect(inSource.toSorted()).toEqual([...CRASH_POINTS].toSorted());
});

test('every crash point has its test, and every test its point', () => {
  expect(tested.toSorted()).toEqual([...CRASH_POINTS].toSorted());
});
