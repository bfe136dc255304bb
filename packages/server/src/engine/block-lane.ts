import { randomUUID } from 'node:crypto';
import type { Hold, Rules } from '@lastro/core';
import { crashPoint } from '../store/crash-point.ts';
import { describeFault } from '../store/database-error.ts';
import type { Head } from '../store/row-types.ts';
import type { WriteResult } from '../store/block-train.ts';
import type { Writer } from '../store/writer.ts';
import {
  draftBlock,
  draftFailure,
  NOTHING_DUE,
  type BlockDraft,
  type DueNow,
} from './block-draft.ts';
import { DraftAhead, makeBlock, type MadeBlock } from './draft-ahead.ts';
import { NOBODY_WAITS, type Attempt, type AttemptMode, type Waiting } from './attempt.ts';
import { failedAttempt, poisonIn } from './failed-attempt.ts';
import { absorb } from './absorb.ts';
import { DUE_HOLDS_MAX, isOfChores, loadDueHolds } from './housekeeping.ts';
import type { EngineLimits } from './limits.ts';
import { LaneConnection } from './lane-connection.ts';
import { loadFootprint, loadKnownIds } from './load-footprint.ts';
import { keepBehindHead, lockHead } from './lock-head.ts';
import { noLoadedFacts } from './loaded-facts.ts';
import { RowsAhead, type ReadAccounts } from './rows-ahead.ts';
import { orPoison } from './poison.ts';
import { createRowCache, type RowCache } from './row-cache.ts';
import type { Ticket } from './ticket.ts';
import { NO_KNOWN_IDS, WorkingLedger } from './working-ledger.ts';

/** For so many blocks after a lost race head is locked first, so that a cold process gets its turn. */
const LOCKED_ROUNDS = 8;

/** A block that was decided ahead and could not be sent for so long is decided anew. */
const AHEAD_MAX_MS = 1_000;

/** How long expiries and passed leases wait after a block that the database refused. */
const CHORES_PAUSE_MS = 2_000;

export interface BlockLaneParts {
  /** Connects the writer; rejects when the database is away. */
  readonly connect: () => Promise<Writer>;
  readonly readAccounts: ReadAccounts;
  readonly rules: Rules;
  readonly limits: EngineLimits;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly onAlarm: (message: string) => void;
}

type FailedWrite = Extract<WriteResult, { readonly kind: 'failed' }>;

/** The way to the database of one engine: one connection, one cache, one block at a time. */
export class BlockLane {
  readonly #parts: BlockLaneParts;
  readonly #cache: RowCache;
  readonly #ahead: DraftAhead;
  readonly #rowsAhead: RowsAhead;
  readonly #connection: LaneConnection;
  /** The newest head that this process saw committed. */
  #last: Head | undefined;
  /** Blocks whose COMMIT was never answered, all for the same place in the order. */
  #suspects: readonly BlockDraft[] = [];
  #lockedRounds = 0;
  /** Whether this connection has shown that the history we know is still the database's. */
  #isHistoryChecked = false;
  /** Accounts whose waiters asked to be looked after. */
  readonly #leasesToPass = new Set<string>();
  #isSweepDue = false;
  /** Until when nothing is done unasked, for it could not be written; `performance.now()`. */
  #choresPausedUntil = Number.NEGATIVE_INFINITY;

