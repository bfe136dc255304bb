import { SAFE_MAX, TRANSACTION_TRANSFERS_MAX } from '../bounds.ts';

/** An account at a bank of the consortium. */
export interface Place {
  readonly bank: string;
  readonly account: string;
}

/** One movement of a cross-bank transaction; both ends may lie in the same bank. */
export interface Leg {
  readonly from: Place;
  readonly to: Place;
  /** Minor units, above zero. */
  readonly amount: bigint;
  readonly asset: string;
  /** By which the bank of `from` lets another one debit the account; null: it needs none. */
  readonly consent: string | null;
}

/** What the banks agree on, all or none. Its hash is made outside, over every field. */
export interface CrossBankTransaction {
  /** `<bank>/<uuid>`: the bank coordinates; ids of one bank rise with time (UUIDv7). */
  readonly id: string;
  readonly legs: readonly Leg[];
  /** Milliseconds since 1970. Until then the coordinator may find that all said yes. */
  readonly decideBy: number;
  /** The register in which the decision will stand. */
  readonly generation: string;
}

export type TransactionFault =
  | 'malformed_id'
  | 'malformed_bank'
  | 'no_legs'
  | 'too_many_legs'
  | 'too_many_banks'
  | 'amount_out_of_range'
  | 'same_account'
  | 'one_bank_only';

/** Banks in one transaction, the coordinator among them. */
const PARTICIPANTS_MAX = 32;

const BANK_ID = /^[a-z][a-z0-9-]{1,30}$/;
const TRANSACTION_ID = /^[a-z][a-z0-9-]{1,30}\/[0-9a-f-]{36}$/;

/** The bank that the id names. */
export function coordinatorOf(id: string): string {
  return id.slice(0, id.indexOf('/'));
}

const participants = new WeakMap<CrossBankTransaction, readonly string[]>();

/** Every bank that must say yes: the coordinator first, with or without a leg, then the others. */
export function participantsOf(body: CrossBankTransaction): readonly string[] {
  const known = participants.get(body);
  if (known !== undefined) return known;
  const found = findParticipants(body);
  participants.set(body, found);
  return found;
}

function findParticipants(body: CrossBankTransaction): readonly string[] {
  const coordinator = coordinatorOf(body.id);
  const others: string[] = [];
  const add = (bank: string) => {
    if (bank !== coordinator && !others.includes(bank)) others.push(bank);
  };
  for (const { from, to } of body.legs) {
    add(from.bank);
    add(to.bank);
  }
  return [coordinator, ...others.toSorted()];
}

/** The participants without one bank. */
export function othersOf(body: CrossBankTransaction, bank: string): readonly string[] {
  return participantsOf(body).filter((participant) => participant !== bank);
}

/** What no bank would ever accept about the body itself; undefined when there is nothing. */
export function transactionFault(body: CrossBankTransaction): TransactionFault | undefined {
  if (!TRANSACTION_ID.test(body.id)) return 'malformed_id';
  if (body.legs.length === 0) return 'no_legs';
  if (body.legs.length > TRANSACTION_TRANSFERS_MAX) return 'too_many_legs';
  for (const { from, to, amount } of body.legs) {
    if (!BANK_ID.test(from.bank) || !BANK_ID.test(to.bank)) return 'malformed_bank';
    if (amount <= 0n || amount > SAFE_MAX) return 'amount_out_of_range';
    if (from.bank === to.bank && from.account === to.account) return 'same_account';
  }
  const banks = participantsOf(body).length;
  if (banks < 2) return 'one_bank_only';
  return banks > PARTICIPANTS_MAX ? 'too_many_banks' : undefined;
}
