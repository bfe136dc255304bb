import type { consortium } from '@lastro/core';
import { describe, expect, it } from 'vitest';
import { InFlightBounds, type InFlightLimits } from './in-flight-bounds.ts';

function leg(from: string, to: string, amount: bigint, asset = 'BRL/2'): consortium.Leg {
  const place = (bank: string) => ({ bank, account: 'ana' });
  return { from: place(from), to: place(to), amount, asset, consent: null };
}

function boundsOf(limits: Partial<InFlightLimits>): InFlightBounds {
  const all = { countMax: 100, valueMax: new Map<string, bigint>(), ...limits };
  return new InFlightBounds('alfa', (bank) => (bank === 'unknown' ? undefined : all));
}

describe('what is under way with a peer', () => {
  it('is bounded in number, and a place that is given back is free', () => {
    const bounds = boundsOf({ countMax: 2 });
    expect(bounds.take('1', [leg('alfa', 'beta', 1n)])).toBeUndefined();
    expect(bounds.take('2', [leg('beta', 'alfa', 1n)])).toBeUndefined();
    expect(bounds.take('3', [leg('alfa', 'beta', 1n)])).toBe('beta');
    expect(bounds.take('4', [leg('alfa', 'gama', 1n)])).toBeUndefined();
    bounds.release('1');
    bounds.release('1');
    expect(bounds.take('3', [leg('alfa', 'beta', 1n)])).toBeUndefined();
    expect(bounds.of('beta').count).toBe(2);
  });

  it('is bounded in value by asset, both directions together', () => {
    const bounds = boundsOf({ valueMax: new Map([['BRL/2', 100n]]) });
    expect(bounds.take('1', [leg('alfa', 'beta', 60n), leg('beta', 'alfa', 41n)])).toBe('beta');
    expect(bounds.of('beta')).toEqual({ count: 0, values: new Map() });
    expect(bounds.take('1', [leg('alfa', 'beta', 60n)])).toBeUndefined();
    expect(bounds.take('2', [leg('beta', 'alfa', 41n)])).toBe('beta');
    expect(bounds.take('2', [leg('beta', 'alfa', 40n)])).toBeUndefined();
    expect(bounds.take('3', [leg('alfa', 'beta', 1_000n, 'USD/2')])).toBeUndefined();
    for (const id of ['1', '2', '3']) bounds.release(id);
    expect(bounds.of('beta')).toEqual({ count: 0, values: new Map() });
  });

  it('takes all or nothing over several peers, and each transaction once', () => {
    const bounds = boundsOf({ countMax: 1 });
    bounds.take('1', [leg('beta', 'gama', 1n)]);
    bounds.take('1', [leg('beta', 'gama', 1n)]);
    expect(bounds.take('2', [leg('alfa', 'delta', 1n), leg('alfa', 'gama', 1n)])).toBe('gama');
    expect(bounds.of('delta').count).toBe(0);
    expect(bounds.take('3', [leg('alfa', 'unknown', 1n)])).toBe('unknown');
  });

  it('counts what is under way already past the bounds', () => {
    const bounds = boundsOf({ countMax: 1 });
    bounds.force('1', [leg('alfa', 'beta', 1n)]);
    bounds.force('2', [leg('alfa', 'beta', 1n)]);
    bounds.force('2', [leg('alfa', 'beta', 1n)]);
    expect(bounds.of('beta').count).toBe(2);
    bounds.release('2');
    expect(bounds.take('3', [leg('alfa', 'beta', 1n)])).toBe('beta');
  });
});
