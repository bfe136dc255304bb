import { expect, test } from 'vitest';
import { cashAccount } from './account-id.ts';
import { goodsAsset, isClientAsset, parseAsset } from './asset.ts';

test.each(['BRL/2', 'JPY/0', 'ETH/18', 'A/10', 'LOYALTY_POINTS_1/0'])('%s is an asset', (asset) => {
  expect(isClientAsset(asset)).toBe(true);
});

test.each([
  'BRL',
  'BRL/',
  'BRL/02',
  'BRL/19',
  'BRL/-1',
  'brl/2',
  '1BR/2',
  '/2',
  'BRL/2 ',
  'BRL/2\n',
  'B/L/2',
  'ABCDEFGHIJKLMNOPQ/2',
  goodsAsset('tea'),
])('%j is none that clients can open', (asset) => {
  expect(isClientAsset(asset)).toBe(false);
});

test('an asset is a code and a scale', () => {
  expect(parseAsset('BRL/2')).toEqual({ code: 'BRL', scale: 2 });
  expect(parseAsset(goodsAsset('tea'))).toEqual({ code: 'sku:tea', scale: 0 });
  expect(cashAccount('BRL/2')).toBe('cash:BRL');
});
