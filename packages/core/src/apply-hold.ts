import { expecting, promised, type Account } from './account.ts';
import type { Fact } from './event.ts';
import { groupOf, type Hold, type HoldEndState, type HoldLeg } from './hold.ts';
import type { Ledger } from './ledger.ts';
import { post } from './post.ts';
import type { Transfer } from './transfer.ts';

type HoldFact = Extract<Fact, { readonly type: `hold.${string}` }>;

/** Folds what happened to a client's hold. Throws when it can't follow what stands. */
export function applyHoldFact(ledger: Ledger, fact: HoldFact, seq: number, at: number): void {
  switch (fact.type) {
    case 'hold.placed': {
      const { id, transfers: legs, expiresAt } = fact;
      placeHold(ledger, { id, owner: null, legs, expiresAt, seq, at, end: null });
      return;
    }
    case 'hold.captured': {
      const hold = pendingHold(ledger, fact.hold, seq);
      capture(ledger, hold, fact.transfers, groupOf(hold), seq, at);
      return;
    }
    case 'hold.released':
      release(ledger, pendingHold(ledger, fact.hold, seq), 'released', seq, at);
      return;
    case 'hold.expired': {
      const hold = pendingHold(ledger, fact.hold, seq);
      if (hold.expiresAt === null || at < hold.expiresAt) {
        throw new Error(`event ${seq} ends a hold before its time`);
      }
      release(ledger, hold, 'expired', seq, at);
      return;
    }
    case 'hold.extended': {
      const { expiresAt } = fact;
      ledger.putHold({ ...pendingHold(ledger, fact.hold, seq), expiresAt });
      return;
    }
  }
}

/** Promises every leg on both sides. */
export function placeHold(ledger: Ledger, hold: Hold): void {
  const { id, owner, legs, seq } = hold;
  ledger.addTransaction(id, seq, owner);
  for (const leg of legs) promise(ledger, leg, leg.amount, seq);
  ledger.putHold(hold);
}

/** Posts the hold that a cross-bank transaction owns, whole, as one transaction under its id. */
export function captureHold(
  ledger: Ledger,
  id: string,
  transfers: readonly Transfer[],
  seq: number,
  at: number,
): void {
  capture(ledger, ownedHold(ledger, id, seq), transfers, id, seq, at);
}

/** Gives the hold back that a cross-bank transaction owns. */
export function releaseHold(ledger: Ledger, id: string, seq: number, at: number): void {
  release(ledger, ownedHold(ledger, id, seq), 'released', seq, at);
}

function pendingHold(ledger: Ledger, id: string, seq: number): Hold {
  const hold = ledger.hold(id);
  if (hold === undefined || hold.end !== null || hold.owner !== null) {
    throw new Error(`event ${seq} concerns a hold that is not pending`);
  }
  return hold;
}

function ownedHold(ledger: Ledger, id: string, seq: number): Hold {
  const hold = ledger.hold(id);
  if (hold === undefined || hold.end !== null || hold.owner === null) {
    throw new Error(`event ${seq} concerns a promise that is not pending`);
  }
  return hold;
}

function capture(
  ledger: Ledger,
  hold: Hold,
  transfers: readonly Transfer[],
  group: string | null,
  seq: number,
  at: number,
): void {
  if (transfers.length !== hold.legs.length) {
    throw new Error(`event ${seq} captures another number of transfers than was promised`);
  }
  transfers.forEach((transfer, index) => {
    const leg = hold.legs[index];
    if (leg === undefined || !keeps(transfer, leg, hold)) {
      throw new Error(`event ${seq} captures what was not promised`);
    }
    post(ledger, transfer, seq, index, group, at, leg.amount);
  });
  ledger.putHold({ ...hold, end: { state: 'captured', seq, at } });
}

/** A captured transfer is its promise, or, when it stands alone, a part of it. */
function keeps(transfer: Transfer, leg: HoldLeg, { legs, owner }: Hold): boolean {
  if (transfer.from !== leg.from || transfer.to !== leg.to) return false;
  return legs.length === 1 && owner === null
    ? transfer.amount <= leg.amount
    : transfer.amount === leg.amount;
}

function release(ledger: Ledger, hold: Hold, state: HoldEndState, seq: number, at: number): void {
  for (const leg of hold.legs) promise(ledger, leg, -leg.amount, seq);
  ledger.putHold({ ...hold, end: { state, seq, at } });
}

/** Promises an amount on both sides; below zero: takes the promise back. */
function promise(ledger: Ledger, leg: HoldLeg, amount: bigint, seq: number): void {
  const from = standing(ledger, leg.from, seq);
  const to = standing(ledger, leg.to, seq);
  if (leg.amount <= 0n || from.id === to.id || from.asset !== leg.asset || to.asset !== leg.asset) {
    throw new Error(`event ${seq} would break conservation`);
  }
  ledger.putAccount(promised(from, amount));
  ledger.putAccount(expecting(to, amount));
}

function standing(ledger: Ledger, id: string, seq: number): Account {
  const account = ledger.account(id);
  if (account === undefined) throw new Error(`event ${seq} holds between unknown accounts`);
  return account;
}
