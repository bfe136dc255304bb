import type {
  Correctable,
  Order,
  OrderCancellation,
  PartOf,
  PostedGroup,
  Reversal,
  StandingOrder,
} from '@lastro/core';
import type { StoredTransfer } from '../store/row-types.ts';
import type { BlockHolds } from './block-holds.ts';
import { presentIn, type LoadedFacts } from './loaded-facts.ts';

/** What the same block posted before. */
interface BlockSoFar {
  readonly transfers: readonly StoredTransfer[];
  readonly orders: readonly Order[];
  readonly transactions: ReadonlyMap<string, { readonly owner: string | null }>;
  readonly holds: BlockHolds;
}

/**
 * What was posted and can be corrected, as one block sees it. A command may correct what another of
 * the same block posted: the journal's order is the truth, not what was answered by then.
 */
export class BlockCorrections {
  readonly reversals: Reversal[] = [];
  readonly cancellations: OrderCancellation[] = [];
  readonly #facts: LoadedFacts;
  readonly #block: BlockSoFar;

  constructor(facts: LoadedFacts, block: BlockSoFar) {
    this.#facts = facts;
    this.#block = block;
  }

  addReversal(reversal: Reversal): void {
    this.reversals.push(reversal);
  }

  addCancellation(cancellation: OrderCancellation): void {
    this.cancellations.push(cancellation);
  }

  correctable(id: string): Correctable | undefined {
    const found = this.#standing(id);
    if (found === undefined) return undefined;
    const inBlock = this.reversals
      .filter(({ reverses }) => reverses === id)
      .reduce((sum, { amount }) => sum + amount, 0n);
    return inBlock === 0n ? found : { ...found, reversed: found.reversed + inBlock };
  }

  group(id: string): PostedGroup | undefined {
    const known = this.#facts.groups.get(id);
    if (known === undefined) throw new Error(`the transaction ${id} was not loaded`);
    const group = presentIn(known) ?? this.#postedNow(id);
    if (group === undefined) return undefined;
    const isReversedNow = group.transfers.some((transfer) =>
      this.reversals.some(({ reverses }) => reverses === transfer.id),
    );
    return isReversedNow ? { ...group, isReversed: true } : group;
  }

  order(id: string): StandingOrder | undefined {
    const known = this.#facts.orders.get(id);
    if (known === undefined) throw new Error(`the order ${id} was not loaded`);
    const found = presentIn(known) ?? this.#placedNow(id);
    if (found === undefined || found.state === 'refused') return found;
    const isCancelledNow = this.cancellations.some(({ order }) => order === id);
    return isCancelledNow ? { ...found, state: 'cancelled' } : found;
  }

  #standing(id: string): Correctable | undefined {
    const known = this.#facts.correctables.get(id);
    if (known === undefined) throw new Error(`the transfer ${id} was not loaded`);
    const found = presentIn(known);
    if (found !== undefined) return found;
    const now = this.#block.transfers.find(({ transfer }) => transfer.id === id)?.transfer;
    if (now === undefined) return undefined;
    const partOf = now.transaction === null ? null : this.#ownerNow(now.transaction);
    return { transfer: now, reversed: 0n, partOf };
  }

  #postedNow(id: string): PostedGroup | undefined {
    const transfers = this.#block.transfers
      .filter(({ transfer }) => transfer.transaction === id)
      .map(({ transfer }) => transfer);
    if (transfers.length === 0) return undefined;
    const owner = this.#ownerNow(id);
    const partOf = owner.owner === 'order' || owner.owner === 'crossbank' ? owner : null;
    return { partOf, transfers, isReversed: false };
  }

  #placedNow(id: string): StandingOrder | undefined {
    const order = this.#block.orders.find((placed) => placed.id === id);
    if (order === undefined) return undefined;
    return order.status === 'refused' ? { state: 'refused' } : { state: 'completed', order };
  }

  /** Whose a transaction of this block is. */
  #ownerNow(id: string): PartOf {
    if (this.#block.orders.some((order) => order.id === id)) return { owner: 'order', id };
    const cancelled = this.cancellations.find((cancellation) => cancellation.id === id);
    if (cancelled !== undefined) return { owner: 'order', id: cancelled.order };
    const crossBank = this.#block.transactions.get(id)?.owner ?? null;
    if (crossBank !== null) return { owner: 'crossbank', id: crossBank };
    return { owner: this.#block.holds.has(id) ? 'hold' : 'transaction', id };
  }
}
