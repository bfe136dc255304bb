import { hash } from 'node:crypto';
import {
  apply,
  decide,
  decideOwn,
  encodeBlock,
  passedLease,
  type Event,
  type consortium,
  type Fact,
  type Refusal,
  type Rules,
} from '@lastro/core';
import type { BlockRows, Head, StoredAccount } from '../store/row-types.ts';
import type { OwnTicket } from './own-ticket.ts';
import type { CommandTicket, Ticket } from './ticket.ts';
import type { WorkingLedger } from './working-ledger.ts';

/** What a block decided for one ticket. */
export type Verdict =
  | {
      readonly kind: 'recorded';
      readonly ticket: CommandTicket;
      readonly seq: number;
      readonly fact: Fact;
    }
  | { readonly kind: 'replayed'; readonly ticket: CommandTicket; readonly seq: number }
  | { readonly kind: 'postponed'; readonly ticket: CommandTicket; readonly refusal: Refusal }
  | { readonly kind: 'reused'; readonly ticket: CommandTicket }
  | OwnVerdict;

/** What it decided for one own command. */
export type OwnVerdict =
  | {
      readonly kind: 'done';
      readonly ticket: OwnTicket;
      readonly seq: number;
      readonly fact: Fact;
    }
  | { readonly kind: 'not_held'; readonly ticket: OwnTicket; readonly refusal: Refusal }
  | { readonly kind: 'stale'; readonly ticket: OwnTicket; readonly durable: consortium.Durable }
  | { readonly kind: 'nonce_spent'; readonly ticket: OwnTicket };

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
    const event =
      ticket.kind === 'command'
        ? commandEvent(ticket, seq + 1, ledger, rules, at, verdicts)
        : ownEvent(ticket, seq + 1, ledger, rules, at, verdicts);
    if (event === undefined) continue;
    seq = event.seq;
    apply(ledger, event, at);
    events.push(event);
  }
  return { block: head.block + 1, id, at, verdicts, events, ledger };
}

/** What a client's command records; undefined: nothing. */
function commandEvent(
  ticket: CommandTicket,
  seq: number,
  ledger: WorkingLedger,
  rules: Rules,
  at: number,
  verdicts: Verdict[],
): Event | undefined {
  const { envelope } = ticket;
  const decision = decide(ledger, envelope, rules, at);
  switch (decision.kind) {
    case 'decided': {
      const { fact } = decision;
      verdicts.push({ kind: 'recorded', ticket, seq, fact });
      return { seq, command: envelope, fact };
    }
    case 'replayed':
      verdicts.push({ kind: 'replayed', ticket, seq: decision.seq });
      return undefined;
    case 'postponed':
      verdicts.push({ kind: 'postponed', ticket, refusal: decision.refusal });
      return undefined;
    case 'reused':
      verdicts.push({ kind: 'reused', ticket });
      return undefined;
  }
}

/** What an own command records; undefined: nothing, and its nonces aren't spent. */
function ownEvent(
  ticket: OwnTicket,
  seq: number,
  ledger: WorkingLedger,
  rules: Rules,
  at: number,
  verdicts: Verdict[],
): Event | undefined {
  if (ticket.nonces.some((nonce) => ledger.consortium.isSpent(nonce))) {
    verdicts.push({ kind: 'nonce_spent', ticket });
    return undefined;
  }
  const decision = decideOwn(ledger, ticket.own, rules, at);
  switch (decision.kind) {
    case 'decided': {
      const { fact } = decision;
      for (const nonce of ticket.nonces) ledger.consortium.spend(nonce);
      verdicts.push({ kind: 'done', ticket, seq, fact });
      return { seq, command: null, fact };
    }
    case 'refused':
      verdicts.push({ kind: 'not_held', ticket, refusal: decision.refusal });
      return undefined;
    case 'stale':
      verdicts.push({ kind: 'stale', ticket, durable: decision.durable });
      return undefined;
  }
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
  ticket: CommandTicket,
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
    transactions: Array.from(ledger.transactions, ([transaction, { seq, owner }]) => ({
      id: transaction,
      seq,
      owner,
    })),
    orders: ledger.orders,
    outcomes: ledger.outcomes,
    holds: ledger.holds.rows(numberOf),
    leases: ledger.leasing.rows(numberOf),
    reversals: ledger.corrections.reversals,
    cancellations: ledger.corrections.cancellations,
    consortium: ledger.consortium.rows(),
  };
}

/** SHA-256 of a block's bytes, 64 hexadecimal digits. */
function hashOfBlock(body: Buffer): string {
  return hash('sha256', body, 'hex');
}
