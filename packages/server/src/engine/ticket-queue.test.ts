import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTicket, type Ticket } from './ticket.ts';
import { TicketQueue } from './ticket-queue.ts';

function ticketOf(id: string, rows = 1): Ticket {
  const command = { type: 'Deposit', id, account: 'a', amount: 1n, metadata: {} } as const;
  return createTicket(
    { principal: 'p', id, hash: '', command, leaseTokens: [] },
    id,
    rows,
    0,
    1_000,
  );
}

const idOf = (ticket: Ticket | undefined) => (ticket?.kind === 'command' ? ticket.key : undefined);
const idsOf = (tickets: readonly Ticket[]) => tickets.flatMap((ticket) => idOf(ticket) ?? []);

describe('the queue', () => {
  it('gives back in the order of arrival', () => {
    const queue = new TicketQueue(10);
    for (const id of ['a', 'b', 'c']) queue.push(ticketOf(id));
    expect(idOf(queue.peek())).toBe('a');
    expect(idOf(queue.shift())).toBe('a');
    queue.push(ticketOf('d'));
    expect(idsOf(queue.take(100))).toEqual(['b', 'c', 'd']);
    expect([queue.length, queue.peek(), queue.shift()]).toEqual([0, undefined, undefined]);
    expect(queue.take(100)).toEqual([]);
  });

  it('lets go of what was taken, though something waits at all times', () => {
    const queue = new TicketQueue(10_000);
    for (let round = 0; round < 3_000; round += 1) queue.push(ticketOf('a'));
    for (let round = 0; round < 20_000; round += 1) {
      queue.push(ticketOf('b'));
      queue.shift();
      expect(queue.length).toBe(3_000);
    }
    expect(queue.kept).toBeLessThan(3 * 3_000);
  });

  it('is bounded, by what waits and not by what has passed', () => {
    const queue = new TicketQueue(2);
    for (let round = 0; round < 100; round += 1) {
      expect([
        queue.push(ticketOf('a')),
        queue.push(ticketOf('b')),
        queue.push(ticketOf('c')),
      ]).toEqual([true, true, false]);
      queue.shift();
      expect(queue.push(ticketOf('d'))).toBe(true);
      expect(idsOf(queue.take(100))).toEqual(['b', 'd']);
    }
  });

  it('shows the next block once it can grow no more, as it will be taken', () => {
    const queue = new TicketQueue(10);
    for (const id of ['a', 'b', 'c', 'd']) queue.push(ticketOf(id, 2));
    expect(queue.peekFull(8)).toBeUndefined();
    expect(idsOf(queue.peekFull(7) ?? [])).toEqual(['a', 'b', 'c']);
    queue.peek()!.isAnswered = true;
    const shown = queue.peekFull(6);
    expect(idsOf(shown ?? [])).toEqual(['b', 'c']);
    expect(queue.take(6)).toEqual(shown);
    // One that is too large by itself is a block of its own.
    queue.push(ticketOf('e'));
    expect(idsOf(queue.peekFull(1) ?? [])).toEqual(['d']);
  });

  it('fills a block by the rows that its tickets write', () => {
    const queue = new TicketQueue(10);
    for (const [id, rows] of [
      ['a', 4],
      ['b', 4],
      ['c', 4],
      ['d', 1],
    ] as const)
      queue.push(ticketOf(id, rows));
    expect(idsOf(queue.take(8))).toEqual(['a', 'b']);
    expect(idsOf(queue.take(8))).toEqual(['c', 'd']);
  });

  it('lets one that is larger than a block pass alone', () => {
    const queue = new TicketQueue(10);
    for (const [id, rows] of [
      ['huge', 100],
      ['a', 1],
    ] as const)
      queue.push(ticketOf(id, rows));
    expect(idsOf(queue.take(8))).toEqual(['huge']);
    expect(idsOf(queue.take(8))).toEqual(['a']);
  });

  it('fills up a block that has tickets already, and no further', () => {
    const queue = new TicketQueue(10);
    const behind = [ticketOf('first', 4), ticketOf('second', 2)];
    for (const id of ['a', 'b', 'c']) queue.push(ticketOf(id, 2));
    expect(queue.take(7, behind)).toEqual([]);
    expect(idsOf(queue.take(10, behind))).toEqual(['a', 'b']);
    expect(queue.take(1, behind)).toEqual([]);
    expect(idsOf(queue.take(1))).toEqual(['c']);
  });

  it('leaves out what was answered while it waited', () => {
    const queue = new TicketQueue(10);
    const late = ticketOf('late');
    queue.push(late);
    queue.push(ticketOf('b'));
    late.isAnswered = true;
    expect(idsOf(queue.take(8))).toEqual(['b']);
    expect(queue.length).toBe(0);
  });

  it('loses nothing and doubles nothing, whatever comes and goes', () => {
    const step = fc.oneof(fc.constant('push'), fc.constant('shift'), fc.nat({ max: 12 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queue = new TicketQueue(8);
        const model: string[] = [];
        const expected: string[] = [];
        const got: string[] = [];
        steps.forEach((what, index) => {
          if (what === 'push') {
            const isTaken = queue.push(ticketOf(String(index), 1 + (index % 5)));
            expect(isTaken).toBe(model.length < 8);
            if (isTaken) model.push(String(index));
          } else if (what === 'shift') {
            const ticket = queue.shift();
            const first = model.shift();
            expect(idOf(ticket)).toBe(first);
          } else {
            const taken = queue.take(what);
            got.push(...idsOf(taken));
            expected.push(...model.splice(0, taken.length));
            const rows = taken.reduce((sum, ticket) => sum + ticket.rows, 0);
            expect(rows <= what || taken.length === 1).toBe(true);
          }
          expect(queue.length).toBe(model.length);
        });
        expect(got).toEqual(expected);
      }),
    );
  });
});
