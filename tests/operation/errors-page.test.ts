import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ERRORS } from '@lastro/contract';
import { ERRORS_PAGE, errorsPage } from '../../scripts/errors-page.ts';

it('has the page of errors as the registry has them', () => {
  const page = readFileSync(join(import.meta.dirname, '../..', ERRORS_PAGE), 'utf8');
  expect(page, 'run `node scripts/write-errors-page.ts`').toBe(errorsPage());
});

it('has every code once, under the anchor that a problem’s type names', () => {
  const headings = [...errorsPage().matchAll(/^### (\S+)$/gm)].map(([, code]) => code ?? '');
  expect(headings.toSorted()).toEqual(Object.keys(ERRORS).toSorted());
});
