import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { architectureViolations } from '../scripts/architecture.ts';
import { importsOf } from '../scripts/imports.ts';
import { readSourceTree } from '../scripts/source-tree.ts';

const root = join(import.meta.dirname, '..');

function rulesBroken(sources: Readonly<Record<string, string>>): string[] {
  const files = Object.entries(sources).map(([path, source]) => ({ path, source }));
  return architectureViolations(files).map((violation) => violation.rule);
}

describe('this repository', () => {
  it('keeps every arrow of the house', async () => {
    const files = await readSourceTree(root);
    expect(files.filter(({ path }) => path.startsWith('packages/core/src/'))).not.toEqual([]);
    expect(architectureViolations(files)).toEqual([]);
  });
});

const server = 'packages/server/src';
const core = 'packages/core/src';

describe('an arrow that is turned is found', () => {
  const turned: readonly [string, string, string, string][] = [
    [
      'core imports a package',
      `${core}/a.ts`,
      `import { v7 } from 'uuid';`,
      'core imports nothing',
    ],
    ['core imports node', `${core}/a.ts`, `import 'node:fs';`, 'core imports nothing'],
    ['core imports a type', `${core}/a.ts`, `import type { A } from 'pg';`, 'core imports nothing'],
    ['a test of core starts I/O', `${core}/a.test.ts`, `import 'pg';`, 'core imports nothing'],
    ['core reads the clock', `${core}/a.ts`, `const now = new Date();`, 'core is pure'],
    ['core throws dice', `${core}/a.ts`, `const n = Math.random();`, 'core is pure'],
    [
      'core leaves its package',
      `${core}/a.ts`,
      `import { b } from '../../contract/src/b.ts';`,
      'no relative import out of the package',
    ],
    [
      'contract takes a value of core',
      'packages/contract/src/a.ts',
      `import { decide, type Event } from '@lastro/core';`,
      'contract imports only typebox, and types of core',
    ],
    [
      'contract re-exports values of core',
      'packages/contract/src/a.ts',
      `export * from '@lastro/core';`,
      'contract imports only typebox, and types of core',
    ],
    [
      'contract does I/O',
      'packages/contract/src/a.ts',
      `import { readFile } from 'node:fs/promises';`,
      'contract imports only typebox, and types of core',
    ],
    [
      'client imports the server',
      'packages/client/src/a.ts',
      `import type { A } from '@lastro/server';`,
      'client imports only contract, undici and uuid',
    ],
    [
      'client runs the rules itself',
      'packages/client/src/a.ts',
      `const core = await import('@lastro/core');`,
      'client imports only contract, undici and uuid',
    ],
    [
      'a package is entered by the window',
      'packages/client/src/a.ts',
      `import { b } from '@lastro/contract/src/b.ts';`,
      'no deep import',
    ],
    ['a package has no arrows', 'packages/other/src/a.ts', '', 'unknown package'],
    ['a folder has no arrows', `${server}/billing/a.ts`, '', 'unknown folder of the server'],
    ...(
      [
        ['store', 'engine'],
        ['store', 'ledger'],
        ['store', 'http'],
        ['engine', 'http'],
        ['engine', 'orders'],
        ['engine', 'cli'],
        ['engine', 'classic'],
        ['http', 'ledger'],
        ['http', 'cli'],
        ['http', 'classic'],
        ['ledger', 'classic'],
        ['ledger', 'cli'],
        ['ledger', 'orders'],
        ['feed', 'identity'],
        ['classic', 'cli'],
      ] as const
    ).map(([from, to]): [string, string, string, string] => [
      `${from} imports ${to}`,
      `${server}/${from}/a.ts`,
      `import { b } from '../${to}/b.ts';`,
      `${from} may not import ${to}`,
    ]),
    [
      'a resource imports main',
      `${server}/ledger/a.ts`,
      `import { main } from '../main.ts';`,
      'ledger may not import main',
    ],
    ...[
      'INSERT INTO transfer (id) VALUES ($1)',
      'insert into lastro.account values ($1)',
      'UPDATE head SET block = $1',
      'UPDATE "account" a SET credits_posted = 0',
      'DELETE FROM outcome WHERE true',
      'TRUNCATE block',
      'COPY order_line (id)\n FROM STDIN',
    ].map((sql): [string, string, string, string] => [
      `an outsider writes the ledger: ${sql.replace('\n', '')}`,
      `${server}/ledger/a.ts`,
      `const sql = \`${sql}\`;`,
      'only engine and store write the ledger',
    ]),
    [
      'an outsider writes the ledger in a file of SQL',
      `${server}/identity/a.sql`,
      `-- the holder's account\nUPDATE account\n   SET frozen = true;`,
      'only engine and store write the ledger',
    ],
  ];

  it.each(turned)('%s', (_, path, source, rule) => {
    expect(rulesBroken({ [path]: source })).toEqual([rule]);
  });

  it('folders import each other in a circle', () => {
    const violations = architectureViolations([
      { path: `${core}/ledger/a.ts`, source: `import { b } from '../orders/b.ts';` },
      { path: `${core}/orders/b.ts`, source: `import { c } from '../commit/c.ts';` },
      { path: `${core}/commit/c.ts`, source: `export { a } from '../ledger/a.ts';` },
    ]);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toMatchObject({
      rule: 'no cycle between folders',
      detail: expect.stringContaining(' → '),
    });
  });
});

