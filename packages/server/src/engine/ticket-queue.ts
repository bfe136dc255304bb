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

  /**
   * The next tickets whose rows fit into one block behind those that it has: at least one when any
   * waits and it has none.
   */
  take(rowsMax: number, taken: readonly Ticket[] = []): readonly Ticket[] {
    const { tickets, passed } = this.#nextBlock(rowsMax, taken);
    for (let count = 0; count < passed; count += 1) this.shift();
    return tickets;
  }

  /** What `take` would give now, if more waits than fits into the block; undefined: it may still grow. */
  peekFull(rowsMax: number): readonly Ticket[] | undefined {
    const { tickets, isFull } = this.#nextBlock(rowsMax);
    return isFull ? tickets : undefined;
  }

  /** `passed`: how many leave the queue for it, those that were answered meanwhile included. */
  #nextBlock(rowsMax: number, taken: readonly Ticket[] = []) {
    const tickets: Ticket[] = [];
    let rows = taken.reduce((sum, ticket) => sum + ticket.rows, 0);
    let passed = 0;
    for (let index = this.#front; index < this.#tickets.length; index += 1) {
      const ticket = this.#tickets[index];
      if (ticket === undefined) break;
      rows += ticket.rows;
      if (rows > rowsMax && taken.length + tickets.length > 0)
        return { tickets, passed, isFull: true };
      passed += 1;
      if (!ticket.isAnswered) tickets.push(ticket);
    }
    return { tickets, passed, isFull: false };
  }

  /** Lets go of what was taken. A queue that is never empty would keep every ticket there ever was. */
  #compact(): void {
    this.#tickets = this.#tickets.slice(this.#front);
    this.#front = 0;
  }
}
