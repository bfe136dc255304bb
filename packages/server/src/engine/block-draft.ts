import { hash } from 'node:crypto';
import {
  apply,
  decide,
  encodeBlock,
  passedLease,
  type Event,
  type Fact,
  type Rules,
} from '@lastro/core';
import type { BlockRows, Head, StoredAccount } from '../store/row-types.ts';
import type { Ticket } from './ticket.ts';
import type { WorkingLedger } from './working-ledger.ts';

/** What a block decided for one ticket. */
export type Verdict =
  | {
      readonly kind: 'recorded';
      readonly ticket: Ticket;
      readonly seq: number;
      readonly fact: Fact;
    }
  | { readonly kind: 'replayed'; readonly ticket: Ticket; readonly seq: number }
  | { readonly kind: 'reused'; readonly ticket: Ticket };

/** A block that was decided and not yet written. */
export interface BlockDraft {
  readonly block: number;
  /** Random: tells this attempt from any other at the same block. */
  readonly id: string;
  readonly at: number;
  readonly verdicts: readonly Verdict[];
  readonly events: readonly Event[];
  readonly ledger: WorkingLedger;
}

/** What a block does before any command, so that each is judged on what its time makes true. */
export interface DueNow {
  /** Holds that expired, the longest due first. */
  readonly holds: readonly string[];
  /** Accounts whose lease may have run out while others wait. */
  readonly leases: readonly string[];
}

export const NOTHING_DUE: DueNow = { holds: [], leases: [] };

/**
 * Does what is due, then decides the tickets in their order; each sees the state after those before
 * it.
 */
export function draftBlock(
  due: DueNow,
  tickets: readonly Ticket[],
  ledger: WorkingLedger,
  head: Head,
  at: number,
  id: string,
  rules: Rules,
): BlockDraft {
  const verdicts: Verdict[] = [];
  const events = ownEvents(due, ledger, head.seq, at);
  let seq = head.seq + events.length;
  for (const ticket of tickets) {
    const { envelope } = ticket;
    const decision = decide(ledger, envelope, rules, at);
    if (decision.kind === 'decided') {
      seq += 1;
      const { fact } = decision;
      const event: Event = { seq, command: envelope, fact };
      apply(ledger, event, at);
      events.push(event);
      verdicts.push({ kind: 'recorded', ticket, seq, fact });
    } else if (decision.kind === 'replayed') {
      verdicts.push({ kind: 'replayed', ticket, seq: decision.seq });
    } else {
      verdicts.push({ kind: 'reused', ticket });
    }
  }
  return { block: head.block + 1, id, at, verdicts, events, ledger };
}

/** What the bank records by itself, as the first events of a block. */
function ownEvents(due: DueNow, ledger: WorkingLedger, seqBefore: number, at: number): Event[] {
  const events: Event[] = [];
  const record = (fact: Fact) => {
    const event: Event = { seq: seqBefore + events.length + 1, command: null, fact };
    apply(ledger, event, at);
    events.push(event);
  };
  for (const hold of due.holds) record({ type: 'hold.expired', hold });
  for (const account of due.leases) {
    const fact = passedLease(ledger, account, at);
    if (fact !== undefined) record(fact);
  }
  return events;
}

/** A block that records that one command failed, without any effect of it; unless it was settled before. */
export function draftFailure(
  ticket: Ticket,
  ledger: WorkingLedger,
  head: Head,
  at: number,
  id: string,
): BlockDraft {
  const { envelope } = ticket;
  const earlier = ledger.outcome(envelope.principal, envelope.id);
  if (earlier !== undefined) {
    const verdict: Verdict =
      earlier.hash === envelope.hash
        ? { kind: 'replayed', ticket, seq: earlier.seq }
        : { kind: 'reused', ticket };
    return { block: head.block + 1, id, at, verdicts: [verdict], events: [], ledger };
  }
  const seq = head.seq + 1;
  const fact: Fact = { type: 'command.failed' };
  const event: Event = { seq, command: ticket.envelope, fact };
  apply(ledger, event, at);
  const verdicts: readonly Verdict[] = [{ kind: 'recorded', ticket, seq, fact }];
  return { block: head.block + 1, id, at, verdicts, events: [event], ledger };
}

/** The rows of a draft: its changes, its canonical bytes and their hash. */
export function blockRows(draft: BlockDraft, head: Head): BlockRows {
  const { block, id, at, events, ledger } = draft;
  const firstSeq = head.seq + 1;
  const lastSeq = head.seq + events.length;
  const previous = head.hash;
  const header = { block, id, previous, at, firstSeq, lastSeq };
  const body = Buffer.from(encodeBlock(header, events), 'utf8');
  const changed = [...ledger.changed.values()];
  const isReformed = ({ account }: StoredAccount) => ledger.reformed.has(account.id);
  const numberOf = (account: string) => ledger.numberOf(account);
  return {
    ...header,
    hash: hashOfBlock(body),
    body,
    accounts: ledger.accountNumbers,
    openedAccounts: [...ledger.opened.values()],
    changedAccounts:
      ledger.reformed.size === 0 ? changed : changed.filter((stored) => !isReformed(stored)),
    reformedAccounts: ledger.reformed.size === 0 ? [] : changed.filter(isReformed),
    products: [...ledger.products.values()],
    transfers: ledger.transfers,
    transactions: Array.from(ledger.transactions, ([transaction, seq]) => ({
      id: transaction,
      seq,
    })),
    orders: ledger.orders,
    outcomes: ledger.outcomes,
    holds: ledger.holds.rows(numberOf),
    leases: ledger.leasing.rows(numberOf),
    reversals: ledger.corrections.reversals,
    cancellations: ledger.corrections.cancellations,
  };
}

/** SHA-256 of a block's bytes, 64 hexadecimal digits. */
function hashOfBlock(body: Buffer): string {
  return hash('sha256', body, 'hex');
}
