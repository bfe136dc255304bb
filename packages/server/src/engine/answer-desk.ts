import { refusalOf, type Fact } from '@lastro/core';
import { describeFault } from '../store/database-error.ts';
import { ChurningMap } from './churning-map.ts';
import type { OwnVerdict, Verdict } from './block-draft.ts';
import { EngineError, type EngineErrorCode } from './engine-error.ts';
import { countCode, type EngineStatistics } from './engine-statistics.ts';
import type { OwnOutcome, OwnTicket } from './own-ticket.ts';
import type { CommandTicket, Outcome, Ticket } from './ticket.ts';

/** An event that was recorded earlier, found by its number. */
export interface RecordedFact {
  readonly fact: Fact;
  readonly at: number;
}

/** Where every ticket gets its one answer, and where those that wait for one are known by their key. */
export class AnswerDesk {
  readonly pending = new ChurningMap<CommandTicket>();
  readonly #statistics: EngineStatistics;
  readonly #readFact: (seq: number) => Promise<RecordedFact>;

  constructor(statistics: EngineStatistics, readFact: (seq: number) => Promise<RecordedFact>) {
    this.#statistics = statistics;
    this.#readFact = readFact;
  }

  /** Answers with what a block that stands decided. `at`: its time; `now`: `performance.now()`. */
  answer(verdict: Verdict, at: number, now: number): void {
    switch (verdict.kind) {
      case 'recorded': {
        const { ticket, seq, fact } = verdict;
        this.#count(fact);
        this.#resolve(ticket, { kind: 'settled', seq, at, fact, replayed: false }, now);
        return;
      }
      case 'replayed':
        this.#statistics.replayed += 1;
        this.#answerAgain(verdict.ticket, verdict.seq);
        return;
      case 'reused':
        this.#statistics.reused += 1;
        this.#resolve(verdict.ticket, { kind: 'reused' }, now);
        return;
      case 'postponed':
        this.#resolve(verdict.ticket, { kind: 'postponed', refusal: verdict.refusal }, now);
        return;
      case 'done':
      case 'not_held':
      case 'stale':
      case 'nonce_spent':
        this.#resolveOwn(verdict.ticket, ownOutcome(verdict, at));
        return;
    }
  }

  /** Answers with why nothing is known, or nothing was tried. */
  giveBack(ticket: Ticket, code: EngineErrorCode): void {
    if (ticket.isAnswered) return;
    countCode(this.#statistics.givenBack, code);
    this.#statistics.latenciesMs.record(performance.now() - ticket.submittedAt);
    ticket.isAnswered = true;
    if (ticket.kind === 'command') this.#forget(ticket);
    ticket.reject(new EngineError(code));
  }

  /** Those of them that had no effect for certain. */
  giveBackUnexposed(tickets: readonly Ticket[], code: EngineErrorCode): void {
    for (const ticket of tickets) if (!ticket.isExposed) this.giveBack(ticket, code);
  }

  #count(fact: Fact): void {
    const refusal = refusalOf(fact);
    if (fact.type === 'command.failed') this.#statistics.failed += 1;
    else if (refusal === undefined) this.#statistics.accepted += 1;
    else countCode(this.#statistics.refused, refusal.code);
  }

  /**
   * Gives a settled command its recorded outcome, without holding up the next block. Where that can't
   * be read now, it is "unknown" and not "unavailable": the command may have had its effect long ago.
   */
  #answerAgain(ticket: CommandTicket, seq: number): void {
    if (ticket.isAnswered) return;
    ticket.isAnswered = true;
    const late = setTimeout(
      () => ticket.reject(new EngineError('outcome_unknown')),
      Math.max(0, ticket.deadline - performance.now()),
    );
    this.#readFact(seq)
      .then(
        ({ fact, at }) => ticket.resolve({ kind: 'settled', seq, at, fact, replayed: true }),
        (error: unknown) => ticket.reject(new EngineError('outcome_unknown', describeFault(error))),
      )
      .finally(() => {
        this.#statistics.latenciesMs.record(performance.now() - ticket.submittedAt);
        clearTimeout(late);
        this.#forget(ticket);
      });
  }

  #resolveOwn(ticket: OwnTicket, outcome: OwnOutcome): void {
    ticket.isAnswered = true;
    ticket.resolve(outcome);
  }

  #resolve(ticket: CommandTicket, outcome: Outcome, now: number): void {
    if (!ticket.isAnswered) this.#statistics.latenciesMs.record(now - ticket.submittedAt);
    ticket.isAnswered = true;
    this.#forget(ticket);
    ticket.resolve(outcome);
  }

  /** Unless a repeat of it, sent after it was given back, has taken its place. */
  #forget(ticket: CommandTicket): void {
    if (this.pending.get(ticket.key) === ticket) this.pending.delete(ticket.key);
  }
}

function ownOutcome(verdict: OwnVerdict, at: number): OwnOutcome {
  switch (verdict.kind) {
    case 'done':
      return { kind: 'done', seq: verdict.seq, at, fact: verdict.fact };
    case 'not_held':
      return { kind: 'refused', refusal: verdict.refusal };
    case 'stale':
      return { kind: 'stale', durable: verdict.durable };
    case 'nonce_spent':
      return { kind: 'replayed' };
  }
}
