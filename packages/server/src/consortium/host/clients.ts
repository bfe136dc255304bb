import { outcomeKey } from '@lastro/core';
import { ChurningMap } from '../../engine/churning-map.ts';
import { EngineError } from '../../engine/engine-error.ts';
import type { BeginAnswer, BeginRequest } from '../../http/cross-bank-host.ts';
import { crashPoint } from '../../store/crash-point.ts';
import type { OwnKey } from '../messages/bank-keys.ts';
import type { PeerDirectory, PeerObstacle } from '../peers/peer-directory.ts';
import { hashBody } from './body-hash.ts';
import type { Driver } from './driver.ts';
import type { HostStatistics } from './host-statistics.ts';
import type { HostLimits } from './limits.ts';
import type { QueuedRequest, QueuedRequests, QueuePlace } from './queued-requests.ts';
import type { BeginEnd, Track } from './track.ts';
import { isDecided } from './track.ts';
import { within } from './within.ts';
import { YesSigner } from './yes-signer.ts';

export interface ClientsParts {
  readonly bank: string;
  readonly driver: Driver;
  readonly peers: Pick<PeerDirectory, 'admit' | 'release' | 'onOnline'>;
  readonly ownKey: () => OwnKey;
  readonly generation: () => string;
  /** How a command of this client was settled before; undefined: it was not. */
  readonly settledBefore: (envelope: BeginRequest['envelope']) => Promise<BeginEnd | undefined>;
  readonly queue: QueuedRequests;
  readonly clock: () => number;
  /** A new UUIDv7; each is greater than the one before. */
  readonly newId: () => string;
  readonly limits: HostLimits;
  readonly statistics: HostStatistics;
}

/** `queued`: it waits, durably, and is begun by this process later, or by another one. */
type End = BeginEnd | { readonly kind: 'queued' };

/** What a client asks for, on its way to its begin. */
interface Wish {
  readonly key: string;
  readonly request: Pick<BeginRequest, 'envelope' | 'legs' | 'onUnavailable' | 'order'>;
  /** Milliseconds since 1970; of what is kept, as its row has it. */
  deadline: number;
  /** Its row stands from an earlier time, or another process's. */
  readonly isKept: boolean;
}

/** How long what waits durably waits for room with a peer before it looks again. */
const BUSY_LOOK_MS = 200;

const QUEUE_PAGE = 200;

/** Begins what clients ask for, and has them wait for its end. */
export class Clients {
  readonly #parts: ClientsParts;
  /** The same command of the same client twice at once is one. */
  readonly #begun = new ChurningMap<Promise<End>>();
  #waiting = 0;
  readonly #stopping = new AbortController();
  readonly #signer: YesSigner;

  constructor(parts: ClientsParts) {
    this.#parts = parts;
    this.#signer = new YesSigner(parts.ownKey);
  }