describe('an arrow that points the right way passes', () => {
  const right: readonly [string, string, string][] = [
    ['core within core', `${core}/a.ts`, `import { b } from './ledger/b.ts';`],
    ['a test of core', `${core}/a.test.ts`, `import fc from 'fast-check';`],
    ['core with a given time', `${core}/a.ts`, `const day = new Date(blockTime);`],
    [
      'types of core for the contract',
      'packages/contract/src/a.ts',
      `import type {\n  Refusal,\n} from '@lastro/core';\nimport Type from 'typebox';`,
    ],
    ['client', 'packages/client/src/a.ts', `import { request } from 'undici';`],
    ['a resource', `${server}/ledger/a.ts`, `import { b } from '../engine/b.ts';`],
    ['a resource in the frame', `${server}/orders/a.ts`, `import { b } from '../http/b.ts';`],
    ['a resource with the rules', `${server}/orders/a.ts`, `import { b } from '@lastro/core';`],
    ['engine', `${server}/engine/a.ts`, `import { b } from '../store/b.ts';`],
    ['a command', `${server}/cli/a.ts`, `import { b } from '../main.ts';`],
    ['main', `${server}/main.ts`, `import { b } from './classic/b.ts';`],
    ['a test of the server', `${server}/store/a.test.ts`, `import '../engine/b.ts';`],
    ['the engine writes', `${server}/engine/a.sql`, `UPDATE head SET block = $1;`],
    ['own tables', `${server}/feed/a.ts`, 'const sql = `UPDATE delivery SET at = $1`;'],
    ['a longer name', `${server}/identity/a.ts`, 'const sql = `DELETE FROM account_holder`;'],
    ['prose', `${server}/http/a.ts`, `const text = 'update account limits first';`],
    ['a comment', `${server}/http/a.ts`, `// import { b } from '../ledger/b.ts';`],
    ['an example', `${core}/a.ts`, `/**\n * import { b } from 'pg';\n * new Date()\n */`],
  ];

  it.each(right)('%s', (_, path, source) => {
    expect(rulesBroken({ [path]: source })).toEqual([]);
  });
});

describe('importsOf', () => {
  it('finds every form of import, on one line or several', () => {
    const source = [
      `import a from 'a';`,
      `import * as b from "b";`,
      `import {\n  c,\n  type C,\n} from 'c';`,
      `import 'd';`,
      `export * from 'e';`,
      `export { f as g } from 'f';`,
      `import type { G } from 'g';`,
      `export type { H } from 'h';`,
      `const i = await import('i');`,
      `const url = 'https://j'; // import 'k';`,
      `export const from = 'l';`,
    ].join('\n');
    const found = importsOf(source);
    expect(found.map((one) => one.specifier).toSorted()).toEqual('abcdefghi'.split(''));
    expect(found.filter((one) => one.typeOnly).map((one) => one.specifier)).toEqual(['g', 'h']);
  });
});
