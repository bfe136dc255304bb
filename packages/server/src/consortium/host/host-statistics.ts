/** What a bank did with the others since it started. */
export interface HostStatistics {
  begun: number;
  committed: number;
  aborted: number;
  refused: number;
  /** Requests to peers and from them, and the messages in both directions. */
  requestsSent: number;
  requestsFailed: number;
  requestsReceived: number;
  requestsRefused: number;
  messagesSent: number;
  messagesReceived: number;
  /** Not sent, for the lane was full or its peer away; the protocol sends again. */
  messagesDropped: number;
  eventsDropped: number;
  stepsFailed: number;
  /** Steps that another process of the bank was ahead of. */
  stale: number;
  replays: number;
  /** Votes whose signature does not fit. */
  forged: number;
  registerAway: number;
  alarms: number;
}

export function createHostStatistics(): HostStatistics {
  return {
    begun: 0,
    committed: 0,
    aborted: 0,
    refused: 0,
    requestsSent: 0,
    requestsFailed: 0,
    requestsReceived: 0,
    requestsRefused: 0,
    messagesSent: 0,
    messagesReceived: 0,
    messagesDropped: 0,
    eventsDropped: 0,
    stepsFailed: 0,
    stale: 0,
    replays: 0,
    forged: 0,
    registerAway: 0,
    alarms: 0,
  };
}
