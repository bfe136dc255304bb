/** Whole seconds over which a rate is taken. */
const SECONDS = 10;

/** Those, the one that is still gathering, and one to spare while it begins. */
const SLOTS = SECONDS + 2;

/** How many per second, over the last ten whole seconds: a ring of counts, one per second. */
export class SecondCounts {
  readonly #startedAtMs: number;
  readonly #counts = new Float64Array(SLOTS);
  /** Of which second each slot holds the count. */
  readonly #seconds = new Float64Array(SLOTS).fill(-1);

  constructor(startedAtMs: number) {
    this.#startedAtMs = startedAtMs;
  }

  add(count: number, nowMs: number): void {
    const second = this.#secondOf(nowMs);
    const slot = second % SLOTS;
    if (this.#seconds[slot] !== second) {
      this.#seconds[slot] = second;
      this.#counts[slot] = 0;
    }
    this.#counts[slot] = (this.#counts[slot] ?? 0) + count;
  }

  /** Per second; in the first second, what came until now. */
  rate(nowMs: number): number {
    const now = this.#secondOf(nowMs);
    if (now === 0) return this.#counts[0] ?? 0;
    const first = Math.max(0, now - SECONDS);
    let sum = 0;
    for (let slot = 0; slot < SLOTS; slot += 1) {
      const second = this.#seconds[slot] ?? -1;
      if (second >= first && second < now) sum += this.#counts[slot] ?? 0;
    }
    return sum / (now - first);
  }

  #secondOf(nowMs: number): number {
    return Math.max(0, Math.floor((nowMs - this.#startedAtMs) / 1_000));
  }
}
