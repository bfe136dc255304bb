import { setTimeout as sleep } from 'node:timers/promises';
import { outcomeKey, ownRowsOf, rowsOf, type Envelope, type OwnCommand } from '@lastro/core';
import { crashPoint } from '../store/crash-point.ts';
import { describeFault, isCheckViolation } from '../store/database-error.ts';
import type { Head } from '../store/row-types.ts';
import { AnswerDesk, type RecordedFact } from './answer-desk.ts';
import type { BlockDraft } from './block-draft.ts';
import type { Attempt, AttemptMode, Waiting } from './attempt.ts';
import type { BlockLane } from './block-lane.ts';
import { EngineError, type EngineErrorCode } from './engine-error.ts';
import {
  countBlock,
  countCode,
  createEngineStatistics,
  type EngineStatistics,
} from './engine-statistics.ts';
import { Gathering } from './gathering.ts';
import type { EngineLimits } from './limits.ts';
import { createOwnTicket, NOTHING_RIDING, type OwnOutcome, type Riding } from './own-ticket.ts';
import { createTicket, type CommandTicket, type Outcome, type Ticket } from './ticket.ts';
import { Patience } from './patience.ts';
import { TicketQueue } from './ticket-queue.ts';

export interface EngineParts {
  readonly lane: BlockLane;
  readonly limits: EngineLimits;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Reads what a command was answered before. */
  readonly readFact: (seq: number) => Promise<RecordedFact>;
  /** For what a person must look at: nothing secret, nothing personal. */
  readonly onAlarm: (message: string) => void;
}

const SWEEP_EVERY_MS = 100;

/** How often an idle process looks for expired holds that it doesn't know of. */
const SWEEP_HOLDS_EVERY_MS = 1_000;

