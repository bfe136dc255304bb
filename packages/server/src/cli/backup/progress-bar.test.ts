import { expect, test } from 'vitest';
import { bytesText } from './bytes-text.ts';
import { barOf } from './progress-bar.ts';

test('a bar is as full as its share, and never fuller than full', () => {
  expect(barOf(0)).toBe('[                        ]   0 %');
  expect(barOf(0.5)).toBe('[############            ]  50 %');
  expect(barOf(0.999)).toBe('[####################### ]  99 %');
  for (const share of [1, 7]) expect(barOf(share)).toBe('[########################] 100 %');
});

test('bytes are said as the reader says them', () => {
  expect(bytesText(0, 'en')).toBe('0 bytes');
  expect(bytesText(999, 'en')).toBe('999 bytes');
  expect(bytesText(3_749_013, 'en')).toBe('3.7 MB');
  expect(bytesText(3_749_013, 'pt')).toBe('3,7 MB');
  expect(bytesText(5e15, 'en')).toBe('5,000 TB');
});
