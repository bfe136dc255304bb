import { Counter, Gauge, type Registry } from 'prom-client';
import type { BankHost, HostStatistics } from './host/index.ts';
import type { StoredPeers } from './peers/stored-peers.ts';

/** Plain counts of the host: the metric's name, its help, and where the count stands. */
const COUNTERS: readonly (readonly [string, string, keyof HostStatistics])[] = [
  ['lastro_cross_bank_begun_total', 'Transactions across banks begun here.', 'begun'],
  ['lastro_cross_bank_committed_total', 'Of all in hand: committed here.', 'committed'],
  ['lastro_cross_bank_aborted_total', 'Of all in hand: aborted here.', 'aborted'],
  ['lastro_cross_bank_refused_total', 'Asked for here and not begun.', 'refused'],
  ['lastro_peer_requests_sent_total', 'Requests to peers, probes apart.', 'requestsSent'],
  ['lastro_peer_requests_failed_total', 'Of those, without a proven answer.', 'requestsFailed'],
  ['lastro_peer_requests_received_total', 'Requests of peers, probes apart.', 'requestsReceived'],
  ['lastro_peer_requests_refused_total', 'Of those, not obeyed.', 'requestsRefused'],
  ['lastro_peer_messages_sent_total', 'Messages in both requests and answers.', 'messagesSent'],
  ['lastro_peer_messages_received_total', 'Messages heard from peers.', 'messagesReceived'],
  ['lastro_peer_messages_dropped_total', 'Messages to be sent again later.', 'messagesDropped'],
  ['lastro_peer_forged_votes_total', 'Votes whose signature does not fit.', 'forged'],
  ['lastro_register_away_total', 'Questions that the register did not answer.', 'registerAway'],
  ['lastro_consortium_alarms_total', 'What was logged for a person to look at.', 'alarms'],
];

/** Registers what a bank has in hand with others; it is read when somebody scrapes. */
export function registerConsortiumMetrics(
  registry: Registry,
  host: BankHost,
  peers: StoredPeers,
): void {
  const registers = [registry];
  for (const [name, help, count] of COUNTERS) {
    const counter = new Counter({
      name,
      help,
      registers,
      collect: () => {
        counter.reset();
        counter.inc(host.statistics[count]);
      },
    });
  }
  const open: Gauge = new Gauge({
    name: 'lastro_cross_bank_open',
    help: 'Transactions across banks in hand.',
    registers,
    collect: () => {
      open.set(host.openCount);
    },
  });
  const byBank = { labelNames: ['bank'] as const, registers };
  const online = new Gauge({
    name: 'lastro_peer_online',
    help: '1: the peer answers. 0: it is offline, or was not asked yet.',
    ...byBank,
    collect: () => {
      online.reset();
      for (const { bank, state } of peers.all()) online.set({ bank }, state === 'online' ? 1 : 0);
    },
  });
  const inFlight = new Gauge({
    name: 'lastro_peer_in_flight',
    help: 'Transactions begun here that are under way with the peer.',
    ...byBank,
    collect: () => {
      inFlight.reset();
      for (const peer of peers.all()) inFlight.set({ bank: peer.bank }, peer.inFlight.count);
    },
  });
}
