import { LatencyHistogram } from '../statistics/histogram.ts';
import { openConnection, type Connection } from './connection.ts';
import { effectsOf } from './effects.ts';
import { SLICE_MS, type LoadResult, type LoadRun, type Target } from './protocol.ts';
import type { Answer } from './response-parser.ts';
import { createRequestMaker, type RequestMaker } from './traffic.ts';

const DRAIN_TIMEOUT_MS = 20_000;
const PACE_EVERY_MS = 1;

export interface LoadEvents {
  readonly onOpened: () => void;
  readonly onClosed: () => void;
}

/** Runs a load to its end. Rejects when a connection breaks or answers stay out: nothing is known then. */
export async function runLoad(run: LoadRun, events: LoadEvents): Promise<LoadResult> {
  const load = new Load(run, events);
  try {
    await load.connect();
    return await load.run();
  } finally {
    load.close();
  }
}

function headersFor({ key }: Target): string {
  return `host: bench\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\n`;
}

class Load {
  readonly #run: LoadRun;
  readonly #events: LoadEvents;
  readonly #nextRequest: RequestMaker;
  readonly #latencies = new LatencyHistogram();
  /** Of an open loop: by the slice of time in which requests were due. */
  readonly #slices = new Map<number, LatencyHistogram>();
  readonly #refused = new Map<string, number>();
  readonly #finished = Promise.withResolvers<void>();
  readonly #timers: NodeJS.Timeout[] = [];
  #connections: readonly Connection[] = [];
  /** Which of the targets a connection leads to. */
  readonly #targetOf = new Map<Connection, number>();
  /** First in, first out, so that every connection is used however few requests are under way. */
  #idle: Connection[] = [];
  #idleFront = 0;
  #inFlight = 0;
  #sent = 0;
  #effects = 0;
  #windowEffects = 0;
  /** `performance.now()` milliseconds. */
  #startedAt = 0;
  #openedAt = Number.POSITIVE_INFINITY;
  #closedAt = Number.POSITIVE_INFINITY;

  constructor(run: LoadRun, events: LoadEvents) {
    this.#run = run;
    this.#events = events;
    this.#nextRequest = createRequestMaker(run.traffic, Date.now, Math.random);
    this.#finished.promise.catch(() => undefined);
  }

  async connect(): Promise<void> {
    const { targets, connections } = this.#run;
    this.#connections = await Promise.all(
      Array.from({ length: connections }, async (_, index) => {
        const number = index % targets.length;
        const target = targets[number];
        if (target === undefined) throw new Error('a load without target');
        const connection = await openConnection(target, headersFor(target), {
          onAnswer: (answered, answer) => this.#take(answered, answer),
          onFailure: (error) => this.#finished.reject(error),
        });
        this.#targetOf.set(connection, number);
        return connection;
      }),
    );
    this.#idle = [...this.#connections];
  }

  async run(): Promise<LoadResult> {
    this.#startedAt = performance.now();
    this.#after(this.#run.warmUpMs, () => this.#open());
    if (this.#run.ratePerSecond !== null) {
      this.#timers.push(setInterval(() => this.#pump(), PACE_EVERY_MS));
    }
    this.#pump();
    await this.#finished.promise;
    return {
      effects: this.#effects,
      refused: Object.fromEntries(this.#refused),
      windowEffects: this.#windowEffects,
      windowMs: this.#closedAt - this.#openedAt,
      latencies: this.#latencies.toCounts(),
      slices: [...this.#slices].map(([slice, latencies]) => ({
        from: slice * SLICE_MS,
        counts: latencies.toCounts(),
      })),
    };
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const connection of this.#connections) connection.close();
  }

  #after(delayMs: number, act: () => void): void {
    if (delayMs <= 0) act();
    else this.#timers.push(setTimeout(act, delayMs));
  }

  #open(): void {
    this.#openedAt = performance.now();
    this.#events.onOpened();
    if (this.#run.requestsMax === null) {
      this.#timers.push(setTimeout(() => this.#shut(), this.#run.windowMs));
    }
  }

  /** The window is over: nothing new is due, what is under way still gets its answer. */
  #shut(): void {
    this.#closedAt = performance.now();
    this.#events.onClosed();
    const giveUp = () =>
      this.#finished.reject(new Error(`${this.#inFlight} requests stayed without answer`));
    this.#timers.push(setTimeout(giveUp, DRAIN_TIMEOUT_MS));
    this.#pump();
  }

  /** Sends what is due while there is a connection for it. */
  #pump(): void {
    let now = performance.now();
    while (this.#inFlight < this.#run.inFlightMax) {
      const dueAt = this.#nextDueAt(now);
      if (dueAt === undefined) break;
      const connection = this.#takeIdle();
      if (connection === undefined) break;
      const { path, body } = this.#nextRequest(this.#targetOf.get(connection) ?? 0);
      connection.dueAt = dueAt;
      this.#sent += 1;
      this.#inFlight += 1;
      connection.send(path, body);
      now = performance.now();
    }
    if (this.#isOver()) this.#finished.resolve();
  }

  /** When the next request is due; undefined: not yet, or never. */
  #nextDueAt(now: number): number | undefined {
    const { ratePerSecond, requestsMax } = this.#run;
    if (requestsMax !== null && this.#sent >= requestsMax) return undefined;
    if (ratePerSecond === null) return now < this.#closedAt ? now : undefined;
    const dueAt = this.#startedAt + (this.#sent * 1_000) / ratePerSecond;
    return dueAt <= now && dueAt < this.#closedAt ? dueAt : undefined;
  }

  #addLatency(dueAt: number, latencyMs: number): void {
    this.#latencies.add(latencyMs);
    if (this.#run.ratePerSecond === null) return;
    const slice = Math.floor((performance.timeOrigin + dueAt) / SLICE_MS);
    const latencies = this.#slices.get(slice) ?? new LatencyHistogram();
    latencies.add(latencyMs);
    this.#slices.set(slice, latencies);
  }

  #isOver(): boolean {
    if (this.#inFlight > 0) return false;
    const { requestsMax } = this.#run;
    if (requestsMax !== null) return this.#sent >= requestsMax;
    const now = performance.now();
    return now >= this.#closedAt && this.#nextDueAt(now) === undefined;
  }

  #takeIdle(): Connection | undefined {
    const connection = this.#idle[this.#idleFront];
    if (connection === undefined) return undefined;
    this.#idleFront += 1;
    if (this.#idleFront > this.#connections.length) {
      this.#idle = this.#idle.slice(this.#idleFront);
      this.#idleFront = 0;
    }
    return connection;
  }

  #take(connection: Connection, answer: Answer): void {
    const now = performance.now();
    this.#inFlight -= 1;
    this.#idle.push(connection);
    const { count, refused } = effectsOf(this.#run.traffic.kind, answer);
    this.#effects += count;
    for (const code of refused) this.#refused.set(code, (this.#refused.get(code) ?? 0) + 1);
    const isWithin = this.#openedAt <= now && now < this.#closedAt;
    if (isWithin) this.#windowEffects += count;
    // Of an open loop every request that was due in the window counts, however late its answer.
    const { dueAt } = connection;
    const isTimed =
      this.#run.ratePerSecond === null
        ? isWithin
        : this.#openedAt <= dueAt && dueAt < this.#closedAt;
    if (isTimed && count > 0) this.#addLatency(dueAt, now - dueAt);
    if (
      this.#run.requestsMax !== null &&
      this.#inFlight === 0 &&
      this.#sent >= this.#run.requestsMax
    )
      this.#closedAt = now;
    this.#pump();
  }
}
