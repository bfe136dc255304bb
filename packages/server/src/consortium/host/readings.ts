import type { Reading } from '../../http/readings.ts';
import type { HostStatistics } from './host-statistics.ts';

/** Counts by their name in `HostStatistics`: the metric's name, and its help. */
const COUNTERS: { readonly [Count in keyof HostStatistics]: readonly [string, string] } = {
  begun: ['begun', 'Transactions across banks that clients of this bank wanted.'],
  committed: ['committed', 'Of those, carried out.'],
  aborted: ['aborted', 'Of those, given up by the banks.'],
  refused: ['refused', 'Of those, refused by this bank.'],
  requestsSent: ['requests_sent', 'Requests with messages to peers.'],
  requestsFailed: ['requests_failed', 'Of those, without an answer that counts.'],
  requestsReceived: ['requests_received', 'Requests with messages from peers.'],
  requestsRefused: ['requests_refused', 'Of those, refused whole.'],
  messagesSent: ['messages_sent', 'Messages to peers.'],
  messagesReceived: ['messages_received', 'Messages from peers.'],
  messagesDropped: ['messages_dropped', 'Messages that did not arrive; they are said again.'],
  eventsDropped: ['events_dropped', 'Events that there was no room for; they come again.'],
  stepsFailed: ['steps_failed', 'Steps that could not be recorded; they are taken again.'],
  stale: ['stale_steps', 'Steps that another process of the bank was ahead of.'],
  replays: ['replays', 'Messages that were taken before.'],
  forged: ['forged_votes', 'Votes that their bank did not sign.'],
  registerAway: ['register_away', 'Questions that the register did not answer.'],
  alarms: ['alarms', 'What was logged for a person to look at.'],
};

/** What a host counts, for whoever shows it. */
export function readingsOf(
  statistics: HostStatistics,
  gauges: {
    readonly openCount: () => number;
    readonly laneLength: () => number;
    readonly isRegisterOpen: () => boolean;
    readonly isReconciling: () => boolean;
  },
): readonly Reading[] {
  const counters = countsOf(statistics).map((count): Reading => {
    const [name, help] = COUNTERS[count];
    const read = () => statistics[count];
    return { name: `lastro_cross_${name}_total`, help, kind: 'counter', read };
  });
  const gauge = (name: string, help: string, read: () => number): Reading => ({
    name: `lastro_cross_${name}`,
    help,
    kind: 'gauge',
    read,
  });
  return [
    ...counters,
    gauge('open', 'Transactions across banks in hand.', gauges.openCount),
    gauge('messages_waiting', 'Messages that wait for a request to their peer.', gauges.laneLength),
    gauge('register_open', '1 while the register answers and is the one that it was.', () =>
      Number(gauges.isRegisterOpen()),
    ),
    gauge('reconciling', '1 while this bank hears what it forgot, and promises nothing.', () =>
      Number(gauges.isReconciling()),
    ),
  ];
}

function countsOf(statistics: HostStatistics): readonly (keyof HostStatistics)[] {
  return Object.keys(statistics).filter((name) => isCount(name));
}

function isCount(name: string): name is keyof HostStatistics {
  return Object.hasOwn(COUNTERS, name);
}
