import { outcomeKey } from '@lastro/core';
import { ChurningMap } from '../../engine/churning-map.ts';
import { EngineError } from '../../engine/engine-error.ts';
import type { BeginAnswer, BeginRequest } from '../../http/cross-bank-host.ts';
import type { OwnKey } from '../messages/bank-keys.ts';
import type { PeerDirectory, PeerObstacle } from '../peers/peer-directory.ts';
import { hashBody } from './body-hash.ts';
import type { Driver } from './driver.ts';
import type { HostStatistics } from './host-statistics.ts';
import type { HostLimits } from './limits.ts';
import type { BeginEnd, Track } from './track.ts';
import { isDecided } from './track.ts';
import { YesSigner } from './yes-signer.ts';

export interface ClientsParts {
  readonly bank: string;
  readonly driver: Driver;
  readonly peers: Pick<PeerDirectory, 'admit' | 'release' | 'onOnline'>;
  readonly ownKey: () => OwnKey;
  readonly generation: () => string;
  /** How a command of this client was settled before; undefined: it was not. */
  readonly settledBefore: (envelope: BeginRequest['envelope']) => Promise<BeginEnd | undefined>;
  readonly clock: () => number;
  /** A new UUIDv7; each is greater than the one before. */
  readonly newId: () => string;
  readonly limits: HostLimits;
  readonly statistics: HostStatistics;
}

/** Begins what clients ask for, and has them wait for its end. */
export class Clients {
  readonly #parts: ClientsParts;
  /** The same command of the same client twice at once is one. */
  readonly #begun = new ChurningMap<Promise<BeginEnd>>();
  #queued = 0;
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
    const end = await within(request.answerWithinMs, this.#beginOnce(request, deadline));
    if (end === undefined) return { kind: 'queued' };
    if (end.kind !== 'begun') return end;
    return this.#endOf(end.id, end.replayed, Math.min(answerBy, deadline + limits.patienceMs));
  }

  /** Lets go of whoever waits for a peer. */
  stop(): void {
    this.#stopping.abort();
  }

  async #beginOnce(request: BeginRequest, deadline: number): Promise<BeginEnd> {
    const { principal, id, hash } = request.envelope;
    const key = `${outcomeKey(principal, id)}\n${hash}`;
    const twin = this.#begun.get(key);
    if (twin !== undefined) return replayOf(await twin);
    const beginning = this.#begin(request, deadline).finally(() => this.#begun.delete(key));
    this.#begun.set(key, beginning);
    // Whoever asked may have been told to ask again.
    beginning.catch(ignore);
    return beginning;
  }

  async #begin(request: BeginRequest, deadline: number): Promise<BeginEnd> {
    const { bank, newId, peers } = this.#parts;
    const id = `${bank}/${newId()}`;
    const obstacle = await this.#admit(id, request, deadline);
    const end =
      obstacle === undefined
        ? await this.#submit(id, request, this.#decideBy(request, deadline))
        : ({ kind: 'refused', reason: obstacle, replayed: false } as const);
    if (end.kind !== 'begun') peers.release(id);
    // What the ledger was not asked may have been settled before, when the way was free.
    const isUnasked = end.kind === 'refused' && end.reason.code !== 'refused';
    return (isUnasked ? await this.#parts.settledBefore(request.envelope) : undefined) ?? end;
  }

  /** Nobody's money is held for as long as a client is willing to wait for a bank. */
  #decideBy({ onUnavailable }: BeginRequest, deadline: number): number {
    const { clock, limits } = this.#parts;
    const longest =
      onUnavailable === 'queue' ? limits.queuedAgreeMs : limits.settings.decideByAheadMaxMs;
    return Math.max(clock() + 1, Math.min(deadline, clock() + longest));
  }

  /** Takes a place with every peer; a queued one waits for a peer that is away, holding nothing. */
  async #admit(
    id: string,
    { legs, onUnavailable }: BeginRequest,
    deadline: number,
  ): Promise<PeerObstacle | undefined> {
    const { peers, clock, limits } = this.#parts;
    for (;;) {
      const obstacle = peers.admit(id, legs);
      if (obstacle?.code !== 'peer_offline' || onUnavailable === 'reject') return obstacle;
      const leftMs = deadline - clock();
      if (leftMs <= 0 || this.#stopping.signal.aborted) return obstacle;
      if (this.#queued >= limits.queuedMax) throw new EngineError('overloaded');
      this.#queued += 1;
      await this.#someoneOnline(leftMs);
      this.#queued -= 1;
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

  async #submit(id: string, request: BeginRequest, decideBy: number): Promise<BeginEnd> {
    const { driver, generation, peers, statistics } = this.#parts;
    const { envelope, legs, order } = request;
    const body = { id, legs, decideBy, generation: generation() };
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

/** Undefined: it takes longer than that. */
async function within<Result>(ms: number, work: Promise<Result>): Promise<Result | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function replayOf(end: BeginEnd): BeginEnd {
  return end.kind === 'reused' ? end : { ...end, replayed: true };
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
