import { describe, expect, it } from 'vitest';
import { advancePin, checkPin } from './position.ts';

const pinned = { generation: 'a', revision: 7n };

describe('a pin', () => {
  it.each([
    ['holds', { generation: 'a', revision: 7n }],
    ['holds', { generation: 'a', revision: 8n }],
    ['went_back', { generation: 'a', revision: 6n }],
    ['replaced', { generation: 'b', revision: 9n }],
    ['replaced', null],
  ] as const)('%s for a register at %o', (verdict, seen) => {
    expect(checkPin(pinned, seen)).toBe(verdict);
  });

  it('only ever rises, for answers may arrive in another order than they were given', () => {
    expect(advancePin(null, pinned)).toEqual(pinned);
    expect(advancePin(pinned, { generation: 'a', revision: 9n }).revision).toBe(9n);
    expect(advancePin(pinned, { generation: 'a', revision: 5n }).revision).toBe(7n);
  });
});
