/** A number that a part of the server counts by itself, as `/metrics` shows it. */
export interface Reading {
  /** `lastro_…`; a counter's ends in `_total`. */
  readonly name: string;
  readonly help: string;
  readonly kind: 'counter' | 'gauge';
  readonly read: () => number;
}
