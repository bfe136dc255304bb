import { describe, expect, it } from 'vitest';
import type { ReceivedOrder } from './order-choice.ts';
import { createOrderIntake } from './order-intake.ts';
import { createRecordingLog } from './fixtures/recording-log.ts';

const limits = { queueLengthMax: 2, inFlightMax: 2, drainTimeoutMs: 5_000 };

/** Orders that end when the test lets them. */
function openIntake(given = limits) {
  const log = createRecordingLog();
  const ends: (() => void)[] = [];
  const begun: string[] = [];
  const signals: AbortSignal[] = [];
  const settle = ({ id }: ReceivedOrder, signal: AbortSignal) => {
    begun.push(id);
    signals.push(signal);
    return new Promise<void>((resolve) => {
      ends.push(resolve);
    });
  };
  const intake = createOrderIntake(settle, given, log);
  const receive = (id: string) => intake.receive({ id, choice: null });
  return { intake, receive, ends, begun, signals, log };
}

describe('the intake', () => {
  it('settles so many at once, keeps so many waiting, and is full beyond', async () => {
    const { intake, receive, ends, begun } = openIntake();
    expect(['1', '2', '3', '4', '5'].map(receive)).toEqual([
      'received',
      'received',
      'received',
      'received',
      'full',
    ]);
    expect(begun).toEqual(['1', '2']);
    expect(intake.inProgress()).toBe(4);
    ends.shift()?.();
    await expect.poll(() => begun).toEqual(['1', '2', '3']);
    expect(receive('6')).toBe('received');
    expect(intake.inProgress()).toBe(4);
  });

  it('drains what it received and takes nothing more', async () => {
    const { intake, receive, ends, begun } = openIntake();
    ['1', '2', '3'].map(receive);
    const drained = intake.drain();
    expect(receive('4')).toBe('stopping');
    for (const place of [0, 1, 2]) {
      await expect.poll(() => ends.length).toBeGreaterThan(place);
      ends[place]?.();
    }
    await drained;
    await intake.drain();
    expect(begun).toEqual(['1', '2', '3']);
    expect(intake.inProgress()).toBe(0);
  });

  it('gives up what does not end in time, and says how many', async () => {
    const { intake, receive, signals, log } = openIntake({ ...limits, drainTimeoutMs: 20 });
    ['1', '2', '3'].map(receive);
    await intake.drain();
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
    expect(log.entries).toMatchObject([{ level: 'error', fields: { orders: 3 } }]);
  });
});
