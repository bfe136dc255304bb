import { setTimeout as sleep } from 'node:timers/promises';
import { readFeedAddress, requestFeed, type FeedAddress, type FeedBounds } from './feed-request.ts';
import { describeError, type Log } from './log.ts';
import { parseReadings } from './readings.ts';
import { feedNamespace, readingOrderId } from './reading-id.ts';
import { createSeenIds, type SeenIds } from './seen-ids.ts';

export interface FeedOptions {
  /** http or https; user and password in it are sent as such and never logged. */
  readonly url: string;
  /** From the end of one poll to the next; above 0, at most a day. */
  readonly everySeconds: number;
  /** Takes an order under the id of its reading; anything but `received`: to be tried at a later poll. */
  readonly receive: (orderId: string) => 'received' | 'full' | 'stopping';
  readonly log: Log;
  readonly bounds?: FeedBounds;
}

export interface Feed {
  /** Ends the poll under way; nothing is received afterwards. Idempotent. */
  stop(): Promise<void>;
}

const EVERY_SECONDS_MAX = 86_400;
const BOUNDS: FeedBounds = { timeoutMs: 10_000, bytesMax: 5_000_000 };
/** Readings of one answer that are looked at. */
const READINGS_MAX = 10_000;
/** Orders of one poll, so that a feed leaves room in the queue; the rest come with the next polls. */
const ORDERS_PER_POLL_MAX = 1_000;
/** Ids remembered in memory; a forgotten one is known to the ledger, which orders nothing twice. */
const SEEN_MAX = 100_000;

interface Polling {
  readonly address: FeedAddress;
  readonly namespace: string;
  readonly seen: SeenIds;
  readonly options: FeedOptions;
}

/** Polls a feed until it is stopped: each new reading is one order. Throws for a URL or pause that can't be. */
export function startFeed(options: FeedOptions): Feed {
  const { everySeconds } = options;
  if (!(everySeconds > 0 && everySeconds <= EVERY_SECONDS_MAX)) {
    throw new RangeError('A feed is asked every so many seconds: above 0, at most 86400.');
  }
  const address = readFeedAddress(options.url);
  const namespace = feedNamespace(address.url);
  const seen = createSeenIds(SEEN_MAX);
  const stopping = new AbortController();
  const polling = pollUntil(stopping.signal, { address, namespace, seen, options });
  return {
    async stop() {
      stopping.abort();
      await polling;
    },
  };
}

async function pollUntil(signal: AbortSignal, polling: Polling): Promise<void> {
  const { log, everySeconds } = polling.options;
  const feed = polling.address.url.origin;
  let lastFault: string | undefined;
  while (!signal.aborted) {
    const fault = await poll(signal, polling);
    // A feed that is down for days says so once.
    if (fault !== lastFault && !signal.aborted) {
      if (fault === undefined) log.info({ feed }, 'pedidos: the feed is well again');
      else log.warn({ feed, fault }, 'pedidos: the feed could not be read');
    }
    lastFault = fault;
    await sleep(everySeconds * 1_000, undefined, { signal }).catch(() => undefined);
  }
}

/** Asks once and orders what is new; what is wrong with the answer, when something is. */
async function poll(signal: AbortSignal, polling: Polling): Promise<string | undefined> {
  const { address, options } = polling;
  try {
    const text = await requestFeed(address, options.bounds ?? BOUNDS, signal);
    return orderReadings(parseReadings(text), signal, polling);
  } catch (error) {
    return describeFault(error);
  }
}

/** `fetch` hides why behind "fetch failed"; a syntax error would quote the feed's text. */
function describeFault(error: unknown): string {
  if (error instanceof SyntaxError) return 'not JSON, or neither an array nor an object';
  if (!(error instanceof Error) || error.cause === undefined) return describeError(error);
  return `${error.message}: ${describeError(error.cause)}`;
}

function orderReadings(
  readings: readonly unknown[],
  signal: AbortSignal,
  { namespace, seen, options }: Polling,
): string | undefined {
  let orders = 0;
  let unreadable = 0;
  for (const reading of readings.slice(0, READINGS_MAX)) {
    if (orders === ORDERS_PER_POLL_MAX || signal.aborted) break;
    const id = orderIdOf(namespace, reading);
    if (id === undefined) {
      unreadable += 1;
    } else if (!seen.has(id)) {
      if (options.receive(id) !== 'received') break;
      seen.add(id);
      orders += 1;
    }
  }
  if (orders > 0) options.log.info({ orders }, 'pedidos: the feed has new readings');
  if (readings.length > READINGS_MAX) {
    return `more than ${READINGS_MAX} readings in one answer: the first ones are read`;
  }
  return unreadable === 0 ? undefined : `${unreadable} readings are null or nested too deep`;
}

function orderIdOf(namespace: string, reading: unknown): string | undefined {
  if (reading === null) return undefined;
  try {
    return readingOrderId(namespace, reading);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
