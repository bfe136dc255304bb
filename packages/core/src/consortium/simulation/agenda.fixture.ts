interface Entry {
  readonly at: number;
  /** Entries of one time happen in the order in which they were made. */
  readonly order: number;
  readonly run: () => void;
}

/** Simulated time: what is to happen, earliest first. A binary heap. */
export class Agenda {
  now: number;
  readonly #heap: Entry[] = [];
  #order = 0;

  constructor(now: number) {
    this.now = now;
  }

  at(time: number, run: () => void): void {
    const heap = this.#heap;
    heap.push({ at: Math.max(time, this.now), order: (this.#order += 1), run });
    let child = heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!isBefore(heap[child]!, heap[parent]!)) return;
      [heap[child], heap[parent]] = [heap[parent]!, heap[child]!];
      child = parent;
    }
  }

  after(pause: number, run: () => void): void {
    this.at(this.now + pause, run);
  }

  /** Lets everything happen that is due until then. Throws when it never ends. */
  runUntil(time: number, stepsMax: number): void {
    for (let steps = 0; this.#heap[0] !== undefined && this.#heap[0].at <= time; steps += 1) {
      if (steps >= stepsMax) throw new Error(`still busy after ${stepsMax} steps`);
      const next = this.#take();
      this.now = next.at;
      next.run();
    }
    if (time < Number.POSITIVE_INFINITY) this.now = Math.max(this.now, time);
  }

  #take(): Entry {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    heap[0] = last;
    let parent = 0;
    for (;;) {
      let least = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < heap.length && isBefore(heap[child]!, heap[least]!)) least = child;
      }
      if (least === parent) return first;
      [heap[parent], heap[least]] = [heap[least]!, heap[parent]!];
      parent = least;
    }
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