  constructor(parts: BlockLaneParts) {
    this.#parts = parts;
    this.#cache = createRowCache(parts.limits.cacheGenerationSize);
    this.#ahead = new DraftAhead(parts.rules);
    this.#rowsAhead = new RowsAhead(this.#cache, parts.readAccounts);
    this.#connection = new LaneConnection(parts, () => {
      // Between two connections the database may have gone back, to any head.
      this.#forgetRows();
      this.#isHistoryChecked = false;
    });
  }

  /** The newest head that this process saw committed. */
  get head(): Head | undefined {
    return this.#last;
  }

  /** When the next hold expires, as far as this process knows; milliseconds since 1970. */
  get nextExpiry(): number | null | undefined {
    return this.#cache.nextExpiry;
  }

  /** It waits for a block, which may be the next one. */
  announce(ticket: Ticket): void {
    this.#rowsAhead.note(ticket);
  }

  /** The next block also looks whether the lease of this account ran out and somebody waits for it. */
  passLease(account: string): void {
    this.#leasesToPass.add(account);
  }

  /** Releases due holds and passes leases on where no command waits. Never rejects. */
  sweep(): Promise<Attempt> {
    this.#isSweepDue = true;
    return this.attempt([], 'trusting');
  }

  /**
   * Tries to put the tickets into the next block, behind what is due by then. While very many holds
   * are due the block has room for them alone. Never rejects.
   */
  async attempt(
    tickets: readonly Ticket[],
    mode: AttemptMode,
    waiting: Waiting = NOBODY_WAITS,
  ): Promise<Attempt> {
    let writer: Writer | undefined;
    try {
      writer = await this.#connection.open();
      if (await this.#connection.isClockOff(writer)) return { kind: 'clock_off' };
      const lockFirst =
        mode !== 'trusting' ||
        this.#cache.head === undefined ||
        this.#lockedRounds > 0 ||
        this.#suspects.length > 0;
      if (lockFirst) {
        const answer = await this.#lockHead(writer, mode === 'recording' ? [] : tickets);
        if (answer !== undefined) {
          await this.#connection.rollBack(writer);
          return answer;
        }
      }
      // While it waited for the lock more has come, which would wait for the next one as long again.
      const isOpen = lockFirst && mode === 'trusting' && this.#suspects.length === 0;
      // Who was given back meanwhile may have sent the same again, which joins in its place.
      const left = tickets.filter((ticket) => !ticket.isAnswered);
      const all = isOpen ? [...left, ...waiting.takeMore()] : tickets;
      return await this.#writeNext(writer, all, mode, lockFirst, waiting);
    } catch (error) {
      return this.#giveUp(writer, error);
    }
  }

  /** Whether the database answers and head can be read; for waiting until it is back. */
  async probe(): Promise<boolean> {
    try {
      const writer = await this.#connection.open();
      this.#last ??= await writer.readHead();
      await writer.readHead();
      return true;
    } catch {
      await this.#connection.drop();
      return false;
    }
  }

  /** Drops every cached row, so that the next block loads what it needs behind a locked head. */
  forget(): void {
    this.#forgetRows();
  }

  /** For good: a connection that is being made is closed as soon as it stands. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  /** Locks head and compares it with what is known; an attempt's answer when that ends it. */
  async #lockHead(writer: Writer, tickets: readonly Ticket[]): Promise<Attempt | undefined> {
    const behind = await lockHead(writer, tickets, this.#last?.bank);
    const { head } = behind;
    if (await this.#isRewound(writer, head)) {
      this.#parts.onAlarm(
        `the database is at block ${head.block} without the block ${this.#last?.block} that this process ` +
          'saw committed: it went back (a failover that lost its tail, or a restore). Writing stops. ' +
          'Stop every server process of this bank, and start one again only when you know which ' +
          'history shall go on: docs/operating/backup.md says how.',
      );
      return { kind: 'history_rewound' };
    }
    const isUnchanged = this.#cache.head?.hash === head.hash;
    this.#lockedRounds = isUnchanged ? Math.max(0, this.#lockedRounds - 1) : LOCKED_ROUNDS;
    if (!isUnchanged) keepBehindHead(this.#cache, behind);
    this.#last = head;
    if (this.#suspects.length > 0) crashPoint('recovery-head-locked');
    return this.#resolveSuspects(writer, head);
  }

  /** A history goes back only with its connections, and others may have gone on from there since. */
  async #isRewound(writer: Writer, head: Head): Promise<boolean> {
    const last = this.#last;
    if (last === undefined) return false;
    if (head.block <= last.block) return head.block < last.block || head.hash !== last.hash;
    if (this.#isHistoryChecked) return false;
    if ((await writer.readBlockHash(last.block)) !== last.hash) return true;
    this.#isHistoryChecked = true;
    return false;
  }

  /**
   * A block of unknown fate is known once some block stands in its place. While none does, the old
   * backend may still write it, so the commands go into that same place again: one of the two fails.
   */
  async #resolveSuspects(writer: Writer, head: Head): Promise<Attempt | undefined> {
    const [suspect] = this.#suspects;
    if (suspect === undefined || head.block < suspect.block) return undefined;
    const standing = await writer.readBlockId(suspect.block);
    const draft = this.#suspects.find(({ id }) => id === standing);
    this.#suspects = [];
    if (draft !== undefined) crashPoint('recovery-block-found');
    return draft === undefined ? undefined : { kind: 'resolved', draft };
  }

  async #writeNext(
    writer: Writer,
    tickets: readonly Ticket[],
    mode: AttemptMode,
    begun: boolean,
    waiting: Waiting,
  ): Promise<Attempt> {
    const head = this.#cache.head;
    if (head === undefined) throw new Error('head was not read');
    let made = this.#takeAhead(tickets, mode, head, begun);
    let due = NOTHING_DUE;
    if (made === undefined) {
      const decided = await this.#decide(writer, tickets, mode, head, begun);
      ({ due } = decided);
      const { draft } = decided;
      if (draft.events.length === 0) {
        if (begun) await this.#connection.rollBack(writer);
        for (const account of due.leases) this.#leasesToPass.delete(account);
        return { kind: 'settled', draft };
      }
      made = makeBlock(draft, head);
    }
    const { draft, rows, statements } = made;
    const { block, lastSeq: seq, hash, at, accounts } = rows;
    const after: Head = { block, seq, hash, at, accounts, bank: head.bank };
    crashPoint(this.#suspects.length > 0 ? 'recovery-before-rewrite' : 'before-block');
    let isAbsorbed = false;
    const writing = writer.write(statements, begun, () => {
      if (mode === 'trusting' && !begun) isAbsorbed = this.#decideAhead(waiting, after, draft);
    });
    // Behind a locked head another process may have its turn next, and every row is old by then.
    if (!begun) this.#rowsAhead.begin();
    const written = await writing;
    this.#rowsAhead.end();
    if (written.kind === 'failed') return this.#fail(draft, mode, written);
    crashPoint('block-committed');
    this.#suspects = [];
    this.#last = after;
    if (!isAbsorbed) this.#absorb(after, draft);
    for (const account of due.leases) this.#leasesToPass.delete(account);
    return { kind: 'settled', draft };
  }

  /** What was decided while the block before was on its way, if it is still what comes next. */
  #takeAhead(
    tickets: readonly Ticket[],
    mode: AttemptMode,
    head: Head,
    begun: boolean,
  ): MadeBlock | undefined {
    const made = this.#ahead.take(tickets, head);
    if (made === undefined || mode !== 'trusting' || begun) return undefined;
    if (this.#isSweepDue || this.#leasesToPass.size > 0) return undefined;
    // Its time is that at which it was decided.
    return this.#parts.clock() - made.draft.at > AHEAD_MAX_MS ? undefined : made;
  }

  /**
   * While a block is on its way: whether the cache holds what it changes. Then it runs ahead of the
   * database, and a block that fails takes it away, whatever the fault. Never throws.
   */
  #decideAhead({ peekNext }: Waiting, after: Head, draft: BlockDraft): boolean {
    try {
      const tickets = peekNext();
      if (tickets === undefined) return false;
      this.#absorb(after, draft);
      const at = Math.max(after.at, this.#parts.clock());
      this.#ahead.make(tickets, after, this.#cache, at);
      return true;
    } catch {
      // What became of the block is still to be heard.
      this.#forgetRows();
      return false;
    }
  }

  #forgetRows(): void {
    this.#cache.clear();
    this.#ahead.forget();
  }

  #absorb(after: Head, { ledger }: BlockDraft): void {
    this.#cache.head = after;
    absorb(this.#cache, ledger);
  }

  /** Loads what is needed and decides; nothing is written. */
  async #decide(
    writer: Writer,
    tickets: readonly Ticket[],
    mode: AttemptMode,
    head: Head,
    begun: boolean,
  ): Promise<{ readonly draft: BlockDraft; readonly due: DueNow }> {
    const at = Math.max(head.at, this.#parts.clock());
    const { due, holds } = await this.#loadDue(writer, mode, at);
    const decided = holds.length < DUE_HOLDS_MAX ? tickets : [];
    const accounts = holds.flatMap(({ legs }) => legs.flatMap(({ from, to }) => [from, to]));
    const chores = { leases: due.leases, accounts };
    const terms = { bank: head.bank, trusting: mode === 'trusting' };
    const facts =
      mode === 'recording'
        ? noLoadedFacts()
        : await loadFootprint(decided, chores, terms, this.#cache, writer);
    for (const hold of holds) facts.holds.set(hold.id, hold);
    if (begun) crashPoint('loaded-behind-head');
    const known =
      mode === 'trusting'
        ? NO_KNOWN_IDS
        : await loadKnownIds(decided, mode, head.bank, this.#cache, facts, writer);
    const ledger = new WorkingLedger(this.#cache, facts, known, head);
    const draft = orPoison(() => this.#draft(decided, due, mode, ledger, head, at));
    return { draft, due };
  }

  async #loadDue(
    writer: Writer,
    mode: AttemptMode,
    at: number,
  ): Promise<{ readonly due: DueNow; readonly holds: readonly Hold[] }> {
    if (mode === 'recording' || performance.now() < this.#choresPausedUntil) {
      return { due: NOTHING_DUE, holds: [] };
    }
    const holds = await loadDueHolds(at, this.#isSweepDue, this.#cache, writer);
    this.#isSweepDue = false;
    const due = { holds: holds.map(({ id }) => id), leases: [...this.#leasesToPass] };
    return { due, holds };
  }

  #draft(
    tickets: readonly Ticket[],
    due: DueNow,
    mode: AttemptMode,
    ledger: WorkingLedger,
    head: Head,
    at: number,
  ): BlockDraft {
    const [only] = tickets;
    return mode === 'recording' && only?.kind === 'command'
      ? draftFailure(only, ledger, head, at, randomUUID())
      : draftBlock(due, tickets, ledger, head, at, randomUUID(), this.#parts.rules);
  }

  async #fail(
    draft: BlockDraft,
    mode: AttemptMode,
    { fault, error }: FailedWrite,
  ): Promise<Attempt> {
    if (fault === 'lost_race') this.#lockedRounds = LOCKED_ROUNDS;
    if (fault === 'poison') this.#pauseChores();
    this.#forgetRows();
    if (fault === 'unknown') this.#suspects = [...this.#suspects, draft];
    // What a session suffers from (read-only, a lost plan, a server that became a standby) ends with it.
    if (fault === 'unknown' || fault === 'unavailable') await this.#connection.drop();
    if (fault === 'duplicate' && isOfChores(draft, mode)) {
      this.#parts.onAlarm(`what is due can't be recorded: ${describeFault(error)}`);
      this.#pauseChores();
      return { kind: 'chores_refused' };
    }
    return fault === 'unknown' ? { kind: 'unknown', error } : failedAttempt(fault, error);
  }

  /** Something failed before the block was sent: nothing was written. */
  async #giveUp(writer: Writer | undefined, error: unknown): Promise<Attempt> {
    this.#forgetRows();
    const poison = writer === undefined ? undefined : poisonIn(error);
    if (writer !== undefined && poison !== undefined) {
      this.#pauseChores();
      await this.#connection.rollBack(writer);
      return poison;
    }
    await this.#connection.drop();
    return { kind: 'unavailable', error };
  }

  /**
   * What the bank does unasked may be what can't be written: no command is to suffer for it. A hold
   * that stays past its expiry can only be released, too.
   */
  #pauseChores(): void {
    this.#choresPausedUntil = performance.now() + CHORES_PAUSE_MS;
  }
}
