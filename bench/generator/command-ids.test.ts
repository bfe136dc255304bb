import { describe, expect, it } from 'vitest';
import { commandId } from './command-ids.ts';

describe('an id that the generator chooses', () => {
  it('is a UUID of version 7 that carries its time', () => {
    const now = Date.parse('2026-01-02T03:04:05.678Z');
    const id = commandId(now, Math.random);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(now);
  });

  it('is another one each time', () => {
    const ids = Array.from({ length: 50_000 }, () => commandId(0, Math.random));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has every bit of its chance', () => {
    expect(commandId(0, () => 0.999_999_999_9)).toBe('00000000-0000-7fff-bfff-ffffffffffff');
    expect(commandId(0, () => 0)).toBe('00000000-0000-7000-8000-000000000000');
  });
});
