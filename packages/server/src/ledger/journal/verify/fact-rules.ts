import { cashAccount, type Fact, type LedgerView } from '@lastro/core';
import { accountFactBreaches } from './account-rules.ts';
import { idBreaches, transferBreaches, unless } from './breaches.ts';
import { consortiumFactBreaches } from './consortium-rules.ts';
import { holdFactBreaches } from './hold-rules.ts';
import { orderFactBreaches } from './order-rules.ts';

/**
 * The rules that a fact breaks, one sentence each, judged on the ledger before it. `apply` trusts
 * that `decide` kept these; whoever forges a journal need not have asked it.
 */
export function factBreaches(fact: Fact, view: LedgerView): readonly string[] {
  switch (fact.type) {
    case 'bank.opened':
      return ['only the first event of block 0 opens the bank'];
    case 'transfer.posted':
    case 'transfer.reversed':
      return transferBreaches(fact.transfer, cashAccount(fact.transfer.asset));
    case 'transaction.posted':
      return [
        ...idBreaches(fact.id),
        ...unless(fact.transfers.length > 0, 'a transaction has at least one transfer'),
        ...fact.transfers.flatMap((transfer) => transferBreaches(transfer, undefined)),
      ];
    case 'transaction.reversed':
      return [
        ...idBreaches(fact.id),
        ...fact.legs.flatMap(({ transfer }) => transferBreaches(transfer, undefined)),
      ];
    case 'account.opened':
    case 'account.changed':
    case 'account.frozen':
    case 'account.unfrozen':
    case 'account.closed':
    case 'account.reopened':
    case 'lease.requested':
    case 'lease.renewed':
    case 'lease.released':
    case 'lease.passed':
      return accountFactBreaches(fact, view);
    case 'hold.placed':
    case 'hold.captured':
    case 'hold.released':
    case 'hold.expired':
    case 'hold.extended':
      return holdFactBreaches(fact);
    case 'product.created':
    case 'product.changed':
    case 'goods.received':
    case 'goods.adjusted':
    case 'order.completed':
    case 'order.refused':
    case 'order.cancelled':
      return orderFactBreaches(fact, view);
    case 'crossbank.prepared':
    case 'crossbank.committed':
    case 'crossbank.aborted':
    case 'crossbank.doubted':
    case 'crossbank.settled':
    case 'consent.granted':
    case 'consent.revoked':
    case 'peer.limited':
      return consortiumFactBreaches(fact, view);
    case 'command.refused':
    case 'command.failed':
      return [];
  }
}