  async begin(request: BeginRequest): Promise<BeginAnswer> {
    const { clock, limits } = this.#parts;
    const startedAt = clock();
    const answerBy = startedAt + request.answerWithinMs;
    const deadline = startedAt + request.withinMs;
    const wish = { key: keyOf(request.envelope), request, deadline, isKept: false };
    const end = await within(request.answerWithinMs, this.#beginOnce(wish));
    if (end === undefined || end.kind === 'queued') return this.#queuedAnswer(request.envelope);
    if (end.kind !== 'begun') return end;
    return this.#endOf(end.id, end.replayed, Math.min(answerBy, deadline + limits.patienceMs));
  }

  /** "Queued" is a promise: its row must stand. */
  async #queuedAnswer({ principal, id }: BeginRequest['envelope']): Promise<BeginAnswer> {
    if (await this.#parts.queue.has(principal, id)) return { kind: 'queued' };
    throw new EngineError('outcome_unknown');
  }

  /** Takes up what was queued and nobody here has in hand: after a start, and where a begin failed. */
  async takeUpQueued(): Promise<void> {
    let after: QueuePlace | null = null;
    for (;;) {
      const page: readonly QueuedRequest[] = await this.#parts.queue.page(after, QUEUE_PAGE);
      for (const { request, deadline } of page) {
        if (this.#stopping.signal.aborted) return;
        const key = keyOf(request.envelope);
        if (this.#begun.has(key)) continue;
        const wanted = { ...request, onUnavailable: 'queue' } as const;
        this.#beginOnce({ key, request: wanted, deadline, isKept: true }).catch(ignore);
      }
      const last = page.at(-1);
      if (last === undefined || page.length < QUEUE_PAGE) return;
      const { principal, id } = last.request.envelope;
      after = { deadline: last.deadline, principal, id };
    }
  }

  /** Lets go of whoever waits for a peer. */
  stop(): void {
    this.#stopping.abort();
  }

  async #beginOnce(wish: Wish): Promise<End> {
    const { key } = wish;
    const twin = this.#begun.get(key);
    if (twin !== undefined) return replayOf(await twin);
    const beginning = this.#begin(wish).finally(() => this.#begun.delete(key));
    this.#begun.set(key, beginning);
    // Whoever asked may have been told to ask again.
    beginning.catch(ignore);
    return beginning;
  }

  async #begin(wish: Wish): Promise<End> {
    const { bank, newId, peers } = this.#parts;
    const { request } = wish;
    const isQueued = request.onUnavailable === 'queue';
    if (isQueued && !wish.isKept) {
      const end = await this.#keep(wish);
      if (end !== undefined) return end;
    }
    const id = `${bank}/${newId()}`;
    const way = await this.#admit(id, wish);
    if (way === 'stopping') return { kind: 'queued' };
    if (isQueued) return this.#beginKept(id, wish, way ?? this.#lateness(wish));
    const end: BeginEnd =
      way === undefined
        ? await this.#submit(id, wish)
        : { kind: 'refused', reason: way, replayed: false };
    if (end.kind !== 'begun') peers.release(id);
    return (await this.#settledUnasked(request, end)) ?? end;
  }

  /**
   * Makes it durable before anything else, so that whatever comes of it comes of the one row that all
   * processes of the bank see. An end: it was settled before, or its id is another's.
   */
  async #keep(wish: Wish): Promise<End | undefined> {
    const { queue, limits, settledBefore } = this.#parts;
    const { request, deadline } = wish;
    const { envelope } = request;
    const before = await settledBefore(envelope);
    if (before !== undefined) return before;
    if (this.#waiting >= limits.queuedMax) {
      if (await queue.has(envelope.principal, envelope.id)) return { kind: 'queued' };
      throw new EngineError('overloaded');
    }
    const until = await queue.put({ request, deadline });
    if (until === undefined) return { kind: 'reused' };
    wish.deadline = until;
    crashPoint('cross-queued');
    return undefined;
  }

  /** What waits durably is begun by one process, or given up while none begins it. */
  async #beginKept(id: string, wish: Wish, obstacle: PeerObstacle | undefined): Promise<End> {
    const { peers, queue, clock, settledBefore } = this.#parts;
    const { envelope } = wish.request;
    if (obstacle !== undefined) {
      peers.release(id);
      if (!(await queue.giveUp(envelope))) return { kind: 'queued' };
      const end = { kind: 'refused', reason: obstacle, replayed: false } as const;
      return (await this.#settledUnasked(wish.request, end)) ?? end;
    }
    const isMine = await queue.claim(envelope).catch((error: unknown) => {
      peers.release(id);
      throw error;
    });
    if (!isMine) {
      peers.release(id);
      const before = await settledBefore(envelope);
      if (before !== undefined) await queue.remove(envelope);
      return before ?? { kind: 'queued' };
    }
    crashPoint('cross-queued-claimed');
    // Where this fails its row stays, and so does the wish: "no effect" would be wrong.
    const end = await this.#submit(id, wish).catch((cause: unknown) => {
      throw new EngineError('outcome_unknown', 'what was queued is tried again', { cause });
    });
    if (end.kind !== 'begun') peers.release(id);
    crashPoint('cross-queued-begun');
    // What the ledger did not record says nothing about the next time, and there is time for one.
    if (isUnrecorded(end) && clock() < wish.deadline) {
      await queue.unclaim(envelope);
      return { kind: 'queued' };
    }
    // One that stays is taken up again, and finds the outcome.
    await queue.remove(envelope).catch(ignore);
    return end;
  }

  /** What the ledger was not asked may have been settled before, when the way was free. */
  async #settledUnasked(
    { envelope }: Wish['request'],
    end: BeginEnd,
  ): Promise<BeginEnd | undefined> {
    return isUnrecorded(end) ? this.#parts.settledBefore(envelope) : undefined;
  }

  /** Its time ran out while nobody had it in hand. */
  #lateness({ request, deadline }: Wish): PeerObstacle | undefined {
    const { bank, clock } = this.#parts;
    if (clock() < deadline) return undefined;
    const places = request.legs.flatMap(({ from, to }) => [from, to]);
    const peer = places.find((place) => place.bank !== bank)?.bank ?? bank;
    return { code: 'peer_offline', bank: peer };
  }

  /** Nobody's money is held for as long as a client is willing to wait for a bank. */
  #decideBy({ request, deadline }: Wish): number {
    const { clock, limits } = this.#parts;
    const longest =
      request.onUnavailable === 'queue' ? limits.queuedAgreeMs : limits.settings.decideByAheadMaxMs;
    return Math.max(clock() + 1, Math.min(deadline, clock() + longest));
  }

  /** Takes a place with every peer. What is kept waits for a peer that is away, and for room, holding nothing. */
  async #admit(id: string, wish: Wish): Promise<PeerObstacle | 'stopping' | undefined> {
    const { peers, clock } = this.#parts;
    const { legs, onUnavailable } = wish.request;
    const isQueued = onUnavailable === 'queue';
    for (;;) {
      const obstacle = peers.admit(id, legs, isQueued);
      const leftMs = wish.deadline - clock();
      if (!isQueued || obstacle === undefined || obstacle.code === 'peer_unknown' || leftMs <= 0) {
        return obstacle;
      }
      if (this.#stopping.signal.aborted) return 'stopping';
      this.#waiting += 1;
      await this.#someoneOnline(
        obstacle.code === 'peer_busy' ? Math.min(leftMs, BUSY_LOOK_MS) : leftMs,
      );
      this.#waiting -= 1;
    }
  }

  /** Until a peer comes back, or the time is over. */
  async #someoneOnline(withinMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, withinMs);
    const end = () => resolve();
    const leave = this.#parts.peers.onOnline(end);
    this.#stopping.signal.addEventListener('abort', end);
    await promise;
    clearTimeout(timer);
    this.#stopping.signal.removeEventListener('abort', end);
    leave();
  }

  async #submit(id: string, wish: Wish): Promise<BeginEnd> {
    const { driver, generation, peers, statistics } = this.#parts;
    const { envelope, legs, order } = wish.request;
    const body = { id, legs, decideBy: this.#decideBy(wish), generation: generation() };
    const hash = hashBody(body);
    const signature = await this.#signer.sign({ id, hash }).catch((error: unknown) => {
      peers.release(id);
      throw error;
    });
    if (!driver.hasRoom) {
      peers.release(id);
      throw new EngineError('overloaded');
    }
    const { promise, resolve, reject } = Promise.withResolvers<BeginEnd>();
    statistics.begun += 1;
    driver.take(
      id,
      {
        event: (now) => ({ type: 'begin', now, body, hash, signature }),
        reply: null,
        isFirst: false,
        done: (isTaken) => {
          if (!isTaken) reject(new EngineError('overloaded'));
        },
      },
      (track) => {
        track.ticket = { envelope, order, resolve, reject };
      },
    );
    return promise;
  }

  /** What became of a transaction that this bank coordinates, as soon as it is decided here. */
  async #endOf(id: string, replayed: boolean, deadline: number): Promise<BeginAnswer> {
    const { driver, clock } = this.#parts;
    const { promise, resolve } = Promise.withResolvers<void>();
    const track = await this.#trackOf(id);
    if (track === undefined) throw new EngineError('outcome_unknown');
    const answer = answerOf(track, replayed);
    if (answer.kind !== 'pending') return answer;
    track.waiting.add(resolve);
    const timer = setTimeout(resolve, Math.max(0, deadline - clock()));
    await promise;
    clearTimeout(timer);
    track.waiting.delete(resolve);
    return answerOf(driver.tracks.get(id) ?? track, replayed);
  }

  /** In hand, and read; one that was not is waked, which does no harm. */
  async #trackOf(id: string): Promise<Track | undefined> {
    const { driver } = this.#parts;
    const known = driver.tracks.get(id);
    if (known?.state !== undefined) return known;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    let track: Track | undefined;
    driver.wake(id, (isTaken) => {
      track = driver.tracks.get(id);
      resolve(isTaken);
    });
    return (await promise) ? track : undefined;
  }
}

function ignore(): void {}

function keyOf({ principal, id, hash }: BeginRequest['envelope']): string {
  return `${outcomeKey(principal, id)}\n${hash}`;
}

/** The ledger was not asked, or has not recorded its answer: it may be another one the next time. */
function isUnrecorded(end: BeginEnd): boolean {
  return end.kind === 'refused' && end.reason.code !== 'refused';
}

function replayOf(end: End): End {
  return 'replayed' in end ? { ...end, replayed: true } : end;
}

function answerOf({ id, state, prepared, decided }: Track, replayed: boolean): BeginAnswer {
  const durable = state?.durable;
  if (durable === undefined || !isDecided(durable)) {
    const { seq, at } = prepared ?? { seq: 0, at: 0 };
    return { kind: 'pending', id, seq, at, replayed };
  }
  if (durable.is === 'aborted') return { kind: 'aborted', id, because: durable.because, replayed };
  const { seq, at } = decided ?? { seq: 0, at: durable.at };
  return { kind: 'committed', id, seq, at, replayed };
}
