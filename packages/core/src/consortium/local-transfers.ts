import { parseAsset } from '../asset.ts';
import type { CrossBankTransaction, Leg } from './cross-bank-transaction.ts';

/** What one leg moves in the books of one bank. */
export interface LocalTransfer {
  /** The leg's place in the body. */
  readonly leg: number;
  readonly from: string;
  readonly to: string;
  /** Minor units, above zero. */
  readonly amount: bigint;
  readonly asset: string;
  /** To be spent with the hold, and given back with its release; null: none is needed. */
  readonly consent: string | null;
}

/** Where a bank counts what it owes another one: the balance is the debt, below zero a claim. */
export function peerAccount(bank: string, asset: string): string {
  return `peer:${bank}:${parseAsset(asset).code}`;
}

/**
 * The part of a transaction that one bank writes in its own ledger, leg by leg and without netting:
 * money that leaves for bank B is credited to `peer:B`, money that comes from A debited from
 * `peer:A`, so the books of each bank balance alone and the two positions mirror each other.
 * Empty for a bank without a leg.
 */
export function localTransfers(bank: string, body: CrossBankTransaction): readonly LocalTransfer[] {
  const last = known.get(body);
  if (last?.bank === bank) return last.transfers;
  const transfers = transfersAt(bank, body);
  known.set(body, { bank, transfers });
  return transfers;
}

/** Footprint, rules, fold and rows of one share all ask for them, and no body ever changes. */
const known = new WeakMap<
  CrossBankTransaction,
  { readonly bank: string; readonly transfers: readonly LocalTransfer[] }
>();

function transfersAt(bank: string, body: CrossBankTransaction): readonly LocalTransfer[] {
  return body.legs.flatMap((leg, index) => {
    const route = routeAt(bank, leg);
    if (route === undefined) return [];
    const consent = leg.from.bank === bank ? leg.consent : null;
    return [{ leg: index, ...route, amount: leg.amount, asset: leg.asset, consent }];
  });
}

function routeAt(bank: string, { from, to, asset }: Leg): Route | undefined {
  if (from.bank === bank && to.bank === bank) return { from: from.account, to: to.account };
  if (from.bank === bank) return { from: from.account, to: peerAccount(to.bank, asset) };
  if (to.bank === bank) return { from: peerAccount(from.bank, asset), to: to.account };
  return undefined;
}

interface Route {
  readonly from: string;
  readonly to: string;
}
