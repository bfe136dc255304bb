import { isDeepStrictEqual } from 'node:util';
import { commandOf } from './command-of.ts';
import type { Claims, Recorded } from './claim.ts';
import type { History } from './history.ts';
import { Timeline, type Settlement } from './timeline.ts';
import type { Violation } from './violation.ts';

export interface Replay {
  readonly timeline: Timeline;
  /** What the model said at the place of each event, up to the first where the bank says otherwise. */
  readonly settlements: ReadonlyMap<number, Settlement>;
  readonly violations: readonly Violation[];
}

/** Lets the model decide every command of the journal, in the journal's order. */
export function replay(history: History, claims: Claims): Replay {
  const timeline = new Timeline();
  const settlements = new Map<number, Settlement>();
  const violations: Violation[] = [];
  for (const recorded of claims.recorded) {
    const wrong = settleNext(timeline, settlements, recorded);
    if (wrong === undefined) continue;
    // From here on the model stands somewhere else, and would contradict everything.
    violations.push({ rule: 'other than the model', text: wrong });
    break;
  }
  const opened = history.events[0];
  if (opened?.type !== 'bank.opened') {
    violations.push({ rule: 'journal', text: 'the first event does not open the bank' });
  }
  return { timeline, settlements, violations };
}

function settleNext(
  timeline: Timeline,
  settlements: Map<number, Settlement>,
  { event, mark, asks }: Recorded,
): string | undefined {
  const [ask] = asks;
  if (ask === undefined) throw new Error('a command that nobody asked for was claimed');
  const { seq, type, data } = event;
  const command = commandOf(ask.request, event);
  const settlement = timeline.settle({ ...mark, command }, event);
  if (settlement === undefined) return `event ${seq} settles ${mark.id} again, says the model`;
  const { fact } = settlement;
  if (fact.type !== type || !isDeepStrictEqual(fact.data, data)) {
    return (
      `event ${seq} is ${type} ${JSON.stringify(data)}; after the events before it the model makes ` +
      `${fact.type} ${JSON.stringify(fact.data)} of ${ask.identity}`
    );
  }
  settlements.set(seq, settlement);
  return undefined;
}
