import { randomUUID } from 'node:crypto';
import type { Rules } from '@lastro/core';
import { describeFault, faultOf, type DatabaseFault } from '../store/database-error.ts';
import type { Head } from '../store/row-types.ts';
import type { Writer } from '../store/writer.ts';
import { blockRows, draftBlock, draftFailure, type BlockDraft } from './block-draft.ts';
import type { EngineLimits } from './limits.ts';
import { loadFootprint, loadKnownIds } from './load-footprint.ts';
import { createRowCache, type RowCache } from './row-cache.ts';
import type { Ticket } from './ticket.ts';
import { NO_KNOWN_IDS, type KnownIds, WorkingLedger } from './working-ledger.ts';

/**
 * What came of one try to put commands into the next block.
 * `resolved`: an earlier block of unknown fate turned out to stand.
 * Every other kind but `settled` and `unknown` has had no effect.
 */
export type Attempt =
  | { readonly kind: 'settled'; readonly draft: BlockDraft }
  | { readonly kind: 'resolved'; readonly draft: BlockDraft }
  | { readonly kind: 'unknown'; readonly error: unknown }
  | { readonly kind: 'lost_race' | 'duplicate' | 'clock_off' | 'history_rewound' }
  | { readonly kind: 'poison'; readonly error: unknown }
  | { readonly kind: 'unavailable'; readonly error: unknown };

/**
 * `trusting`: rows from the cache, ids taken for new; the database's constraints are the judge.
 * `careful`: head locked first, every row and id looked up.
 * `recording`: careful, and the one ticket is recorded as failed instead of being decided.
 */
export type AttemptMode = 'trusting' | 'careful' | 'recording';

/** For so many blocks after a lost race head is locked first, so that a cold process gets its turn. */
const LOCKED_ROUNDS = 8;

const CLOCK_CHECK_EVERY_MS = 5_000;

export interface BlockLaneParts {
  /** Connects the writer; rejects when the database is away. */
  readonly connect: () => Promise<Writer>;
  readonly rules: Rules;
  readonly limits: EngineLimits;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly onAlarm: (message: string) => void;
}

