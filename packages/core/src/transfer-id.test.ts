import { expect, test } from 'vitest';
import { numberedId } from './transfer-id.ts';

test.each([
  ['0199c0de-0000-7000-8000-000000000009', 0, '0199c0de-0000-7000-8000-000000000009'],
  ['0199c0de-0000-7000-8000-000000000009', 1, '0199c0de-0000-7000-8000-00000000000a'],
  ['0199c0de-0000-7000-8000-0000000000ff', 1, '0199c0de-0000-7000-8000-000000000100'],
  ['0199c0de-0000-7000-8000-0123456789ab', 999, '0199c0de-0000-7000-8000-012345678d92'],
  ['0199c0de-0000-7000-8000-ffffffffffff', 1, '0199c0de-0000-7000-8000-000000000000'],
  ['0199c0de-0000-7000-8000-ffffffffffff', 3, '0199c0de-0000-7000-8000-000000000002'],
])('the id that comes after %s by %i is %s', (first, index, id) => {
  expect(numberedId(first, index)).toBe(id);
});

test('the ids of the largest transaction are all different', () => {
  const first = '0199c0de-0000-7000-8000-fffffffffff0';
  const ids = Array.from({ length: 1_000 }, (_, index) => numberedId(first, index));
  expect(new Set(ids).size).toBe(1_000);
  expect(ids.every((id) => /^[0-9a-f-]{36}$/.test(id))).toBe(true);
});
