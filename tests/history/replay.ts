import { isDeepStrictEqual } from 'node:util';
import type { EventAnswer } from '@lastro/contract';
import { commandOf } from './command-of.ts';
import type { Claims } from './claim.ts';
import type { History } from './history.ts';
import type { Recorded } from './recorded.ts';
import { Timeline, type Settlement } from './timeline.ts';
import type { Violation } from './violation.ts';

export interface Replay {
  readonly timeline: Timeline;
  /** What the model said at the place of each event, up to the first where the bank says otherwise. */
  readonly settlements: ReadonlyMap<number, Settlement>;
  /** Whether the model and the bank agree to the end. */
  readonly isWhole: boolean;
  readonly violations: readonly Violation[];
}

/** Lets the model decide every command of the journal, in the journal’s order, and what the bank did by itself. */
export function replay(history: History, claims: Claims): Replay {
  const timeline = new Timeline();
  const settlements = new Map<number, Settlement>();
  const violations: Violation[] = [];
  let isWhole = true;
  const recordedAt = new Map(claims.recorded.map((one) => [one.event.seq, one]));
  for (const { seq, command } of history.blocks.flatMap(({ events }) => events)) {
    const recorded = recordedAt.get(seq);
    const event = history.events[seq];
    let settlement: Settlement | string | undefined;
    if (recorded !== undefined) settlement = settle(timeline, recorded);
    else if (command === null && event !== undefined) settlement = happen(timeline, event);
    if (typeof settlement === 'string') {
      // From here on the model stands somewhere else, and would contradict everything.
      violations.push({ rule: 'other than the model', text: settlement });
      isWhole = false;
      break;
    }
    if (settlement !== undefined) settlements.set(seq, settlement);
  }
  if (history.events[0]?.type !== 'bank.opened') {
    violations.push({ rule: 'journal', text: 'the first event does not open the bank' });
  }
  return { timeline, settlements, isWhole, violations };
}

/** What the model makes of the command; or how the bank's event differs from it. */
function settle(timeline: Timeline, recorded: Recorded): Settlement | string {
  const { event, mark, asks, withdrawn } = recorded;
  const [ask] = asks;
  if (ask === undefined) throw new Error('a command that nobody asked for was claimed');
  const { seq, type, data } = event;
  const { command, leaseTokens } =
    withdrawn === null
      ? { command: commandOf(ask.request, event), leaseTokens: ask.invocation.tokens }
      : { command: withdrawn.command, leaseTokens: [] };
  const settlement = timeline.settle({ ...mark, command, leaseTokens }, event);
  if (settlement === undefined) return `event ${seq} settles ${mark.id} again, says the model`;
  const { fact } = settlement;
  if (fact.type === type && isDeepStrictEqual(fact.data, data)) return settlement;
  return (
    `event ${seq} is ${type} ${JSON.stringify(data)}; after the events before it the model makes ` +
    `${fact.type} ${JSON.stringify(fact.data)} of ${wordsOf(recorded)}`
  );
}

/** Lets the model do what the bank did by itself; says where it would not have. */
function happen(timeline: Timeline, event: EventAnswer): string | undefined {
  const { seq, type, data } = event;
  if (type === 'bank.opened') return undefined;
  const fact = timeline.happen(event);
  if (fact?.type === type && isDeepStrictEqual(fact.data, data)) return undefined;
  const wanted = fact === undefined ? 'nothing is due' : `it is ${JSON.stringify(fact.data)}`;
  return `event ${seq}, the bank’s own, is ${type} ${JSON.stringify(data)}; says the model, ${wanted}`;
}

function wordsOf({ mark, asks }: Recorded): string {
  return `${asks[0]?.identity} by ${mark.principal}`;
}
