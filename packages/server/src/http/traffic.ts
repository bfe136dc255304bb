/** Seconds: the bounds of the histogram of durations. */
export const DURATION_BOUNDS_SECONDS: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** Milliseconds, as durations come. */
const BOUNDS_MS = DURATION_BOUNDS_SECONDS.map((seconds) => seconds * 1_000);

const STATUS_CLASSES = 6;

/** What was asked of one route with one method, counted. */
export class RouteTraffic {
  readonly method: string;
  /** The route's pattern, never a path. */
  readonly route: string;
  /** Answers by the first digit of their status. */
  readonly byClass = new Float64Array(STATUS_CLASSES);
  /** Answers by the first bound that they were within; the last is for those within none. */
  readonly byDuration = new Float64Array(BOUNDS_MS.length + 1);
  totalMs = 0;

  constructor(method: string, route: string) {
    this.method = method;
    this.route = route;
  }

  record(status: number, durationMs: number): void {
    const statusClass = Math.floor(status / 100);
    this.byClass[statusClass] = (this.byClass[statusClass] ?? 0) + 1;
    let place = 0;
    while (place < BOUNDS_MS.length && durationMs > (BOUNDS_MS[place] ?? 0)) place += 1;
    this.byDuration[place] = (this.byDuration[place] ?? 0) + 1;
    this.totalMs += durationMs;
  }
}

/** The traffic of every route that is registered, and of what matched none. */
export class Traffic {
  readonly unmatched = new RouteTraffic('any', 'none');
  readonly #routes = new Map<string, RouteTraffic>();

  of(method: string, route: string): RouteTraffic {
    const key = `${method} ${route}`;
    const known = this.#routes.get(key);
    if (known !== undefined) return known;
    const made = new RouteTraffic(method, route);
    this.#routes.set(key, made);
    return made;
  }

  all(): readonly RouteTraffic[] {
    return [...this.#routes.values(), this.unmatched];
  }
}
