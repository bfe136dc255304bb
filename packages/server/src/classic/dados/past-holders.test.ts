import { expect, it } from 'vitest';
import { PastHolders } from './past-holders.ts';

it('knows who had a lock of which account, until it is given back', () => {
  const holders = new PastHolders();
  holders.remember('1', 'one');
  expect(holders.has('1', 'one')).toBe(true);
  expect(holders.has('2', 'one')).toBe(false);
  expect(holders.has('1', 'other')).toBe(false);
  holders.forget('1', 'one');
  expect(holders.has('1', 'one')).toBe(false);
});

it('is bounded: who was heard of longest ago is forgotten first', () => {
  const holders = new PastHolders();
  holders.remember('1', 'first');
  for (let index = 2; index <= 10_000; index += 1) holders.remember('1', `owner-${index}`);
  holders.remember('1', 'first');
  holders.remember('1', 'last');
  expect(holders.has('1', 'first')).toBe(true);
  expect(holders.has('1', 'owner-2')).toBe(false);
  expect(holders.has('1', 'owner-3')).toBe(true);
});
