import { consortium, type CrossBankRecord } from '@lastro/core';
import type { Reads } from '../../store/reads.ts';
import type { Envelope, ReportsWanted } from './envelope.ts';
import type { Addressed } from './message-text.ts';
import type { JournalPlaces } from './journal-places.ts';
import type { Records } from './records.ts';

// A bank that was put back from an old copy promises nothing until every peer has told it all that
// it may have forgotten, and that is durable here.

export interface ReconciliationParts {
  readonly reads: Reads;
  readonly places: JournalPlaces;
  readonly peers: () => readonly string[];
  /** Asks one peer; undefined: it did not answer. */
  readonly ask: (bank: string, wanted: ReportsWanted) => Promise<Envelope | undefined>;
  /** Takes what a peer told; whether all of it is durable. */
  readonly take: (from: string, messages: readonly Addressed[]) => Promise<boolean>;
  readonly againMs: number;
  readonly slackMs: number;
  readonly onAlarm: (message: string) => void;
}

/** Pages that one peer tells at most in one go; the rest in the next. */
const PAGES_MAX = 10_000;

export class Reconciliation {
  readonly #parts: ReconciliationParts;
  /** Peers still to be heard, and from when on everything is asked for. */
  readonly #pending = new Map<string, number>();
  #beginning: Promise<void> | undefined;
  #round: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(parts: ReconciliationParts) {
    this.#parts = parts;
  }

  /** Whether nothing may be promised. */
  get isUnderWay(): boolean {
    return this.#pending.size > 0 || this.#beginning !== undefined;
  }

  async load(): Promise<void> {
    const rows = await this.#parts.reads.rows<{ bank: string; since: number }>(
      'select bank, since from reconciling',
    );
    for (const { bank, since } of rows) this.#pending.set(bank, since);
    this.#next(0);
  }

  /** A peer remembers what this bank doesn't: from now on it promises nothing. */
  async begin(bank: string): Promise<void> {
    // It is being told already, and the peer has not heard of it yet.
    if (this.#pending.has(bank)) return;
    this.#beginning ??= this.#begin(bank).finally(() => {
      this.#beginning = undefined;
    });
    await this.#beginning;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  async #begin(by: string): Promise<void> {
    const { reads, places, peers, slackMs, onAlarm } = this.#parts;
    onAlarm(
      `${by} knows more of this bank's journal than it has: it was put back from an old copy`,
    );
    const banks = [...new Set([...peers(), by])];
    const since = banks.map((bank) => Math.max(0, places.agreedAt(bank) - slackMs));
    await reads.inTransaction((change) =>
      change.rows(
        `insert into reconciling (bank, since)
         select bank, since from unnest($1::text[], $2::timestamptz[]) as pending (bank, since)
         on conflict (bank) do update set since = least(reconciling.since, excluded.since)`,
        [banks, since.map((at) => new Date(at).toISOString())],
      ),
    );
    // Before the new life: peers tell only what they know of one that is over.
    for (const [index, bank] of banks.entries()) this.#pending.set(bank, since[index] ?? 0);
    await places.beginLife();
    this.#next(0);
  }

  #next(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#isStopped || this.#pending.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#round ??= this.#askAll();
    }, ms);
  }

  async #askAll(): Promise<void> {
    const { onAlarm, againMs } = this.#parts;
    try {
      for (const [bank, since] of this.#pending) {
        if (this.#isStopped) return;
        if (!(await this.#hear(bank, since))) continue;
        await this.#tickOff(bank);
        if (this.#pending.size === 0) onAlarm('every peer has told what this bank had forgotten');
      }
    } catch (error) {
      onAlarm(`hearing what was forgotten failed: ${String(error)}`);
    } finally {
      this.#round = undefined;
      this.#next(againMs);
    }
  }

  /** Whether the peer has told everything and it is durable. */
  async #hear(bank: string, since: number): Promise<boolean> {
    const { ask, take } = this.#parts;
    let after: string | null = null;
    for (let pages = 0; pages < PAGES_MAX && !this.#isStopped; pages += 1) {
      const told: Envelope | undefined = await ask(bank, { since, after });
      if (told === undefined || !(await take(bank, told.messages))) return false;
      after = told.next;
      if (after === null) return true;
    }
    return false;
  }

  async #tickOff(bank: string): Promise<void> {
    await this.#parts.reads.inTransaction((change) =>
      change.rows('delete from reconciling where bank = $1', [bank]),
    );
    this.#pending.delete(bank);
  }
}

const REPORTS_SCANNED_MAX = 200;

/** One page of what a peer must hear that was put back, in the order of the ids. */
export async function reportsFor(
  records: Pick<Records, 'page'>,
  peer: string,
  { since, after }: ReportsWanted,
): Promise<{ readonly messages: readonly Addressed[]; readonly next: string | null }> {
  const page = await records.page(after, REPORTS_SCANNED_MAX);
  const messages = page.flatMap((record) => {
    const message = isKnownBefore(record, since) ? undefined : reportOf(record, peer);
    return message === undefined ? [] : [{ id: record.id, message }];
  });
  const last = page.length < REPORTS_SCANNED_MAX ? undefined : page.at(-1);
  return { messages, next: last?.id ?? null };
}

function isKnownBefore({ durable }: CrossBankRecord, since: number): boolean {
  return durable.is === 'committed' && durable.at < since;
}

function reportOf({ id, durable }: CrossBankRecord, peer: string): consortium.Message | undefined {
  return consortium.reportFor({ ...consortium.unknownTransaction(id), durable }, peer);
}
