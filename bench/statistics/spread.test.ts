import { describe, expect, it } from 'vitest';
import { ratioOf, spreadOf } from './spread.ts';

describe('the spread of rounds', () => {
  it('is the middle one, the smallest and the largest', () => {
    expect(spreadOf([5, 1, 9])).toEqual({ median: 5, min: 1, max: 9, rounds: 3 });
  });

  it('takes the mean of the middle two of an even number', () => {
    expect(spreadOf([4, 1, 2, 100])).toEqual({ median: 3, min: 1, max: 100, rounds: 4 });
  });

  it('does not sort numbers as text', () => {
    expect(spreadOf([10, 9, 100])?.median).toBe(10);
  });

  it('is nothing where there was no round', () => {
    expect(spreadOf([])).toBeUndefined();
  });
});

describe('a ratio', () => {
  it('is taken within each round, and only then its median', () => {
    // The machine was half as fast in the second round: the ratio does not care.
    expect(ratioOf([800, 400, 900], [1_000, 500, 1_000])).toEqual({
      median: 0.8,
      min: 0.8,
      max: 0.9,
      rounds: 3,
    });
  });

  it('leaves out rounds in which one side is missing', () => {
    expect(ratioOf([1, undefined, 3], [2, 2])).toEqual({
      median: 0.5,
      min: 0.5,
      max: 0.5,
      rounds: 1,
    });
    expect(ratioOf([1], [0])).toBeUndefined();
  });
});
