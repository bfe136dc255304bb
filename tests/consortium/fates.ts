import type { Chance } from '../faults/fixtures/random.ts';
import type { Letter } from './letter.ts';

/** What becomes of a letter. */
export type Fate =
  | { readonly kind: 'deliver' }
  /** Cut before delivery: the sender's connection ends, the receiver never hears of it. */
  | { readonly kind: 'lose' }
  /** Cut after delivery: the receiver obeys, and its answer never comes. */
  | { readonly kind: 'lose_answer' }
  /** Delivered and answered, and then the same bytes once more. */
  | { readonly kind: 'repeat' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Cut for the sender, and delivered after a later letter between the two. */
  | { readonly kind: 'overtaken' }
  /** Delivered, and answered with what an earlier letter between the two was answered. */
  | { readonly kind: 'spliced' };

export type FateOf = (letter: Letter) => Fate;

export const DELIVER: Fate = { kind: 'deliver' };

/** Of a network that does what one hopes for. */
export const deliverAll: FateOf = () => DELIVER;

/** Shares of all letters, below 1 together. */
export interface Weather {
  readonly lose: number;
  readonly loseAnswer: number;
  readonly repeat: number;
  readonly delay: number;
  readonly overtaken: number;
  readonly spliced: number;
  readonly delayMaxMs: number;
}

export const ROUGH: Weather = {
  lose: 0.06,
  loseAnswer: 0.06,
  repeat: 0.06,
  delay: 0.1,
  overtaken: 0.06,
  spliced: 0.03,
  delayMaxMs: 150,
};

/** Draws each letter's fate, in the order in which they come. */
export function weather(chance: Chance, shares: Weather): FateOf {
  return () => {
    let drawn = chance.next();
    const falls = (share: number) => {
      drawn -= share;
      return drawn < 0;
    };
    if (falls(shares.lose)) return { kind: 'lose' };
    if (falls(shares.loseAnswer)) return { kind: 'lose_answer' };
    if (falls(shares.repeat)) return { kind: 'repeat' };
    if (falls(shares.delay)) return { kind: 'delay', ms: chance.below(shares.delayMaxMs) };
    if (falls(shares.overtaken)) return { kind: 'overtaken' };
    if (falls(shares.spliced)) return { kind: 'spliced' };
    return DELIVER;
  };
}
