import { consortium, type CrossBankRecord, type OwnCommand } from '@lastro/core';
import { ChurningMap } from '../../engine/churning-map.ts';
import type { Engine } from '../../engine/engine.ts';
import { EngineError } from '../../engine/engine-error.ts';
import { crashPoint } from '../../store/crash-point.ts';
import { describeFault } from '../../store/database-error.ts';
import { submitBegin } from './begin-command.ts';
import type { HostLimits } from './limits.ts';
import { decidedAt, ownCommandOf } from './own-command.ts';
import type { HostStatistics } from './host-statistics.ts';
import {
  isDecided,
  newTrack,
  takeRecord,
  type Happening,
  type Recorded,
  type Reply,
  type Track,
} from './track.ts';

export interface DriverParts {
  readonly bank: string;
  readonly engine: Pick<Engine, 'submit' | 'settle'>;
  /** What is recorded of a transaction. */
  readonly load: (id: string) => Promise<CrossBankRecord | undefined>;
  readonly standpoint: () => consortium.Standpoint;
  /** Does what leaves the bank. Never throws. */
  readonly leave: (track: Track, effect: consortium.OutwardEffect, reply: Reply | null) => void;
  /** It is decided here, or was never begun: nothing of it is under way any more. */
  readonly onDecided: (id: string) => void;
  readonly onAlarm: (message: string) => void;
  readonly clock: () => number;
  readonly newTransferId: () => string;
  readonly limits: HostLimits;
  readonly statistics: HostStatistics;
}

/** How often a step is made again from what another process of the bank has recorded meanwhile. */
const STALE_TRIES_MAX = 5;

type Verdict =
  | {
      readonly is: 'stands';
      readonly state: consortium.TransactionState;
      readonly effects: readonly consortium.Effect[];
    }
  | { readonly is: 'stale' }
  | { readonly is: 'replayed' };

/**
 * Drives the protocol: every transaction in hand takes its events one after the other, each step's
 * block before the next event, and what leaves the bank only after the block.
 */
export class Driver {
  readonly tracks = new ChurningMap<Track>();
  readonly #parts: DriverParts;
  /** Tracks that take an event just now, and what is resolved when none does. */
  #busy = 0;
  #rested: PromiseWithResolvers<void> | undefined;
  #isStopped = false;

  constructor(parts: DriverParts) {
    this.#parts = parts;
  }

  /** Whether one more transaction can be taken in hand. */
  get hasRoom(): boolean {
    return !this.#isStopped && this.tracks.size < this.#parts.limits.openMax;
  }

