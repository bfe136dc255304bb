import type { consortium } from '@lastro/core';
import { crashPoint } from '../../store/crash-point.ts';
import type { Driver } from './driver.ts';
import type { HostStatistics } from './host-statistics.ts';
import type { Addressed } from './message-text.ts';
import type { RegisterGuard, RegisterVerdict } from './register-guard.ts';
import type { Reply, Track } from './track.ts';
import { verifiedDecision, type IsYes } from './verified.ts';

export interface OutboxParts {
  readonly register: Pick<RegisterGuard, 'create' | 'read'>;
  readonly driver: () => Pick<Driver, 'take' | 'wakeAfter'>;
  /** Puts a message into the lane to a peer. */
  readonly send: (to: string, addressed: Addressed) => void;
  readonly isYes: IsYes;
  /** Nothing of this coordinator is decided at or below the id of this transaction. */
  readonly onBelowFloor: (id: string) => void;
  readonly onAlarm: (message: string) => void;
  readonly clock: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly statistics: HostStatistics;
}

/** Does what leaves the bank, once the block stands. Losing any of it loses no truth. */
export class Outbox {
  readonly #parts: OutboxParts;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  leave(track: Track, effect: consortium.OutwardEffect, reply: Reply | null): void {
    const { id } = track;
    switch (effect.type) {
      case 'send':
        return this.#send(effect.to, { id, message: effect.message }, reply);
      case 'register.create':
        return this.#decide(track, effect.decision);
      case 'register.read':
        return this.#hear(id, this.#parts.register.read(id));
      case 'answer':
        return this.#answer(track, effect.answer);
      case 'alarm':
        return this.#alarm(`${id}: ${effect.alarm}`);
      case 'wake': {
        const { clock, random, driver } = this.#parts;
        const ms = effect.at - clock() + random() * effect.jitterMs;
        return driver().wakeAfter(track, Math.max(0, ms));
      }
    }
  }

  #send(to: string, addressed: Addressed, reply: Reply | null): void {
    if (reply !== null && reply.isOpen && reply.bank === to) reply.messages.push(addressed);
    else this.#parts.send(to, addressed);
  }

  #decide({ id }: Track, decision: consortium.CrossBankDecision): void {
    if (decision.is === 'commit') crashPoint('cross-votes-in');
    else crashPoint('cross-recovering');
    this.#hear(id, this.#parts.register.create(id, decision));
  }

  #hear(id: string, asked: Promise<RegisterVerdict>): void {
    asked.then(
      (verdict) => this.#heard(id, verdict),
      (error: unknown) => this.#alarm(`${id}: the register was not asked: ${String(error)}`),
    );
  }

  #heard(id: string, verdict: RegisterVerdict): void {
    const event = this.#eventOf(id, verdict);
    this.#parts.driver().take(id, { event, reply: null, isFirst: false, done: ignore });
  }

  #eventOf(id: string, verdict: RegisterVerdict): (now: number) => consortium.ProtocolEvent {
    switch (verdict.kind) {
      case 'stands': {
        crashPoint('cross-decided');
        const { generation, isOwn } = verdict;
        const decision = isOwn
          ? verdict.decision
          : verifiedDecision(verdict.decision, id, this.#parts.isYes);
        return (now) => ({ type: 'register.stands', now, generation, decision });
      }
      case 'empty':
        return (now) => ({ type: 'register.empty', now });
      case 'away':
        this.#parts.statistics.registerAway += 1;
        return (now) => ({ type: 'register.away', now });
      case 'below_floor':
        this.#parts.onBelowFloor(id);
        return (now) => ({ type: 'register.below_floor', now });
    }
  }

  #answer(track: Track, answer: consortium.Answer): void {
    const { statistics } = this.#parts;
    switch (answer.is) {
      case 'committed':
        statistics.committed += 1;
        return;
      case 'aborted':
        statistics.aborted += 1;
        return;
      case 'refused': {
        statistics.refused += 1;
        const { ticket } = track;
        track.ticket = undefined;
        ticket?.resolve({ kind: 'refused', reason: answer.reason, replayed: false });
      }
    }
  }

  #alarm(message: string): void {
    this.#parts.onAlarm(message);
  }
}

function ignore(): void {}
