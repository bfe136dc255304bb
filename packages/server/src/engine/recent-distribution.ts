import { Histogram, type Percentiles } from './histogram.ts';

/** How long one window gathers: percentiles are of the last one to two windows. */
const WINDOW_MS = 60_000;

/**
 * A distribution that forgets for people, and one that never does for metrics, at the cost of one
 * record per value: values gather in a window, which moves on to the past when its time is over.
 */
export class RecentDistribution {
  readonly #smallest: number;
  readonly #past: Histogram;
  #previous: Histogram;
  #current: Histogram;
  #windowEndsAt = 0;

  /** `smallest`: values below it share the first bucket. */
  constructor(smallest: number) {
    this.#smallest = smallest;
    this.#past = new Histogram(smallest);
    this.#previous = new Histogram(smallest);
    this.#current = new Histogram(smallest);
  }

  record(value: number): void {
    this.#current.record(value);
  }

  /** Lets the windows follow the time, in milliseconds: called once per block, and before reading. */
  advance(nowMs: number): void {
    if (nowMs < this.#windowEndsAt) return;
    const isPreviousOver = nowMs >= this.#windowEndsAt + WINDOW_MS;
    this.#windowEndsAt = nowMs + WINDOW_MS;
    this.#past.add(this.#previous);
    this.#previous = this.#current;
    this.#current = new Histogram(this.#smallest);
    if (!isPreviousOver) return;
    this.#past.add(this.#previous);
    this.#previous = new Histogram(this.#smallest);
  }

  /** Of what was recorded in the last one to two minutes; zeros when nothing was. */
  recent(nowMs: number): Percentiles {
    this.advance(nowMs);
    const recent = new Histogram(this.#smallest);
    recent.add(this.#previous);
    recent.add(this.#current);
    return recent.percentiles();
  }

  /** Everything since the process started. */
  whole(): Histogram {
    const whole = new Histogram(this.#smallest);
    whole.add(this.#past);
    whole.add(this.#previous);
    whole.add(this.#current);
    return whole;
  }
}
