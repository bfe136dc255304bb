import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSourceTree } from '../scripts/source-tree.ts';
import { styleViolations } from '../scripts/style.ts';

const root = join(import.meta.dirname, '..');
// Put together, so that this file doesn't hold what it looks for.
const slash = '/';
const [later, broken] = [['TO', 'DO'].join(''), ['FIX', 'ME'].join('')];
const registry = ['regis', 'try'].join('');
const address = ['http', 's:'].join('');

function rulesBroken(path: string, source: string): string[] {
  return styleViolations([{ path, source }]).map((violation) => violation.rule);
}

describe('this repository', () => {
  it('keeps the house style', async () => {
    const files = await readSourceTree(root);
    expect(files.length).toBeGreaterThan(10);
    expect(styleViolations(files)).toEqual([]);
  });
});

describe('what breaks the style is found', () => {
  const breaking: readonly [string, string, string, string][] = [
    ['a long file', 'scripts/a.ts', 'x\n'.repeat(401), 'file is short'],
    ['camel case', 'scripts/placeOrder.ts', '', 'name is in kebab-case'],
    ['snake case', 'scripts/place_order.sql', '', 'name is in kebab-case'],
    ['a folder in capitals', 'scripts/Orders/a.ts', '', 'name is in kebab-case'],
    ['an empty name', 'scripts/utils.ts', '', 'name says what is inside'],
    ['an empty folder name', 'scripts/common/a.ts', '', 'name says what is inside'],
    ['an empty word in a name', 'tests/order-helpers.test.ts', '', 'name says what is inside'],
    ['unfinished work', 'scripts/a.ts', `// ${later}: later`, 'no unfinished work'],
    ['unfinished work in SQL', 'scripts/a.sql', `-- ${broken}`, 'no unfinished work'],
    [
      'a path of a workplace',
      'docs/a.md',
      `see \`${slash}work/main/a.ts\``,
      'no path of a workplace',
    ],
    [
      'a registry',
      '.npmrc',
      `registry=${address}/${slash}${registry}.example.org/`,
      'no registry host',
    ],
    [
      'a lock file with addresses',
      'package-lock.json',
      `"resolved": "${address}//example.org/a.tgz"`,
      'no download address in the lock file',
    ],
    ['a package without a README', 'packages/a/package.json', '{}', 'package has a README.md'],
    ['a long README', 'packages/a/README.md', 'x\n'.repeat(61), 'README is at most a page'],
  ];

  it.each(breaking)('%s', (_, path, source, rule) => {
    expect(rulesBroken(path, source)).toEqual([rule]);
  });

  it('says the line', () => {
    const [violation] = styleViolations([{ path: 'a.md', source: `one\ntwo ${later}\n` }]);
    expect(violation?.detail).toMatch(/^line 2: /);
  });
});

describe('what keeps the style passes', () => {
  const right: readonly [string, string, string][] = [
    ['400 lines', 'scripts/a.ts', 'x\n'.repeat(400)],
    ['generated', 'docs/reference/errors.generated.ts', 'x\n'.repeat(1000)],
    ['a migration', 'scripts/0001-ledger.sql', 'CREATE TABLE x ();'],
    ['a README in Portuguese', 'README.pt-BR.md', '# Lastro'],
    ['a dotted file', '.oxlintrc.json', '{}'],
    ['a relative path', 'scripts/a.ts', `import './work/a.ts'; // docs/work/a.md`],
    ['a link in the workspace', 'package-lock.json', '"resolved": "packages/core"'],
  ];

  it.each(right)('%s', (_, path, source) => {
    expect(rulesBroken(path, source)).toEqual([]);
  });
});
