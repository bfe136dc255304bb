import type { Engine } from '../../engine/engine.ts';
import { EngineError } from '../../engine/engine-error.ts';
import type { Outcome } from '../../engine/ticket.ts';
import { describeError, type Log } from './log.ts';
import type { OrderChoice, ReceivedOrder } from './order-choice.ts';
import { orderEnvelope } from './order-envelope.ts';
import { persist } from './persist.ts';

export interface SettlingParts {
  readonly engine: Pick<Engine, 'submit'>;
  /** Draws customer and product; rejects while the database is away. */
  readonly draw: () => Promise<OrderChoice>;
  readonly merchant: string;
  readonly log: Log;
  readonly random: () => number;
}

/**
 * Brings a received order to its end, completed or refused, through whatever passes by itself: a
 * full engine, a database that is away, an outcome nobody knows. Never rejects.
 */
export async function settleOrder(
  parts: SettlingParts,
  order: ReceivedOrder,
  signal: AbortSignal,
): Promise<void> {
  const { engine, draw, merchant, log, random } = parts;
  try {
    const choice =
      order.choice ?? (await persist(draw, { isTransient: () => true, signal, random }));
    const envelope = orderEnvelope(order.id, choice, merchant);
    const submit = () => engine.submit(envelope);
    const outcome = await persist(submit, { isTransient: isWorthRepeating, signal, random });
    report(outcome, order, log);
  } catch (error) {
    log.error({ order: order.id, fault: describeError(error) }, 'pedidos: an order was given up');
  }
}

/** Each of these resolves under the same id; the others say that this process will write no more. */
function isWorthRepeating(error: unknown): boolean {
  if (!(error instanceof EngineError)) return false;
  switch (error.code) {
    case 'overloaded':
    case 'deadline_exceeded':
    case 'database_unavailable':
    case 'clock_off':
    case 'outcome_unknown':
    case 'internal_error':
      return true;
    case 'history_rewound':
    case 'shutting_down':
      return false;
  }
}

function report(outcome: Outcome, { id }: ReceivedOrder, log: Log): void {
  if (outcome.kind === 'reused') {
    log.info({ order: id }, 'pedidos: ordered before, so not again');
    return;
  }
  if (outcome.kind === 'postponed') throw new Error('only what concerns other banks is postponed');
  const { type } = outcome.fact;
  if (type === 'order.completed' || type === 'order.refused') return;
  log.error({ order: id, fact: type }, 'pedidos: an order ended without a record of its own');
}
