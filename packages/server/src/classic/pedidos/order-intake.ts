import { setTimeout as sleep } from 'node:timers/promises';
import { describeError, type Log } from './log.ts';
import type { ReceivedOrder } from './order-choice.ts';

export interface IntakeLimits {
  /** Orders that wait; beyond it: `full`. */
  readonly queueLengthMax: number;
  /** Orders that are settled at once. */
  readonly inFlightMax: number;
  readonly drainTimeoutMs: number;
}

export const INTAKE_LIMITS: IntakeLimits = {
  queueLengthMax: 10_000,
  inFlightMax: 200,
  drainTimeoutMs: 10_000,
};

export type Receipt = 'received' | 'full' | 'stopping';

/** Orders that were answered 202 and have not ended yet: in memory only. */
export interface OrderIntake {
  receive(order: ReceivedOrder): Receipt;
  /** Orders received and not ended. */
  inProgress(): number;
  /** Receives nothing more; resolves when all have ended or the time is over. Idempotent. */
  drain(): Promise<void>;
}

/** `settle` brings one order to its end and never rejects; its signal says that time is over. */
export function createOrderIntake(
  settle: (order: ReceivedOrder, signal: AbortSignal) => Promise<void>,
  limits: IntakeLimits,
  log: Log,
): OrderIntake {
  const waiting: ReceivedOrder[] = [];
  const giveUp = new AbortController();
  const idle = Promise.withResolvers<void>();
  let inFlight = 0;
  let drained: Promise<void> | undefined;

  const inProgress = () => waiting.length + inFlight;

  const run = async (order: ReceivedOrder): Promise<void> => {
    try {
      for (
        let next: ReceivedOrder | undefined = order;
        next !== undefined;
        next = waiting.shift()
      ) {
        await settle(next, giveUp.signal);
      }
    } finally {
      inFlight -= 1;
      if (drained !== undefined && inProgress() === 0) idle.resolve();
    }
  };

  const drain = async (): Promise<void> => {
    if (inProgress() === 0) return;
    const timer = new AbortController();
    const timeout = sleep(limits.drainTimeoutMs, undefined, { signal: timer.signal });
    await Promise.race([idle.promise, timeout.catch(() => undefined)]);
    timer.abort();
    const left = inProgress();
    if (left === 0) return;
    log.error({ orders: left }, 'pedidos: received orders were given up at the stop');
    waiting.length = 0;
    giveUp.abort();
  };

  return {
    inProgress,
    receive(order) {
      if (drained !== undefined) return 'stopping';
      if (inFlight < limits.inFlightMax) {
        inFlight += 1;
        run(order).catch((error: unknown) => {
          log.error({ fault: describeError(error) }, 'pedidos: settling an order failed');
        });
      } else if (waiting.length < limits.queueLengthMax) waiting.push(order);
      else return 'full';
      return 'received';
    },
    drain() {
      drained ??= drain();
      return drained;
    },
  };
}
