import { apply } from './apply.ts';
import { NO_LEASE_TOKENS, type Command, type Envelope } from './command.ts';
import { passedLease } from './decide-lease.ts';
import { decide } from './decide.ts';
import { decideOwn } from './decide-share.ts';
import type { Decision, OwnDecision } from './decision.ts';
import { refusalOf, type Event, type Fact } from './event.ts';
import { createMemoryLedger, type MemoryLedger } from './memory-ledger.ts';
import type { OwnCommand } from './own-command.ts';
import type { Refusal } from './refusal.ts';
import type { Rules } from './rules.ts';

/** An event with the block time that it was applied at. */
export interface Happened {
  readonly event: Event;
  readonly at: number;
}

/** A bank of one process and no database: decides one command after the other and keeps the journal. */
export interface Town {
  readonly ledger: MemoryLedger;
  readonly rules: Rules;
  readonly journal: readonly Happened[];
  /** Block time. It stands still until `pass` moves it on. */
  now(): number;
  /** Lets so many seconds go by. */
  pass(seconds: number): void;
  /** Records what is over by now, as the engine does at the start of a block. */
  sweep(): readonly Fact[];
  /** Decides and, unless it was settled before, records what came of it. */
  submit(envelope: Envelope): Decision;
  /** Records a fact without a decision, as the engine does for a command that threw. */
  record(envelope: Envelope, fact: Fact): void;
  /** Decides a step of the bank's own share of a cross-bank transaction, and records its effect. */
  settle(own: OwnCommand): OwnDecision;
  /** Submits the command under an id of its own and gives what was recorded. */
  tell(command: Command, leaseTokens?: readonly number[]): Fact;
  /** Why the command was refused; undefined when it was accepted. */
  refusal(command: Command, leaseTokens?: readonly number[]): Refusal | undefined;
}

export const BLOCK_TIME = Date.UTC(2026, 0, 1);

export function createTown(rules: Rules = { amountMax: 1_000n }): Town {
  const ledger = createMemoryLedger();
  const journal: Happened[] = [];
  let at = BLOCK_TIME;
  const append = (command: Event['command'], fact: Fact) => {
    const event = { seq: journal.length + 1, command, fact };
    apply(ledger, event, at);
    journal.push({ event, at });
  };
  const record = ({ principal, id, hash }: Envelope, fact: Fact) =>
    append({ principal, id, hash }, fact);
  const submit = (envelope: Envelope): Decision => {
    const decision = decide(ledger, envelope, rules, at);
    if (decision.kind === 'decided') record(envelope, decision.fact);
    return decision;
  };
  const tell = (command: Command, leaseTokens = NO_LEASE_TOKENS): Fact => {
    const id = `command-${journal.length}`;
    const hash = fingerprint(command);
    const decision = submit({ principal: 'clerk', id, hash, command, leaseTokens });
    if (decision.kind !== 'decided') throw new Error(`${id} was not new`);
    return decision.fact;
  };
  const settle = (own: OwnCommand): OwnDecision => {
    const decision = decideOwn(ledger, own, rules, at);
    if (decision.kind === 'decided') append(null, decision.fact);
    return decision;
  };
  append(null, { type: 'bank.opened', bank: 'town', version: 1 });
  return {
    ledger,
    rules,
    journal,
    now: () => at,
    pass: (seconds) => void (at += seconds * 1_000),
    sweep() {
      const facts = due(ledger, at);
      for (const fact of facts) append(null, fact);
      return facts;
    },
    submit,
    record,
    settle,
    tell,
    refusal: (command, leaseTokens) => refusalOf(tell(command, leaseTokens)),
  };
}

/** What the bank has to record by itself at `at`. */
function due(ledger: MemoryLedger, at: number): readonly Fact[] {
  const over = [...ledger.holds.values()].filter(
    ({ end, expiresAt }) => !end && expiresAt !== null && expiresAt <= at,
  );
  const leased = [...ledger.openLeases.keys()].toSorted();
  const passed = leased.map((account) => passedLease(ledger, account, at));
  return [
    ...over.map(({ id }): Fact => ({ type: 'hold.expired', hold: id })),
    ...passed.filter((fact) => fact !== undefined),
  ];
}

/** 64 hexadecimal digits that stand for the hash of a request; good enough to tell commands apart. */
export function fingerprint(command: Command): string {
  const text = JSON.stringify(command, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
  let hash = 0xcbf29ce484222325n;
  for (const letter of text) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(letter.codePointAt(0) ?? 0)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(64, '0');
}

/** The account as it stands; a test that asks for a missing one is wrong. */
export function accountOf(town: Town, id: string) {
  const account = town.ledger.account(id);
  if (account === undefined) throw new Error(`${id} doesn't stand`);
  return account;
}
