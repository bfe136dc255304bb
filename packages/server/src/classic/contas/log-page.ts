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

/** Events that one window covers. */
const WINDOW_EVENTS = 20_000;

/** Windows that one page looks into before it gives what it has. */
const WINDOWS_MAX = 10;

/** Blocks of one window that are read at once. */
const BLOCKS_AT_ONCE = 20;

const HEAD = `select seq from head`;

/** Those that begin in a window and tell of the surface: by the index over `first_seq`. */
const BLOCKS = `select at, first_seq, body from block
  where first_seq < $1 and first_seq >= $2 and position($3::bytea in body) > 0
  order by first_seq desc limit $4`;

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
): Promise<LogPage> {
  const end = before ?? (await readHeadSeq(parts.reads)) + 1;
  // Newest first, while they are gathered.
  const lines: string[] = [];
  let high = end;
  for (let windows = 0; windows < WINDOWS_MAX && high > 0; windows += 1) {
    if (lines.length === limit) break;
    const low = Math.max(high - WINDOW_EVENTS, 0);
    high = await readWindow(parts, { low, high, end }, limit, lines);
  }
  return { lines: lines.toReversed(), olderThan: high > 0 ? high : undefined };
}

interface Window {
  /** First events of the blocks that it covers: from `low` on, below `high`. */
  readonly low: number;
  readonly high: number;
  /** Events from here on are none of the page. */
  readonly end: number;
}

/** Adds the lines of one window, newest first; the number below which nothing was looked at. */
async function readWindow(
  parts: LogParts,
  { low, high, end }: Window,
  limit: number,
  lines: string[],
): Promise<number> {
  let below = high;
  for (;;) {
    const found = await parts.reads.rows<BlockRow>(BLOCKS, [
      below,
      low,
      MARK_BYTES,
      BLOCKS_AT_ONCE,
    ]);
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
    if (found.length < BLOCKS_AT_ONCE) return low;
  }
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
function clockAt({ ownBank, otherBanks, heads }: LogParts, seq: number): string {
  const others = otherBanks().map((bank) => `${bank}:${heads.before(bank, seq) ?? '-'}`);
  return `[${[`${ownBank}:${seq}`, ...others].join(' ')}]`;
}

/** Number of the bank's newest event. */
export async function readHeadSeq(reads: Snapshot): Promise<number> {
  const [row] = await reads.rows<{ seq: bigint }>(HEAD);
  if (row === undefined) throw new Error('a bank without head');
  return Number(row.seq);
}