/** The way to the database of one engine: one connection, one cache, one block at a time. */
export class BlockLane {
  readonly #parts: BlockLaneParts;
  readonly #cache: RowCache;
  #writer: Writer | undefined;
  /** The newest head that this process saw committed. */
  #last: Head | undefined;
  /** Blocks whose COMMIT was never answered, all for the same place in the order. */
  #suspects: readonly BlockDraft[] = [];
  #lockedRounds = 0;
  #clockCheckedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: BlockLaneParts) {
    this.#parts = parts;
    this.#cache = createRowCache(parts.limits.cacheGenerationSize);
  }

  /** The newest head that this process saw committed. */
  get head(): Head | undefined {
    return this.#last;
  }

  /** Tries to put the tickets into the next block. Never rejects. */
  async attempt(tickets: readonly Ticket[], mode: AttemptMode): Promise<Attempt> {
    let begun = false;
    let writer: Writer | undefined;
    try {
      writer = await this.#openWriter();
      if (await this.#isClockOff(writer)) return { kind: 'clock_off' };
      const lockFirst =
        mode !== 'trusting' ||
        this.#cache.head === undefined ||
        this.#lockedRounds > 0 ||
        this.#suspects.length > 0;
      if (lockFirst) {
        begun = true;
        const answer = await this.#lockHead(writer);
        if (answer !== undefined) {
          await writer.rollback();
          return answer;
        }
      }
      return await this.#writeNext(writer, tickets, mode, begun);
    } catch (error) {
      return this.#giveUp(writer, begun, error);
    }
  }

  /** Whether the database answers and head can be read; for waiting until it is back. */
  async probe(): Promise<boolean> {
    try {
      const writer = await this.#openWriter();
      this.#last ??= await writer.readHead();
      await writer.readHead();
      return true;
    } catch {
      await this.#closeWriter();
      return false;
    }
  }

  /** Drops every cached row, so that the next block loads what it needs behind a locked head. */
  forget(): void {
    this.#cache.clear();
  }

  async close(): Promise<void> {
    await this.#closeWriter();
  }

  /** Locks head and compares it with what is known; an attempt's answer when that ends it. */
  async #lockHead(writer: Writer): Promise<Attempt | undefined> {
    const [, head] = await Promise.all([writer.begin(), writer.lockHead()]);
    if (this.#isRewound(head)) {
      this.#parts.onAlarm(
        `the database is at block ${head.block}, but this process saw block ${this.#last?.block} ` +
          'committed: it went back (a failover that lost its tail, or a restore). Writing stops.',
      );
      return { kind: 'history_rewound' };
    }
    const isUnchanged = this.#cache.head?.hash === head.hash;
    this.#lockedRounds = isUnchanged ? Math.max(0, this.#lockedRounds - 1) : LOCKED_ROUNDS;
    if (!isUnchanged) this.#cache.clear();
    this.#cache.head = head;
    this.#last = head;
    return this.#resolveSuspects(writer, head);
  }

  #isRewound(head: Head): boolean {
    const last = this.#last;
    if (last === undefined) return false;
    return head.block < last.block || (head.block === last.block && head.hash !== last.hash);
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
    return draft === undefined ? undefined : { kind: 'resolved', draft };
  }

  async #writeNext(
    writer: Writer,
    tickets: readonly Ticket[],
    mode: AttemptMode,
    begun: boolean,
  ): Promise<Attempt> {
    const head = this.#cache.head;
    if (head === undefined) throw new Error('head was not read');
    await loadFootprint(tickets, this.#cache, writer);
    const known = mode === 'trusting' ? NO_KNOWN_IDS : await loadKnownIds(tickets, writer);
    const draft = this.#draft(tickets, mode, known, head);
    if (draft.kind === 'poison') {
      if (begun) await writer.rollback();
      return draft;
    }
    if (draft.draft.events.length === 0) {
      if (begun) await writer.rollback();
      return { kind: 'settled', draft: draft.draft };
    }
    return this.#commit(writer, draft.draft, head, begun);
  }

  #draft(
    tickets: readonly Ticket[],
    mode: AttemptMode,
    known: KnownIds,
    head: Head,
  ): { kind: 'drafted'; draft: BlockDraft } | { kind: 'poison'; error: unknown } {
    const { clock, rules } = this.#parts;
    const ledger = new WorkingLedger(this.#cache, known, head.accounts);
    const at = Math.max(head.at, clock());
    try {
      const [only] = tickets;
      const draft =
        mode === 'recording' && only !== undefined
          ? draftFailure(only, ledger, head, at, randomUUID())
          : draftBlock(tickets, ledger, head, at, randomUUID(), rules);
      return { kind: 'drafted', draft };
    } catch (error) {
      return { kind: 'poison', error };
    }
  }

  async #commit(writer: Writer, draft: BlockDraft, head: Head, begun: boolean): Promise<Attempt> {
    const rows = blockRows(draft, head);
    const written = await writer.write(rows, begun);
    if (written.kind === 'committed') {
      const { block, lastSeq: seq, hash, at, accounts } = rows;
      this.#suspects = [];
      this.#last = { block, seq, hash, at, accounts, bank: head.bank };
      this.#cache.head = this.#last;
      absorb(this.#cache, draft.ledger);
      return { kind: 'settled', draft };
    }
    const { fault, error } = written;
    if (fault === 'lost_race') this.#lockedRounds = LOCKED_ROUNDS;
    this.#cache.clear();
    if (fault !== 'unknown') return failedAttempt(fault, error);
    this.#suspects = [...this.#suspects, draft];
    await this.#closeWriter();
    return { kind: 'unknown', error };
  }

  /** Something failed before the block was sent: nothing was written. */
  async #giveUp(writer: Writer | undefined, begun: boolean, error: unknown): Promise<Attempt> {
    this.#cache.clear();
    if (writer !== undefined && begun && writer.isOpen && faultOf(error) !== 'unknown') {
      try {
        await writer.rollback();
      } catch {
        await this.#closeWriter();
      }
    } else {
      await this.#closeWriter();
    }
    return { kind: 'unavailable', error };
  }

  async #openWriter(): Promise<Writer> {
    if (this.#writer?.isOpen === true) return this.#writer;
    await this.#closeWriter();
    this.#writer = await this.#parts.connect();
    this.#clockCheckedAt = Number.NEGATIVE_INFINITY;
    return this.#writer;
  }

  async #closeWriter(): Promise<void> {
    const writer = this.#writer;
    this.#writer = undefined;
    if (writer === undefined) return;
    try {
      await writer.close();
    } catch (error) {
      this.#parts.onAlarm(`closing the writer failed: ${describeFault(error)}`);
    }
  }

  async #isClockOff(writer: Writer): Promise<boolean> {
    const now = performance.now();
    if (now - this.#clockCheckedAt < CLOCK_CHECK_EVERY_MS) return false;
    const skewMs = await writer.clockSkewMs();
    if (Math.abs(skewMs) > this.#parts.limits.clockSkewMaxMs) {
      this.#parts.onAlarm(`the database's clock is ${skewMs} ms ahead of this process's`);
      return true;
    }
    this.#clockCheckedAt = now;
    return false;
  }
}

function failedAttempt(fault: Exclude<DatabaseFault, 'unknown'>, error: unknown): Attempt {
  switch (fault) {
    case 'lost_race':
    case 'duplicate':
      return { kind: fault };
    case 'poison':
    case 'unavailable':
      return { kind: fault, error };
  }
}

/** What a committed block changed is what the rows are now. */
function absorb(cache: RowCache, ledger: WorkingLedger): void {
  for (const [id, stored] of ledger.changed) cache.accounts.set(id, stored);
  for (const [id, stored] of ledger.opened) cache.accounts.set(id, stored);
  for (const [sku, product] of ledger.products) cache.products.set(sku, product);
}
