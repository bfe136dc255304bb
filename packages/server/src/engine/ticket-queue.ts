import type { Ticket } from './ticket.ts';

/** Below so many taken tickets there is nothing to gain. */
const COMPACT_AT = 512;

/** First in, first out; bounded; taking from the front costs nothing however long it is. */
export class TicketQueue {
  #tickets: Ticket[] = [];
  #front = 0;
  readonly #lengthMax: number;

  constructor(lengthMax: number) {
    this.#lengthMax = lengthMax;
  }

  get length(): number {
    return this.#tickets.length - this.#front;
  }

  /** False when the queue is full. */
  push(ticket: Ticket): boolean {
    if (this.length >= this.#lengthMax) return false;
    this.#tickets.push(ticket);
    return true;
  }

  peek(): Ticket | undefined {
    return this.#tickets[this.#front];
  }

  shift(): Ticket | undefined {
    const ticket = this.#tickets[this.#front];
    if (ticket === undefined) return undefined;
    this.#front += 1;
    const { length } = this.#tickets;
    const isMostlyTaken = this.#front >= COMPACT_AT && this.#front * 2 >= length;
    if (isMostlyTaken || this.#front === length) this.#compact();
    return ticket;
  }

  /** How many tickets it holds on to, those that were taken included: bounded, too. */
  get kept(): number {
    return this.#tickets.length;
  }

  /** The next tickets whose rows fit into one block: at least one when any waits. */
  take(rowsMax: number): Ticket[] {
    const taken: Ticket[] = [];
    let rows = 0;
    for (let next = this.peek(); next !== undefined; next = this.peek()) {
      rows += next.rows;
      if (rows > rowsMax && taken.length > 0) break;
      this.shift();
      if (!next.isAnswered) taken.push(next);
    }
    return taken;
  }

  /** What `take` would give now, if more waits than fits into the block; undefined: it may still grow. */
  peekFull(rowsMax: number): readonly Ticket[] | undefined {
    const next: Ticket[] = [];
    let rows = 0;
    for (let index = this.#front; index < this.#tickets.length; index += 1) {
      const ticket = this.#tickets[index];
      if (ticket === undefined) break;
      rows += ticket.rows;
      if (rows > rowsMax && next.length > 0) return next;
      if (!ticket.isAnswered) next.push(ticket);
    }
    return undefined;
  }

  /** Lets go of what was taken. A queue that is never empty would keep every ticket there ever was. */
  #compact(): void {
    this.#tickets = this.#tickets.slice(this.#front);
    this.#front = 0;
  }
}
