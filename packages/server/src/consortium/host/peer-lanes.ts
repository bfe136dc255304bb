import type { HostStatistics } from './host-statistics.ts';
import type { Addressed } from './message-text.ts';
import { PeerLane, type LaneLimits } from './peer-lane.ts';

export interface PeerLanesParts {
  /** Sends a request to a peer; false: it may not have arrived. */
  readonly send: (bank: string, messages: readonly string[]) => Promise<boolean>;
  /** Has a transaction say again what its peers have not heard. */
  readonly wake: (id: string) => void;
  /** In [0, 1). */
  readonly random: () => number;
  readonly limits: LaneLimits;
  readonly statistics: HostStatistics;
}

/** Before what a peer may not have heard is said again; twice as long each time it fails. */
const PAUSE_FIRST_MS = 300;
const PAUSE_LONGEST_MS = 10_000;

/** Transactions that are remembered for a peer that is away; others say it again in their own time. */
const UNHEARD_MAX = 10_000;

/** The way out: a lane to each peer, and what a peer that was away has not heard. */
export class PeerLanes {
  readonly #parts: PeerLanesParts;
  readonly #lanes = new Map<string, PeerLane>();
  readonly #unheard = new Map<string, Set<string>>();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #isClosed = false;

  constructor(parts: PeerLanesParts) {
    this.#parts = parts;
  }

  /** Messages that wait. */
  get length(): number {
    let length = 0;
    for (const lane of this.#lanes.values()) length += lane.length;
    return length;
  }

  push(to: string, addressed: Addressed): void {
    this.#laneOf(to).push(addressed);
  }

  /** A peer is there again: what it missed is said now, and not only when its time has come. */
  sendAgain(bank: string): void {
    clearTimeout(this.#timers.get(bank));
    this.#timers.delete(bank);
    const ids = this.#unheard.get(bank);
    if (ids === undefined) return;
    this.#unheard.delete(bank);
    for (const id of ids) this.#parts.wake(id);
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const lane of this.#lanes.values()) lane.close();
    this.#unheard.clear();
  }

  #laneOf(bank: string): PeerLane {
    const known = this.#lanes.get(bank);
    if (known !== undefined) return known;
    const { send, limits } = this.#parts;
    const lane = new PeerLane({
      send: async (messages) => {
        const isDone = await send(bank, messages);
        if (isDone) this.#failures.delete(bank);
        else this.#failures.set(bank, (this.#failures.get(bank) ?? 0) + 1);
        return isDone;
      },
      onLost: (ids) => this.#lose(bank, ids),
      limits,
    });
    this.#lanes.set(bank, lane);
    return lane;
  }

  #lose(bank: string, ids: readonly string[]): void {
    this.#parts.statistics.messagesDropped += ids.length;
    const unheard = this.#unheard.get(bank) ?? new Set();
    this.#unheard.set(bank, unheard);
    for (const id of ids) if (unheard.size < UNHEARD_MAX) unheard.add(id);
    if (this.#isClosed || this.#timers.has(bank)) return;
    const failures = this.#failures.get(bank) ?? 0;
    const pause = Math.min(PAUSE_FIRST_MS * 2 ** Math.min(failures, 30), PAUSE_LONGEST_MS);
    const again = () => this.sendAgain(bank);
    this.#timers.set(bank, setTimeout(again, pause * (0.5 + this.#parts.random() / 2)));
  }
}
