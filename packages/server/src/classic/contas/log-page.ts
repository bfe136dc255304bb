import { decodeEvent, type Event } from '@lastro/core';
import { toTimestamp } from '../../http/wire.ts';
import type { Snapshot } from '../../store/reads.ts';
import type { KnownHeads } from './known-heads.ts';
import { describeEvent } from './log-line.ts';

export interface LogParts {
  readonly reads: Snapshot;
  readonly ownBank: string;
  /** The other banks of the clock, in its order. */
  readonly otherBanks: () => readonly string[];
  readonly heads: KnownHeads;
}

export interface LogPage {
  /** Oldest first, as in a file. */
  readonly lines: readonly string[];
  /** The lines before these are those of events below this number; undefined: there are none. */
  readonly olderThan: number | undefined;
}

/** How much of the journal one page looks at. */
export interface LogBounds {
  /** Events that one window covers. */
  readonly windowEvents: number;
  /** Windows that a page looks into before it gives what it has. */
  readonly windowsMax: number;
}

const LOG_BOUNDS: LogBounds = { windowEvents: 20_000, windowsMax: 10 };

/** Blocks of one window that are read at once. */
const BLOCKS_AT_ONCE = 20;

const HEAD = `select seq from head`;

/** Those that begin in a window and tell of the surface: by the index over `first_seq`. */
const BLOCKS = `select at, first_seq, body from block
  where first_seq < $1 and first_seq >= $2 and position($3::bytea in body) > 0
  order by first_seq desc limit $4`;

/** The first event of the blocks that begin in a window. */
const FIRST_EVENT = `select min(first_seq) as seq from block where first_seq >= $1 and first_seq < $2`;

/** In every line of the journal that tells of the surface's accounts or of a command of its own. */
const MARK = 'conta';
const MARK_BYTES = Buffer.from(MARK);

interface BlockRow {
  at: number;
  first_seq: bigint;
  body: Buffer;
}

/**
 * At most `limit` lines of the text log, from the journal: what happened to the surface's accounts in
 * the bank's one order, below the event `before`; undefined: the newest.
 */
export async function readLogPage(
  parts: LogParts,
  before: number | undefined,
  limit: number,
  { windowEvents, windowsMax }: LogBounds = LOG_BOUNDS,
): Promise<LogPage> {
  const end = before ?? (await readHeadSeq(parts.reads)) + 1;
  // Newest first, while they are gathered.
  const lines: string[] = [];
  let high = end;
  // All from this event on was looked at; the next page begins below it.
  let seen = end;
  for (let windows = 0; high > 0 && lines.length < limit; windows += 1) {
    // One that covers the middle of a long block sees no block begin, and gets nowhere.
    if (windows >= windowsMax && seen < end) break;
    const low = Math.max(high - windowEvents, 0);
    seen = (await readWindow(parts, { low, high, end }, limit, lines)) ?? seen;
    high = low;
  }
  const isWhole = high === 0 && lines.length < limit;
  return { lines: lines.toReversed(), olderThan: isWhole ? undefined : seen };
}

interface Window {
  /** First events of the blocks that it covers: from `low` on, below `high`. */
  readonly low: number;
  readonly high: number;
  /** Events from here on are none of the page. */
  readonly end: number;
}

/** Adds the lines of one window, newest first; the oldest event that was looked at, if any was. */
async function readWindow(
  { reads, ...parts }: LogParts,
  { low, high, end }: Window,
  limit: number,
  lines: string[],
): Promise<number | undefined> {
  for (let below = high; ;) {
    const found = await reads.rows<BlockRow>(BLOCKS, [below, low, MARK_BYTES, BLOCKS_AT_ONCE]);
    for (const { at, first_seq: first, body } of found) {
      for (const event of markedEvents(body)) {
        const line = event.seq < end ? describeEvent(event) : undefined;
        if (line === undefined) continue;
        const { level, operation } = line;
        lines.push(`${toTimestamp(at)} ${level} ${operation} ${clockAt(parts, event.seq)}`);
        if (lines.length === limit) return event.seq;
      }
      below = Number(first);
    }
    if (found.length < BLOCKS_AT_ONCE) break;
  }
  const [oldest] = await reads.rows<{ seq: bigint | null }>(FIRST_EVENT, [low, high]);
  return typeof oldest?.seq === 'bigint' ? Number(oldest.seq) : undefined;
}

/** Newest first. */
function markedEvents(body: Buffer): Event[] {
  const [, ...lines] = body.toString('utf8').split('\n');
  return lines
    .filter((line) => line.includes(MARK))
    .map(decodeEvent)
    .toReversed();
}

/** One number of an event for each bank: `[alfa:12 beta:7 gama:-]`; `-`: nothing known of it. */
function clockAt({ ownBank, otherBanks, heads }: Omit<LogParts, 'reads'>, seq: number): string {
  const others = otherBanks().map((bank) => `${bank}:${heads.before(bank, seq) ?? '-'}`);
  return `[${[`${ownBank}:${seq}`, ...others].join(' ')}]`;
}

/** Number of the bank's newest event. */
export async function readHeadSeq(reads: Snapshot): Promise<number> {
  const [row] = await reads.rows<{ seq: bigint }>(HEAD);
  if (row === undefined) throw new Error('a bank without head');
  return Number(row.seq);
}
