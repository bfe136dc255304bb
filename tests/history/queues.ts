import type { Command } from '@lastro/core';
import type { Pages, Turn } from '../../packages/core/src/notebook.fixture.ts';
import { timeText, valueAt, type Body, type Since } from './lines.ts';

/** A lease as everybody may see it, and for whoever holds it. */
export interface Standing {
  readonly entry: Body;
  /** Until when it stands, milliseconds since 1970. */
  readonly until: number;
  readonly token: number | null;
}

interface Ticket {
  readonly seq: number;
  readonly owner: string;
}

type RequestLease = Extract<Command, { readonly type: 'RequestLease' }>;

/** The leases of every account, as each event about them left them. */
export class Queues {
  readonly #lines = new Map<string, Since<readonly Standing[]>[]>();
  /** Beside the model's turns, in the same order: what the model doesn't keep of them. */
  readonly #tickets: Ticket[] = [];

  ask({ account, owner }: RequestLease, pages: Pages, event: Happened): void {
    this.#tickets.push({ seq: event.seq, owner });
    this.follow(pages, account, event);
  }

  /** Notes who has the account and who waits for it. */
  follow({ turns }: Pages, account: string, { seq, at }: Happened): void {
    const now = Date.parse(at);
    const value = turns.flatMap((turn, index) => {
      const ticket = this.#tickets[index];
      const isOpen = turn.account === account && !turn.isGivenBack && now < endOf(turn);
      return isOpen && ticket !== undefined ? [standing(turn, ticket)] : [];
    });
    const line = this.#lines.get(account) ?? [];
    this.#lines.set(account, [...line, { seq, value }]);
  }

  /** The leases of an account after the event of number `seq`, in the order of service. */
  at(account: string, seq: number): readonly Standing[] {
    return valueAt(this.#lines.get(account) ?? [], seq) ?? [];
  }
}

interface Happened {
  readonly seq: number;
  readonly at: string;
}

function endOf({ token, until, patientUntil }: Turn): number {
  return token === null ? patientUntil : until;
}

function standing(turn: Turn, { seq, owner }: Ticket): Standing {
  const { id, seconds, token, until, patientUntil } = turn;
  const entry = {
    id,
    owner,
    state: token === null ? 'waiting' : 'held',
    ticket: seq,
    ttl: seconds,
    expiresAt: token === null ? null : timeText(until),
    waitUntil: timeText(patientUntil),
  };
  return { entry, until: endOf(turn), token };
}
