import { apply } from './apply.ts';
import type { Command, Envelope } from './command.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { refusalOf, type Event, type Fact } from './event.ts';
import { createMemoryLedger, type MemoryLedger } from './memory-ledger.ts';
import { NO_METADATA } from './metadata.ts';
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
  /** Decides and, unless it was settled before, records what came of it. */
  submit(envelope: Envelope): Decision;
  /** Records a fact without a decision, as the engine does for a command that threw. */
  record(envelope: Envelope, fact: Fact): void;
  /** Submits the command under an id of its own and gives what was recorded. */
  tell(command: Command): Fact;
  /** Why the command was refused; undefined when it was accepted. */
  refusal(command: Command): Refusal | undefined;
}

export const BLOCK_TIME = Date.UTC(2026, 0, 1);

/** How many events of a town share one block, and so one block time. */
export const EVENTS_PER_BLOCK = 4;

export function createTown(rules: Rules = { amountMax: 1_000n }): Town {
  const ledger = createMemoryLedger();
  const journal: Happened[] = [];
  const append = (command: Event['command'], fact: Fact) => {
    const at = BLOCK_TIME + 1_000 * Math.floor(journal.length / EVENTS_PER_BLOCK);
    const event = { seq: journal.length + 1, command, fact };
    apply(ledger, event, at);
    journal.push({ event, at });
  };
  const record = ({ principal, id, hash }: Envelope, fact: Fact) =>
    append({ principal, id, hash }, fact);
  const submit = (envelope: Envelope): Decision => {
    const decision = decide(ledger, envelope, rules);
    if (decision.kind === 'decided') record(envelope, decision.fact);
    return decision;
  };
  const tell = (command: Command): Fact => {
    const id = `command-${journal.length}`;
    const decision = submit({ principal: 'clerk', id, hash: fingerprint(command), command });
    if (decision.kind !== 'decided') throw new Error(`${id} was not new`);
    return decision.fact;
  };
  append(null, { type: 'bank.opened', bank: 'town', version: 1 });
  return { ledger, rules, journal, submit, record, tell, refusal: (c) => refusalOf(tell(c)) };
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

/**
 * A town with something in it. BRL: `ana` has 100, `bia`, `shop` and `mill` nothing, `poor` 1, `full`
 * can take no more; `frozen` and `closed` have 50 and are what they are called, `shut` is closed
 * and empty. USD: `usd`. `orphan`
 * has an asset without `cash:`. Goods: 10 `tea` of 3 for `shop` alone, 10 `pen` of 2, 10 `leaflet`
 * for nothing, `import` in USD, `flood` that can't receive more. Ids `used-…` are taken.
 */
export function createFurnishedTown(): Town {
  const town = createTown();
  const open = (account: string, asset = 'BRL/2', creditLimit: bigint | null = 0n) =>
    town.tell({ type: 'OpenAccount', account, asset, creditLimit, metadata: NO_METADATA });
  const deposit = (account: string, amount: bigint, id = `deposit-${account}`) =>
    town.tell({ type: 'Deposit', id, account, amount, metadata: NO_METADATA });
  for (const id of ['ana', 'bia', 'shop', 'mill', 'poor', 'full', 'frozen', 'closed', 'shut'])
    open(id);
  open('usd', 'USD/2');
  deposit('ana', 100n, 'used-transfer');
  deposit('poor', 1n);
  deposit('frozen', 50n);
  deposit('closed', 50n);
  product(town, { sku: 'tea', price: 3n, merchant: 'shop' });
  product(town, { sku: 'pen', price: 2n });
  product(town, { sku: 'leaflet' });
  product(town, { sku: 'import', asset: 'USD/2' });
  product(town, { sku: 'flood' });
  town.tell({
    type: 'PostTransaction',
    id: 'used-transaction',
    transfers: [{ id: 't', from: 'ana', to: 'bia', amount: 1n, metadata: NO_METADATA }],
  });
  town.tell({ type: 'Withdraw', id: 'w', account: 'bia', amount: 1n, metadata: NO_METADATA });
  deposit('ana', 1n, 'd');
  putStates(town);
  return town;
}

function product(
  town: Town,
  more: { sku: string; price?: bigint; merchant?: string; asset?: string },
): void {
  const transferId = `stock-of-${more.sku}`;
  const usual = { price: 0n, merchant: null, asset: 'BRL/2', name: more.sku, stock: 10n };
  town.tell({ type: 'CreateProduct', transferId, ...usual, ...more });
}

/** States that no command of this version brings about. */
function putStates({ ledger }: Town): void {
  const put = (id: string, more: object) => {
    const account = ledger.account(id);
    if (account !== undefined) ledger.putAccount({ ...account, ...more });
  };
  put('frozen', { status: 'frozen' });
  put('closed', { status: 'closed' });
  put('shut', { status: 'closed' });
  put('full', { creditsPosted: 2n ** 53n - 1n });
  put('received:flood', { debitsPosted: 2n ** 53n - 1n });
  const ana = ledger.account('ana');
  if (ana !== undefined) ledger.putAccount({ ...ana, id: 'orphan', asset: 'XYZ/2' });
}
