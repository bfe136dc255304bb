import type { HostStatistics } from './host-statistics.ts';
import type { Addressed } from './message-text.ts';
import { PeerLane, type LaneLimits } from './peer-lane.ts';

export interface PeerLanesParts {
  /** Sends a request to a peer; false: it may not have arrived. */
  readonly send: (bank: string, messages: readonly string[]) => Promise<boolean>;
  /** Has a transaction say again what its peers have not heard. */
  readonly wake: (id: string) => void;
  readonly limits: LaneLimits;
  readonly statistics: HostStatistics;
}

/** Transactions that are remembered for a peer that is away; others say it again in their own time. */
const UNHEARD_MAX = 10_000;

/** The way out: a lane to each peer, and what a peer that was away has not heard. */
export class PeerLanes {
  readonly #parts: PeerLanesParts;
  readonly #lanes = new Map<string, PeerLane>();
  readonly #unheard = new Map<string, Set<string>>();

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
    const ids = this.#unheard.get(bank);
    if (ids === undefined) return;
    this.#unheard.delete(bank);
    for (const id of ids) this.#parts.wake(id);
  }

  close(): void {
    for (const lane of this.#lanes.values()) lane.close();
    this.#unheard.clear();
  }

  #laneOf(bank: string): PeerLane {
    const known = this.#lanes.get(bank);
    if (known !== undefined) return known;
    const { send, limits } = this.#parts;
    const lane = new PeerLane({
      send: (messages) => send(bank, messages),
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
  }
}
