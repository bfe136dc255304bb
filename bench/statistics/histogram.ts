/**
 * Latencies counted in buckets that grow by 1 %: small enough to send between processes, precise
 * enough for any percentile (a value is off by at most half a bucket).
 */
export class LatencyHistogram {
  readonly #counts: Float64Array;
  #total = 0;

  constructor(counts: readonly number[] = []) {
    if (counts.length > BUCKETS) throw new Error(`a histogram has ${BUCKETS} buckets`);
    this.#counts = new Float64Array(BUCKETS);
    for (const [bucket, count] of counts.entries()) {
      this.#counts[bucket] = count;
      this.#total += count;
    }
  }

  get total(): number {
    return this.#total;
  }

  /** Milliseconds; what lies outside the range goes into the first or the last bucket. */
  add(latencyMs: number): void {
    const bucket = bucketOf(latencyMs);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total += 1;
  }

  merge(other: LatencyHistogram): void {
    for (const [bucket, count] of other.#counts.entries()) {
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
    }
    this.#total += other.#total;
  }

  /** The latency that `fraction` of all don't exceed, in milliseconds; 0 when nothing was counted. */
  percentile(fraction: number): number {
    const rank = Math.max(1, Math.ceil(this.#total * fraction));
    let seen = 0;
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= rank) return middleOf(bucket);
    }
    return 0;
  }

  /** The counts up to the last one above zero; `new LatencyHistogram(counts)` makes it again. */
  toCounts(): number[] {
    const counts = [...this.#counts];
    return counts.slice(0, counts.findLastIndex((count) => count > 0) + 1);
  }
}

/** From 1 µs to about 450 s. */
const SMALLEST_MS = 0.001;
const GROWTH = 1.01;
const BUCKETS = 2_000;
const LOG_GROWTH = Math.log(GROWTH);

function bucketOf(latencyMs: number): number {
  if (latencyMs <= SMALLEST_MS) return 0;
  return Math.min(BUCKETS - 1, Math.floor(Math.log(latencyMs / SMALLEST_MS) / LOG_GROWTH));
}

function middleOf(bucket: number): number {
  return SMALLEST_MS * GROWTH ** (bucket + 0.5);
}
