import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { PeerLane } from './peer-lane.ts';

const limits = {
  queueMessagesMax: 5,
  queueBytesMax: 1_000_000,
  requestsMax: 1,
  requestTimeoutMs: 1_000,
};
const idOf = (number: number) => `alfa/01900000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const ask = (number: number) => ({ id: idOf(number), message: { type: 'ask' } as const });

function aLane(more: Partial<typeof limits> = {}) {
  const sent: { readonly count: number; readonly answer: (isDone: boolean) => void }[] = [];
  const lost: string[] = [];
  const lane = new PeerLane({
    send: (messages) => {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      sent.push({ count: messages.length, answer: resolve });
      return promise;
    },
    onLost: (ids) => void lost.push(...ids),
    limits: { ...limits, ...more },
  });
  return { lane, sent, lost };
}

describe('a lane', () => {
  it('gathers what comes in one turn, and what comes while a request is under way', async () => {
    const { lane, sent } = aLane();
    lane.push(ask(1));
    lane.push(ask(2));
    await turn();
    expect(sent.map(({ count }) => count)).toEqual([2]);
    for (const number of [3, 4, 5]) lane.push(ask(number));
    await turn();
    expect(sent).toHaveLength(1);
    sent[0]?.answer(true);
    await turn();
    expect(sent.map(({ count }) => count)).toEqual([2, 3]);
  });

  it('sends less often, and more at once, where much comes', async () => {
    vi.useFakeTimers();
    try {
      const { lane, sent } = aLane({ queueMessagesMax: 100, requestsMax: 2 });
      let answered = 0;
      for (let ms = 0; ms < 1_000; ms += 1) {
        lane.push(ask(ms));
        await vi.advanceTimersByTimeAsync(1);
        // Each takes some ten milliseconds.
        if (ms % 10 === 9) while (answered < sent.length) sent[answered++]?.answer(true);
      }
      const counts = sent.map(({ count }) => count);
      expect(counts.slice(0, 2)).toEqual([1, 1]);
      expect(Math.max(...counts)).toBeGreaterThan(10);
      expect(Math.max(...counts)).toBeLessThan(30);
      expect(counts.length).toBeLessThan(150);
    } finally {
      vi.useRealTimers();
    }
  });

  it('drops what it has no room for, and says so', async () => {
    const { lane, sent, lost } = aLane();
    for (let number = 1; number <= 7; number += 1) lane.push(ask(number));
    expect(lost).toEqual([idOf(6), idOf(7)]);
    await turn();
    expect(sent.map(({ count }) => count)).toEqual([5]);
  });

  it('says what may not have arrived, and goes on with the next', async () => {
    const { lane, sent, lost } = aLane();
    lane.push(ask(1));
    await turn();
    lane.push(ask(2));
    sent[0]?.answer(false);
    await turn();
    expect(lost).toEqual([idOf(1)]);
    expect(sent).toHaveLength(2);
  });

  it('splits what is too much for one request', async () => {
    const { lane, sent } = aLane({ queueMessagesMax: 10_000, requestsMax: 9 });
    for (let number = 1; number <= 2_500; number += 1) lane.push(ask(number));
    await turn();
    expect(sent.map(({ count }) => count)).toEqual([1_000, 1_000, 500]);
  });

  it('sends nothing more when it is closed', async () => {
    const { lane, sent, lost } = aLane();
    lane.push(ask(1));
    lane.close();
    lane.push(ask(2));
    await turn();
    expect(sent).toEqual([]);
    expect(lost).toEqual([idOf(2)]);
  });
});
