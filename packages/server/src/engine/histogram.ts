/**
 * A distribution in a few hundred counters: buckets grow by a tenth, so a percentile is right to
 * within 5 %. Recording costs one logarithm.
 */
const GROWTH = 1.1;
const BUCKETS = 300;
const LOG_GROWTH = Math.log(GROWTH);

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export class Histogram {
  readonly #smallest: number;
  readonly #counts = new Float64Array(BUCKETS);
  #total = 0;
  #sum = 0;

  /** `smallest`: values below it share the first bucket. */
  constructor(smallest: number) {
    this.#smallest = smallest;
  }

  get count(): number {
    return this.#total;
  }

  get sum(): number {
    return this.#sum;
  }

  record(value: number): void {
    const place = Math.ceil(Math.log(value / this.#smallest) / LOG_GROWTH);
    const bucket = Math.min(Math.max(place, 0), BUCKETS - 1);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total += 1;
    this.#sum += value;
  }

  /** Takes in another distribution, which must begin at the same value. */
  add(other: Histogram): void {
    if (other.#smallest !== this.#smallest) throw new Error('histograms of different buckets');
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + (other.#counts[bucket] ?? 0);
    }
    this.#total += other.#total;
    this.#sum += other.#sum;
  }

  /**
   * How many values are at or below each of the rising bounds. A bucket counts where its middle lies,
   * so a bound is right to within 5 %.
   */
  countsUpTo(bounds: readonly number[]): number[] {
    let bucket = 0;
    let count = 0;
    return bounds.map((bound) => {
      for (; bucket < BUCKETS && this.#middleOf(bucket) <= bound; bucket += 1) {
        count += this.#counts[bucket] ?? 0;
      }
      return count;
    });
  }

  /** The middle of the bucket in which `share` (0–1) of the values lie at or below; 0 when empty. */
  percentile(share: number): number {
    let left = Math.ceil(this.#total * share);
    if (left === 0) return 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      left -= this.#counts[bucket] ?? 0;
      if (left <= 0) return this.#middleOf(bucket);
    }
    return this.#smallest * GROWTH ** BUCKETS;
  }

  percentiles(): Percentiles {
    return {
      p50: this.percentile(0.5),
      p95: this.percentile(0.95),
      p99: this.percentile(0.99),
    };
  }

  #middleOf(bucket: number): number {
    return this.#smallest * GROWTH ** (bucket - 0.5);
  }
}
