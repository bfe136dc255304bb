import { apply, consortium, type Block, type Event, type Fact } from '@lastro/core';
import type { Differences } from './difference.ts';
import { limitBreach } from './account-rules.ts';
import { factBreaches } from './fact-rules.ts';
import { momentBreaches } from './moment-rules.ts';
import { FoldingLedger, type BlockAdditions } from './folding-ledger.ts';

/** The format that this program reads; written in block 0. */
const JOURNAL_VERSION = 1;

/** Who records a fact: the bank by itself, without anybody's command, or a command; or either. */
function isMarkedRightly(isOfCommand: boolean, { type }: Fact, isCoordinator: boolean): boolean {
  if (type === 'crossbank.prepared') return isOfCommand === isCoordinator;
  const isOwn = type === 'hold.expired' || type === 'lease.passed' || type.startsWith('crossbank.');
  return isOfCommand !== isOwn;
}

/** Folds the blocks of a journal in their order and notes every rule that an event breaks. */
export class JournalFold {
  readonly ledger = new FoldingLedger();
  readonly #differences: Differences;
  /** Set once an event couldn't be folded: whatever follows would be compared with a guess. */
  #stoppedAt: number | null = null;
  #bank: string | null = null;
  #events = 0;

  constructor(differences: Differences) {
    this.#differences = differences;
  }

  /** The bank that block 0 opened. */
  get bank(): string | null {
    return this.#bank;
  }

  get events(): number {
    return this.#events;
  }

  /** The block at which folding had to stop; null: it never did. */
  get stoppedAt(): number | null {
    return this.#stoppedAt;
  }

  stop(block: number): void {
    this.#stoppedAt ??= block;
  }

  /** What the block adds to the tables; undefined once folding has stopped. */
  fold({ header, events }: Block): BlockAdditions | undefined {
    if (this.#stoppedAt !== null) return undefined;
    this.ledger.beginBlock(header.block, header.at);
    for (const event of events) {
      const isFirst = header.block === 0 && event.seq === 0;
      if (isFirst) this.#open(event);
      else if (!this.#apply(event, header.block, header.at)) {
        this.stop(header.block);
        return undefined;
      }
      this.#events += 1;
    }
    return this.ledger.additions;
  }

  #open({ command, fact }: Event): void {
    if (fact.type !== 'bank.opened' || command !== null) {
      this.#break(0, 0, 'block 0 begins with bank.opened', fact.type);
    } else if (fact.version !== JOURNAL_VERSION) {
      this.#break(0, 0, `version ${JOURNAL_VERSION} of the journal`, String(fact.version));
    } else {
      this.#bank = fact.bank;
      this.ledger.openBank(fact.bank);
    }
  }

  /** False when the event can't follow what stands. */
  #apply(event: Event, block: number, at: number): boolean {
    const { seq, command, fact } = event;
    const { ledger } = this;
    ledger.beginEvent(seq);
    const isCoordinator =
      fact.type === 'crossbank.prepared' && consortium.coordinatorOf(fact.id) === this.#bank;
    if (!isMarkedRightly(command !== null, fact, isCoordinator)) {
      this.#break(block, seq, 'a command settles every event but those of the bank’s own');
    }
    if (command !== null && !/^[0-9a-f]{64}$/.test(command.hash)) {
      this.#break(block, seq, 'a command’s hash is 64 hexadecimal digits', command.hash);
    }
    for (const rule of [...factBreaches(fact, ledger), ...momentBreaches(fact, ledger, at)]) {
      this.#break(block, seq, rule);
    }
    try {
      apply(ledger, event, at);
    } catch (error) {
      this.#break(block, seq, error instanceof Error ? error.message : String(error));
      return false;
    }
    for (const what of ledger.repeated) this.#break(block, seq, `${what} is used once`);
    for (const id of ledger.touched) {
      const account = ledger.account(id);
      const breach = account === undefined ? undefined : limitBreach(account);
      if (breach !== undefined)
        this.#break(block, seq, 'every account is within its limits', breach);
    }
    return true;
  }

  #break(block: number, seq: number, rule: string, found: string | null = null): void {
    this.#differences.add({
      kind: 'broken',
      table: 'block',
      block,
      seq,
      row: `block ${block}`,
      column: 'body',
      expected: rule,
      found,
    });
  }
}
