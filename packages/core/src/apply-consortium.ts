import { cashAccount } from './account-id.ts';
import { openAccount, type Account } from './account.ts';
import { applyConsentFact, giveConsentsBack, spendConsents } from './apply-consent.ts';
import { captureHold, placeHold, releaseHold } from './apply-hold.ts';
import type {
  ConsortiumFact,
  CrossBankAborted,
  CrossBankCommitted,
  CrossBankPrepared,
  PeerLimited,
} from './consortium-event.ts';
import { coordinatorOf, type CrossBankTransaction } from './consortium/cross-bank-transaction.ts';
import { peerAccount } from './consortium/local-transfers.ts';
import type { Durable } from './consortium/protocol-state.ts';
import {
  localTransactionId,
  type CrossBankRecord,
  type PendingOrder,
} from './cross-bank-record.ts';
import type { Ledger } from './ledger.ts';
import { NO_METADATA } from './metadata.ts';
import { post } from './post.ts';
import type { Refusal } from './refusal.ts';
import { shareLegs } from './share-transfers.ts';

/** Folds what happened to this bank's share of a cross-bank transaction, and what bounds other banks. */
export function applyConsortiumFact(
  ledger: Ledger,
  fact: ConsortiumFact,
  seq: number,
  at: number,
): void {
  switch (fact.type) {
    case 'crossbank.prepared':
      prepare(ledger, fact, seq, at);
      return;
    case 'crossbank.committed':
      commit(ledger, fact, seq, at);
      return;
    case 'crossbank.aborted':
      abort(ledger, fact, seq, at);
      return;
    case 'crossbank.doubted': {
      const { id, body, hash } = fact;
      const durable = { is: 'in_doubt', body, hash } as const;
      ledger.putCrossBank(newRecord(ledger, id, durable, seq, at));
      return;
    }
    case 'crossbank.settled': {
      const record = standing(ledger, fact.id, seq);
      const { durable } = record;
      if (durable.is !== 'committed' && durable.is !== 'aborted') {
        throw new Error(`event ${seq} settles what is not decided`);
      }
      if (durable.settled) throw new Error(`event ${seq} settles ${fact.id} again`);
      ledger.putCrossBank({ ...record, durable: { ...durable, settled: true } });
      return;
    }
    case 'consent.granted':
    case 'consent.revoked':
      applyConsentFact(ledger, fact, seq, at);
      return;
    case 'peer.limited':
      limitPeer(ledger, fact, at);
      return;
  }
}

function prepare(ledger: Ledger, fact: CrossBankPrepared, seq: number, at: number): void {
  const { id, body, hash, signature, order } = fact;
  if (body.id !== id) throw new Error(`event ${seq} promises another body`);
  const durable = { is: 'prepared', body, hash, signature } as const;
  ledger.putCrossBank({ ...newRecord(ledger, id, durable, seq, at), order });
  const legs = shareLegs(ledger.bank, body, order);
  if (legs.length === 0) return;
  for (const { from, to, asset } of legs) openPeers(ledger, [from, to], asset, at);
  spendConsents(ledger, body, seq);
  const local = localTransactionId(id, order);
  placeHold(ledger, { id: local, owner: id, legs, expiresAt: null, seq, at, end: null });
}

function commit(ledger: Ledger, fact: CrossBankCommitted, seq: number, at: number): void {
  const { id, yes, rebuilt } = fact;
  const before = ledger.crossBank(id);
  const { body, hash } = rebuilt ?? promised(before, seq);
  if (rebuilt !== null) rebuild(ledger, fact, body, seq, at);
  else capture(ledger, fact, before, seq, at);
  const settled = coordinatorOf(id) !== ledger.bank;
  const isRebuilt = rebuilt !== null;
  const durable = { is: 'committed', body, hash, yes, rebuilt: isRebuilt, at, settled } as const;
  ledger.putCrossBank(
    before === undefined
      ? newRecord(ledger, id, durable, seq, at)
      : { ...before, durable, decidedSeq: seq },
  );
}

/** Posts what is held; with the order that it pays for, as that order's one transaction. */
function capture(
  ledger: Ledger,
  { id, transfers }: CrossBankCommitted,
  record: CrossBankRecord | undefined,
  seq: number,
  at: number,
): void {
  const { body } = promised(record, seq);
  const order = record?.order ?? null;
  if (transfers.length !== shareLegs(ledger.bank, body, order).length) {
    throw new Error(`event ${seq} commits another number of transfers than was promised`);
  }
  const local = localTransactionId(id, order);
  if (transfers.length > 0) captureHold(ledger, local, transfers, seq, at);
  if (order !== null) ledger.addOrder({ status: 'completed', ...order, crossBank: id, seq, at });
}

