import type { Fact } from './event.ts';
import { orderTransfers } from './order-transfers.ts';
import type { Transfer } from './transfer.ts';

/** The transfers that an event posted, in their order; none where it moved nothing. */
export function postedTransfers(fact: Fact): readonly Transfer[] {
  switch (fact.type) {
    case 'transfer.posted':
    case 'transfer.reversed':
      return [fact.transfer];
    case 'transaction.posted':
    case 'hold.captured':
    case 'order.cancelled':
    case 'crossbank.committed':
      return fact.transfers;
    case 'transaction.reversed':
      return fact.legs.map(({ transfer }) => transfer);
    case 'order.completed':
      return orderTransfers(fact);
    // The goods of a product that is made or counted belong to it alone and are corrected by counting.
    case 'product.created':
    case 'goods.received':
    case 'goods.adjusted':
    case 'bank.opened':
    case 'account.opened':
    case 'account.changed':
    case 'account.frozen':
    case 'account.unfrozen':
    case 'account.closed':
    case 'account.reopened':
    case 'product.changed':
    case 'order.refused':
    case 'hold.placed':
    case 'hold.released':
    case 'hold.expired':
    case 'hold.extended':
    case 'lease.requested':
    case 'lease.renewed':
    case 'lease.released':
    case 'lease.passed':
    case 'crossbank.prepared':
    case 'crossbank.aborted':
    case 'crossbank.doubted':
    case 'crossbank.settled':
    case 'consent.granted':
    case 'consent.revoked':
    case 'peer.limited':
    case 'command.refused':
    case 'command.failed':
      return [];
  }
}