  /**
   * Hands in an event; what does not fit is lost, as a message may be. `fresh`: the id was made just
   * now, so nothing is recorded.
   */
  take(id: string, happening: Happening, fresh: ((track: Track) => void) | null = null): void {
    const track = this.tracks.get(id) ?? this.#open(id, fresh !== null);
    if (track === undefined || this.#isStopped) return happening.done(false);
    if (track.queue.length >= this.#parts.limits.eventsMax) {
      this.#parts.statistics.eventsDropped += 1;
      return happening.done(false);
    }
    fresh?.(track);
    track.queue.push(happening);
    if (!track.isBusy) this.#start(track);
  }

  /** Hands in `wake` after so many milliseconds, in place of an earlier one. */
  wakeAfter(track: Track, ms: number): void {
    clearTimeout(track.timer);
    if (this.#isStopped) return;
    track.timer = setTimeout(() => {
      track.timer = undefined;
      this.wake(track.id);
    }, ms);
  }

  wake(id: string, done: (isTaken: boolean) => void = ignore): void {
    this.take(id, { event: (now) => ({ type: 'wake', now }), reply: null, isFirst: false, done });
  }

  /** Takes nothing more, and resolves when the blocks under way are answered. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const track of this.tracks.values()) {
      clearTimeout(track.timer);
      for (const { done } of track.queue.splice(0)) done(false);
    }
    if (this.#busy > 0) {
      this.#rested ??= Promise.withResolvers();
      await this.#rested.promise;
    }
    for (const track of this.tracks.values()) {
      clearTimeout(track.timer);
      track.ticket?.reject(new EngineError('shutting_down'));
      for (const tell of track.waiting) tell();
    }
    this.tracks.clear();
  }

  #open(id: string, isFresh: boolean): Track | undefined {
    if (!this.hasRoom) {
      this.#parts.statistics.eventsDropped += 1;
      return undefined;
    }
    const track = newTrack(id, isFresh ? consortium.unknownTransaction(id) : undefined);
    this.tracks.set(id, track);
    return track;
  }

  #start(track: Track): void {
    track.isBusy = true;
    this.#busy += 1;
    this.#run(track)
      .catch((error: unknown) => this.#parts.onAlarm(`${track.id}: ${describeFault(error)}`))
      .finally(() => {
        this.#busy -= 1;
        if (this.#busy === 0) this.#rested?.resolve();
      });
  }

  async #run(track: Track): Promise<void> {
    for (let next = track.queue.shift(); next !== undefined; next = track.queue.shift()) {
      let isTaken = false;
      try {
        isTaken = await this.#takeOne(track, next);
      } catch (error) {
        this.#failed(track, error);
      }
      next.done(isTaken);
    }
    track.isBusy = false;
    this.#rest(track);
  }

  /** As after a crash: nothing is remembered, and a wake asks again. */
  #failed(track: Track, error: unknown): void {
    this.#parts.statistics.stepsFailed += 1;
    const { ticket } = track;
    if (ticket !== undefined) {
      track.ticket = undefined;
      ticket.reject(error instanceof Error ? error : new Error(String(error)));
    }
    if (!(error instanceof EngineError)) {
      this.#parts.onAlarm(`${track.id}: a step failed: ${describeFault(error)}`);
    }
    track.state = undefined;
    this.wakeAfter(track, this.#parts.limits.failurePauseMs * (0.5 + Math.random()));
  }

  /** Nothing more happens to it now: it is forgotten, or a wake is set. */
  #rest(track: Track): void {
    const { state } = track;
    const isFree = track.ticket === undefined && track.waiting.size === 0;
    if (state === undefined) {
      // After a failure a wake is set, which will read what is recorded.
      if (track.timer === undefined && isFree) this.tracks.delete(track.id);
      return;
    }
    if (!consortium.isFinished(state) || state.memory.wanted !== null) {
      // A message has brought it back into memory: nobody else will take it up.
      if (track.timer === undefined) this.wakeAfter(track, 0);
      return;
    }
    if (!isFree) return;
    clearTimeout(track.timer);
    this.tracks.delete(track.id);
    this.#parts.onDecided(track.id);
  }

  async #takeOne(track: Track, happening: Happening): Promise<boolean> {
    for (let tries = 0; tries < STALE_TRIES_MAX; tries += 1) {
      const before = track.state ?? (await this.#stateOf(track, happening));
      const here = this.#parts.standpoint();
      const event = happening.event(this.#parts.clock());
      const stepped = consortium.step(here, before, event);
      const own = ownCommandOf(before, stepped.state, this.#parts.newTransferId);
      if (own === undefined) {
        if (track.isGuess) {
          // Without a block nothing has confirmed it.
          await this.#load(track);
          continue;
        }
        track.state = stepped.state;
        this.#leave(track, stepped.effects, happening.reply);
        return true;
      }
      this.#crashBefore(own, event);
      const verdict = await this.#makeDurable(track, own, stepped, happening.reply);
      if (verdict.is === 'stale') {
        await this.#load(track);
        continue;
      }
      if (verdict.is === 'replayed') return false;
      track.isGuess = false;
      track.state = verdict.state;
      this.#crashAfter(own, verdict.state);
      this.#tellIfDecided(track);
      this.#leave(track, verdict.effects, happening.reply);
      return true;
    }
    throw new Error(`${track.id} moves on too often elsewhere`);
  }

  async #stateOf(track: Track, { isFirst }: Happening): Promise<consortium.TransactionState> {
    if (!isFirst) return this.#load(track);
    track.isGuess = true;
    return consortium.unknownTransaction(track.id);
  }

  async #load(track: Track): Promise<consortium.TransactionState> {
    const record = await this.#parts.load(track.id);
    const state = takeRecord(track, consortium.unknownTransaction(track.id), record);
    this.#tellIfDecided(track);
    return state;
  }

  async #makeDurable(
    track: Track,
    own: OwnCommand,
    stepped: consortium.Step,
    reply: Reply | null,
  ): Promise<Verdict> {
    if (own.type === 'PrepareShare' && track.ticket !== undefined) {
      const { engine, limits, clock } = this.#parts;
      const begun = await submitBegin(engine, own, track.ticket, limits, clock);
      return this.#afterBegin(track, stepped, begun);
    }
    const nonce = reply?.nonce;
    if (reply !== null) reply.nonce = undefined;
    const outcome = await this.#parts.engine.settle(own, {
      nonces: nonce === undefined ? [] : [nonce],
    });
    if (outcome.kind !== 'done' && reply !== null) reply.nonce ??= nonce;
    switch (outcome.kind) {
      case 'done':
        return this.#done(track, own, stepped, outcome);
      case 'refused': {
        const { refusal } = outcome;
        return this.#stepOn(stepped, {
          type: 'not_held',
          now: this.#parts.clock(),
          refusal: refusal.code === 'funds_held' ? 'funds_held' : refusal,
        });
      }
      case 'stale': {
        const { durable } = outcome;
        this.#parts.statistics.stale += 1;
        if (durable.is === 'absent') throw new Error(`${track.id} was forgotten`);
        return { is: 'stale' };
      }
      case 'replayed':
        this.#parts.statistics.replays += 1;
        return { is: 'replayed' };
    }
  }

  #done(track: Track, own: OwnCommand, stepped: consortium.Step, recorded: Recorded): Verdict {
    const { seq, at } = recorded;
    switch (own.type) {
      case 'PrepareShare':
        track.prepared = { seq, at };
        return this.#stepOn(stepped, { type: 'held', now: at });
      case 'DoubtShare':
        track.prepared = { seq, at };
        break;
      case 'CommitShare':
      case 'AbortShare':
        track.decided = { seq, at };
        break;
      case 'SettleShare':
        break;
    }
    return { is: 'stands', state: decidedAt(stepped.state, at), effects: stepped.effects };
  }

  #afterBegin(
    track: Track,
    stepped: consortium.Step,
    begun: Awaited<ReturnType<typeof submitBegin>>,
  ): Verdict {
    const { ticket } = track;
    switch (begun.kind) {
      case 'held':
        track.prepared = begun.recorded;
        track.ticket = undefined;
        ticket?.resolve({ kind: 'begun', id: track.id, replayed: false });
        return this.#stepOn(stepped, { type: 'held', now: begun.recorded.at });
      case 'not_held':
        return this.#stepOn(stepped, {
          type: 'not_held',
          now: this.#parts.clock(),
          refusal: begun.refusal,
        });
      case 'ended':
        track.ticket = undefined;
        ticket?.resolve(begun.end);
        return { is: 'stands', state: consortium.unknownTransaction(track.id), effects: [] };
    }
  }

  /** The ledger's verdict on the holds, from the state that asked for them. */
  #stepOn(stepped: consortium.Step, verdict: consortium.ProtocolEvent): Verdict {
    const next = consortium.step(this.#parts.standpoint(), stepped.state, verdict);
    return { is: 'stands', state: next.state, effects: next.effects };
  }

  #tellIfDecided(track: Track): void {
    if (track.state === undefined || !isDecided(track.state.durable)) return;
    this.#parts.onDecided(track.id);
    for (const tell of track.waiting) tell();
    track.waiting.clear();
  }

  #leave(track: Track, effects: readonly consortium.Effect[], reply: Reply | null): void {
    for (const effect of effects) {
      if (!consortium.isLedgerEffect(effect)) this.#parts.leave(track, effect, reply);
    }
  }

  #crashBefore(own: OwnCommand, event: consortium.ProtocolEvent): void {
    if (event.type !== 'message') return;
    if (event.message.type === 'apply') crashPoint('cross-apply-heard');
    if (own.type === 'SettleShare') crashPoint('cross-acknowledged');
  }

  #crashAfter(own: OwnCommand, { id, durable }: consortium.TransactionState): void {
    if (own.type === 'CommitShare' || own.type === 'AbortShare') crashPoint('cross-applied');
    if (own.type !== 'PrepareShare' || durable.is !== 'prepared') return;
    const isMine = consortium.coordinatorOf(id) === this.#parts.bank;
    crashPoint(isMine ? 'cross-begun' : 'cross-promised');
  }
}

function ignore(): void {}