/** Posts what was promised and forgotten, whatever limits say: the other banks have posted it, too. */
function rebuild(
  ledger: Ledger,
  { id, transfers }: CrossBankCommitted,
  body: CrossBankTransaction,
  seq: number,
  at: number,
): void {
  const before = ledger.crossBank(id)?.durable.is ?? 'absent';
  if (before !== 'absent' && before !== 'in_doubt') {
    throw new Error(`event ${seq} rebuilds what is ${before}`);
  }
  const legs = shareLegs(ledger.bank, body, null);
  const isShare =
    body.id === id &&
    legs.length === transfers.length &&
    legs.every(({ from, to, amount, asset }, index) => {
      const transfer = transfers[index];
      return (
        transfer?.from === from &&
        transfer.to === to &&
        transfer.amount === amount &&
        transfer.asset === asset
      );
    });
  if (!isShare) throw new Error(`event ${seq} rebuilds another share`);
  if (transfers.length === 0) return;
  const local = localTransactionId(id, null);
  ledger.addTransaction(local, seq, id);
  transfers.forEach((transfer, leg) => {
    for (const side of [transfer.from, transfer.to]) {
      const account = ledger.account(side) ?? missing(ledger, side, transfer.asset, at);
      ledger.putAccount({ ...account, isRebuilt: true });
    }
    post(ledger, transfer, seq, leg, local, at);
  });
}

function abort(ledger: Ledger, { id, because }: CrossBankAborted, seq: number, at: number): void {
  const before = ledger.crossBank(id);
  if (before === undefined) {
    const durable = { is: 'aborted', subject: null, because, at, settled: true } as const;
    ledger.putCrossBank(newRecord(ledger, id, durable, seq, at));
    return;
  }
  const { durable } = before;
  if (durable.is !== 'prepared' && durable.is !== 'in_doubt') {
    throw new Error(`event ${seq} aborts what is ${durable.is}`);
  }
  const { body, hash } = durable;
  const { order } = before;
  if (durable.is === 'prepared' && shareLegs(ledger.bank, body, order).length > 0) {
    releaseHold(ledger, localTransactionId(id, order), seq, at);
    giveConsentsBack(ledger, body, seq);
  }
  if (order !== null) refuseOrder(ledger, order, id, because, seq, at);
  const settled = coordinatorOf(id) !== ledger.bank;
  const subject = { body, hash };
  const aborted = { is: 'aborted', subject, because, at, settled } as const;
  ledger.putCrossBank({ ...before, durable: aborted, decidedSeq: seq });
}

/** The order keeps its id, with the reason of the bank that refused, if any did. */
function refuseOrder(
  ledger: Ledger,
  { id, customer, merchant, lines }: PendingOrder,
  transaction: string,
  because: CrossBankAborted['because'],
  seq: number,
  at: number,
): void {
  const reasons = because.flatMap(({ reason }) =>
    reason.code === 'refused' ? reason.refusal : [],
  );
  const refusal: Refusal = reasons[0] ?? { code: 'transaction_aborted', transaction };
  const asked = lines.map(({ sku, quantity }) => ({ sku, quantity }));
  ledger.addOrder({ status: 'refused', id, customer, merchant, lines: asked, refusal, seq, at });
}

function limitPeer(ledger: Ledger, { bank, asset, limit }: PeerLimited, at: number): void {
  const id = peerAccount(bank, asset);
  openPeers(ledger, [id], asset, at);
  const account = ledger.account(id);
  if (account === undefined) throw new Error(`${id} was not opened`);
  ledger.putAccount({ ...account, creditLimit: limit, version: account.version + 1 });
}

/** Accounts of peers come about with the first that concerns them; they may owe nothing yet. */
function openPeers(ledger: Ledger, ids: readonly string[], asset: string, at: number): void {
  for (const id of ids) {
    if (id.startsWith('peer:') && ledger.account(id) === undefined) {
      ledger.putAccount(missing(ledger, id, asset, at));
    }
  }
}

/** A new account with `cash:` beside it, which fixes the scale of its asset. */
function missing(ledger: Ledger, id: string, asset: string, at: number): Account {
  const cash = cashAccount(asset);
  if (ledger.account(cash) === undefined) {
    ledger.putAccount(openAccount(cash, asset, null, at, NO_METADATA));
  }
  return openAccount(id, asset, 0n, at, NO_METADATA);
}

function newRecord(
  ledger: Ledger,
  id: string,
  durable: Exclude<Durable, { readonly is: 'absent' }>,
  seq: number,
  at: number,
): CrossBankRecord {
  if (ledger.crossBank(id) !== undefined) throw new Error(`event ${seq} begins ${id} again`);
  const isDecided = durable.is === 'committed' || durable.is === 'aborted';
  return { id, durable, order: null, seq, at, decidedSeq: isDecided ? seq : null };
}

function standing(ledger: Ledger, id: string, seq: number): CrossBankRecord {
  const record = ledger.crossBank(id);
  if (record === undefined) throw new Error(`event ${seq} concerns an unknown transaction`);
  return record;
}

function promised(record: CrossBankRecord | undefined, seq: number) {
  if (record?.durable.is !== 'prepared') {
    throw new Error(`event ${seq} commits what is ${record?.durable.is ?? 'absent'}`);
  }
  return record.durable;
}