/** Commands in, blocks out: one block commits while the next one gathers. */
export class Engine {
  readonly statistics: EngineStatistics = createEngineStatistics(performance.now());
  readonly #parts: EngineParts;
  readonly #queue: TicketQueue;
  readonly #desk: AnswerDesk;
  readonly #gathering = new Gathering();
  readonly #patience = new Patience();
  #inFlight: readonly Ticket[] = [];
  #wake: (() => void) | undefined;
  #stopping: EngineErrorCode | undefined;
  #loop: Promise<void> | undefined;
  #sweeper: NodeJS.Timeout | undefined;
  #isSweepDue = false;
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#queue = new TicketQueue(parts.limits.queueLengthMax);
    this.#desk = new AnswerDesk(this.statistics, parts.readFact);
  }

  get head(): Head | undefined {
    return this.#parts.lane.head;
  }

  /** Commands submitted and not yet answered. */
  get pendingCount(): number {
    return this.#desk.pending.size;
  }

  /** Commands waiting for a block. */
  get queueLength(): number {
    return this.#queue.length;
  }

  /** Whether blocks can be written now, as far as the last try showed. */
  get isWriting(): boolean {
    return !this.#patience.isNeeded && this.#stopping === undefined;
  }

  start(): void {
    this.#loop = this.#run();
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_EVERY_MS);
    this.#sweeper.unref();
  }

  /**
   * Settles one command. Resolves after the commit of its block; a command that was settled before,
   * or is being settled now, gets that one outcome. Rejects with `EngineError`.
   */
  submit(envelope: Envelope): Promise<Outcome> {
    const key = outcomeKey(envelope.principal, envelope.id);
    const twin = this.#desk.pending.get(key);
    if (twin !== undefined) {
      return twin.envelope.hash === envelope.hash ? twin.promise : this.#afterTwin(twin, envelope);
    }
    const refusal = this.#refusalToTake();
    if (refusal !== undefined) return this.#refuse(refusal);
    const now = performance.now();
    const deadline = now + this.#parts.limits.commandTimeoutMs;
    const ticket = createTicket(envelope, key, rowsOf(envelope.command), now, deadline);
    if (!this.#enqueue(ticket)) return this.#refuse('overloaded');
    this.#desk.pending.set(key, ticket);
    return ticket.promise;
  }

  /**
   * Takes one step of this bank's own share of a cross-bank transaction, with what rides in its
   * block. It is judged against the durable state that it was made from: once that is another one
   * nothing happens. A nonce rides with one step alone. Rejects with `EngineError`: after
   * `outcome_unknown` and `internal_error` the durable state tells.
   */
  settle(own: OwnCommand, riding: Riding = NOTHING_RIDING): Promise<OwnOutcome> {
    const refusal = this.#refusalToTake();
    if (refusal !== undefined) return this.#refuse(refusal);
    const now = performance.now();
    const rows = ownRowsOf(own, riding.nonces.length);
    const deadline = now + this.#parts.limits.commandTimeoutMs;
    const ticket = createOwnTicket(own, riding, rows, now, deadline);
    return this.#enqueue(ticket) ? ticket.promise : this.#refuse('overloaded');
  }

  /**
   * Another body is on its way under the same id. Whose the id is, only the record can say: this one
   * may be the repeat of a command that was settled long ago.
   */
  async #afterTwin(twin: CommandTicket, envelope: Envelope): Promise<Outcome> {
    await Promise.allSettled([twin.promise]);
    return this.submit(envelope);
  }

  /**
   * Has the bank look whether the lease of this account ran out, and give it to the next who waits.
   * For whoever waits for a lease; does nothing when nobody's turn has come.
   */
  passLease(account: string): void {
    this.#parts.lane.passLease(account);
    this.#isSweepDue = true;
    this.#wake?.();
  }

  /** Takes nothing new, settles what is queued within the drain time, and closes the lane. */
  async stop(): Promise<void> {
    this.#stopping ??= 'shutting_down';
    this.#wake?.();
    crashPoint('draining');
    const drained = this.#loop ?? Promise.resolve();
    const timeout = new AbortController();
    const { signal } = timeout;
    const giveUp = sleep(this.#parts.limits.drainTimeoutMs, undefined, { signal });
    await Promise.race([drained, giveUp.catch(() => undefined)]);
    timeout.abort();
    this.#giveBackQueued('shutting_down');
    for (const ticket of this.#inFlight) this.#desk.giveBack(ticket, 'outcome_unknown');
    clearInterval(this.#sweeper);
    await this.#parts.lane.close();
    // With every ticket answered and the connection closed, the loop has nothing to wait for.
    await drained;
  }

  /** False: there is no room for it. */
  #enqueue(ticket: Ticket): boolean {
    if (!this.#queue.push(ticket)) {
      this.statistics.overloaded += 1;
      return false;
    }
    this.#parts.lane.announce(ticket);
    if (this.#gathering.note(ticket)) this.#wake?.();
    return true;
  }

  #refuse(code: EngineErrorCode): Promise<never> {
    countCode(this.statistics.givenBack, code);
    return Promise.reject(new EngineError(code));
  }

  #refusalToTake(): EngineErrorCode | undefined {
    if (this.#stopping !== undefined) return this.#stopping;
    return this.#patience.isOver ? 'database_unavailable' : undefined;
  }

  async #run(): Promise<void> {
    for (;;) {
      if (this.#queue.length > 0 && this.#stopping === undefined) {
        await this.#gathering.wait((wake) => {
          this.#wake = wake;
        });
      }
      const tickets = this.#queue.take(this.#parts.limits.blockRowsMax);
      if (tickets.length > 0) {
        const startedAt = performance.now();
        this.#gathering.start(startedAt, tickets.length, this.#queue.length === 0);
        this.#inFlight = tickets;
        await this.#settle(tickets, 'trusting');
        this.#inFlight = [];
        this.#gathering.end(performance.now() - startedAt);
      } else if (this.#stopping !== undefined) {
        return;
      } else if (!this.#patience.isNeeded) {
        if (this.#isSweepDue) await this.#keepHouse();
        else await this.#idle();
      } else {
        await this.#patience.pauseLong();
        if (await this.#parts.lane.probe()) this.#patience.end();
      }
    }
  }

  /** Until a command comes, or something is due. */
  async #idle(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }

  /** Does what is due where no command comes along to do it with. */
  async #keepHouse(): Promise<void> {
    this.#isSweepDue = false;
    this.#sweptAt = performance.now();
    const attempt = await this.#parts.lane.sweep();
    switch (attempt.kind) {
      case 'settled':
      case 'resolved':
        if (attempt.draft.events.length === 0) return;
        crashPoint('sweep-committed');
        this.#answer(attempt);
        return;
      case 'unknown':
      case 'unavailable':
        await this.#awaitDatabase([], attempt);
        return;
      case 'poison':
        this.#parts.onAlarm(`what is due can't be recorded: ${describeFault(attempt.error)}`);
        return;
      case 'history_rewound':
        this.#stopping = 'history_rewound';
        return;
      case 'lost_race':
      case 'duplicate':
      case 'chores_refused':
      case 'clock_off':
        return;
    }
  }

  /** Goes on until every ticket has its answer. `first`: how the first try is made. */
  async #settle(tickets: readonly Ticket[], first: AttemptMode): Promise<void> {
    let mode = first;
    const all = [...tickets];
    const behind: Waiting = {
      peekNext: () => this.#queue.peekFull(this.#parts.limits.blockRowsMax),
      takeMore: () => this.#takeMore(all),
    };
    for (;;) {
      const waiting = all.filter((ticket) => !ticket.isAnswered);
      if (waiting.length === 0) return;
      const attempt = await this.#parts.lane.attempt(waiting, mode, behind);
      switch (attempt.kind) {
        case 'settled':
        case 'resolved':
          this.#answer(attempt);
          mode = 'careful';
          break;
        case 'lost_race':
          this.statistics.lostRaces += 1;
          break;
        case 'chores_refused':
          break;
        case 'duplicate':
          this.statistics.duplicates += 1;
          if (mode !== 'trusting') return this.#isolate(waiting, mode, undefined);
          mode = 'careful';
          break;
        case 'poison':
          if (isCheckViolation(attempt.error)) {
            this.#parts.onAlarm(
              `core let pass what the database refused: ${describeFault(attempt.error)}`,
            );
          }
          this.#parts.lane.forget();
          if (mode !== 'trusting') return this.#isolate(waiting, mode, attempt.error);
          mode = 'careful';
          break;
        case 'unknown':
        case 'unavailable':
          await this.#awaitDatabase(all, attempt);
          break;
        case 'clock_off':
          this.#desk.giveBackUnexposed(waiting, 'clock_off');
          await this.#patience.pauseLong();
          break;
        case 'history_rewound':
          this.#stopping = 'history_rewound';
          this.#desk.giveBackUnexposed(waiting, 'history_rewound');
          for (const ticket of waiting) this.#desk.giveBack(ticket, 'outcome_unknown');
          return;
      }
    }
  }

  /** Adds what waits to a block that has room. */
  #takeMore(block: Ticket[]): readonly Ticket[] {
    const more = this.#queue.take(this.#parts.limits.blockRowsMax, block);
    if (more.length === 0) return more;
    block.push(...more);
    this.#inFlight = block;
    this.#gathering.start(performance.now(), more.length, this.#queue.length === 0);
    return more;
  }

  /** A block that can't be written as a whole: halves of it can, until the one bad command is alone. */
  async #isolate(tickets: readonly Ticket[], mode: AttemptMode, error: unknown): Promise<void> {
    const [only] = tickets;
    if (tickets.length > 1 || only === undefined) {
      const middle = Math.ceil(tickets.length / 2);
      await this.#settle(tickets.slice(0, middle), 'careful');
      await this.#settle(tickets.slice(middle), 'careful');
      return;
    }
    if (only.kind === 'own') {
      this.statistics.poisoned += 1;
      this.#parts.onAlarm(`${only.own.type} can't be recorded: ${describeFault(error)}`);
      this.#desk.giveBack(only, 'internal_error');
      return;
    }
    const { command, id } = only.envelope;
    if (mode === 'recording') {
      this.#parts.onAlarm(
        `the failure of command ${id} can't be recorded: ${describeFault(error)}`,
      );
      this.#desk.giveBack(only, 'internal_error');
      return;
    }
    this.statistics.poisoned += 1;
    this.#parts.onAlarm(`command ${id} (${command.type}) failed: ${describeFault(error)}`);
    await this.#settle([only], 'recording');
  }

  /** The database is away or silent: tells callers what is known and waits a little longer each time. */
  async #awaitDatabase(
    tickets: readonly Ticket[],
    attempt: Extract<Attempt, { readonly kind: 'unknown' | 'unavailable' }>,
  ): Promise<void> {
    this.#patience.begin();
    if (attempt.kind === 'unknown') {
      this.statistics.unknown += 1;
      for (const ticket of tickets) ticket.isExposed = true;
    } else {
      this.statistics.unavailable += 1;
    }
    this.#parts.onAlarm(
      `a block was not written (${attempt.kind}): ${describeFault(attempt.error)}`,
    );
    if (this.#patience.isOver) {
      this.#desk.giveBackUnexposed(tickets, 'database_unavailable');
      this.#giveBackQueued('database_unavailable');
    }
    await this.#patience.pause();
  }

  #answer(attempt: Extract<Attempt, { readonly draft: BlockDraft }>): void {
    this.#patience.end();
    const { draft } = attempt;
    const now = performance.now();
    countBlock(this.statistics, draft.events.length, draft.verdicts.length, now);
    if (attempt.kind === 'resolved') this.statistics.resolved += 1;
    for (const verdict of draft.verdicts) this.#desk.answer(verdict, draft.at, now);
  }

  #giveBackQueued(code: EngineErrorCode): void {
    for (let left = this.#queue.shift(); left !== undefined; left = this.#queue.shift()) {
      this.#desk.giveBack(left, code);
    }
  }

  /** A hold expired, or it is time to look whether one of another process did. */
  #isHouseworkDue(now: number): boolean {
    const next = this.#parts.lane.nextExpiry;
    if (typeof next === 'number' && next <= this.#parts.clock()) return true;
    return now - this.#sweptAt > SWEEP_HOLDS_EVERY_MS;
  }

  /** Nobody waits past the deadline: not taken yet means no effect, on its way means unknown. */
  #sweep(): void {
    const now = performance.now();
    if (this.#isHouseworkDue(now)) {
      this.#isSweepDue = true;
      if (this.#queue.length === 0) this.#wake?.();
    }
    for (const ticket of this.#inFlight) {
      if (ticket.deadline <= now) this.#desk.giveBack(ticket, 'outcome_unknown');
    }
    for (let next = this.#queue.peek(); next !== undefined; next = this.#queue.peek()) {
      if (next.deadline > now) return;
      this.#queue.shift();
      this.#desk.giveBack(next, 'deadline_exceeded');
    }
  }
}
