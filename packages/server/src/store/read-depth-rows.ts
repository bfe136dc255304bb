import {
  decodeEvent,
  postedTransfers,
  type CompletedOrder,
  type Correctable,
  type Hold,
  type HoldEnd,
  type HoldEndState,
  type HoldLeg,
  type Lease,
  type Metadata,
  type OrderLine,
  type PartOf,
  type PostedGroup,
  type StandingOrder,
} from '@lastro/core';
import { eventLine } from './read-event.ts';

/** One leg of a hold with its hold; the rows of a hold follow each other. */
export interface HoldRow {
  id: string;
  owner: string | null;
  seq: bigint;
  at: number;
  expires_at: number | null;
  end_state: HoldEndState | null;
  end_seq: bigint | null;
  end_at: number | null;
  leg: number;
  from: string;
  to: string;
  amount: bigint;
  asset: string;
  metadata: Metadata | null;
}

export function toHolds(rows: readonly HoldRow[]): readonly Hold[] {
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((legs) => {
    const [first] = legs;
    if (first === undefined) return [];
    const { id, owner, at, expires_at: expiresAt } = first;
    const [seq, end] = [Number(first.seq), toEnd(first)];
    return { id, owner, seq, at, expiresAt, legs: legs.map(toLeg), end };
  });
}

function toLeg({ from, to, amount, asset, metadata }: HoldRow): HoldLeg {
  return { from, to, amount, asset, metadata: metadata ?? {} };
}

function toEnd({ end_state: state, end_seq: seq, end_at: at }: HoldRow): HoldEnd | null {
  return state === null || seq === null || at === null ? null : { state, seq: Number(seq), at };
}

export interface LeaseRow {
  id: string;
  account: string;
  owner: string;
  ttl: number;
  ticket: bigint;
  wait_until: number;
  token: bigint | null;
  expires_at: number | null;
}

export function toLease(row: LeaseRow): Lease {
  const { id, account, owner, ttl, ticket, wait_until: waitUntil, token } = row;
  const expiresAt = row.expires_at;
  return {
    id,
    account,
    owner,
    ttl,
    ticket: Number(ticket),
    waitUntil,
    token: token === null ? null : Number(token),
    expiresAt,
  };
}

export interface CorrectableRow {
  id: string;
  from: string;
  to: string;
  amount: bigint;
  asset: string;
  metadata: Metadata | null;
  transaction: string | null;
  reversed: bigint;
  order_id: string | null;
  cross_bank: string | null;
  is_hold: boolean;
}

export function toCorrectable(row: CorrectableRow): Correctable {
  const { id, from, to, amount, asset, metadata, reversed } = row;
  const transfer = { id, from, to, amount, asset, metadata: metadata ?? {} };
  return { transfer, reversed, partOf: toPartOf(row) };
}

function toPartOf(row: CorrectableRow): PartOf | null {
  const { transaction, is_hold } = row;
  const owner = ownerOf(row);
  if (owner !== null) return owner;
  if (transaction === null) return null;
  return { owner: is_hold ? 'hold' : 'transaction', id: transaction };
}

/** What a whole transaction belongs to. */
function ownerOf(row: {
  readonly order_id: string | null;
  readonly cross_bank: string | null;
}): PartOf | null {
  const { order_id: order, cross_bank: crossBank } = row;
  if (order !== null) return { owner: 'order', id: order };
  return crossBank === null ? null : { owner: 'crossbank', id: crossBank };
}

export interface GroupRow {
  id: string;
  seq: bigint;
  first_seq: bigint;
  body: Buffer;
  order_id: string | null;
  cross_bank: string | null;
}

/**
 * What an event posted under an id, reversed or not; undefined where it moved nothing. A captured
 * hold of one transfer is no transaction: its transfer stands alone (see `groupOf` in `core`).
 */
export function toGroup(row: GroupRow): Omit<PostedGroup, 'isReversed'> | undefined {
  const line = eventLine(row.body, Number(row.first_seq), Number(row.seq));
  const fact = line === undefined ? undefined : decodeEvent(line).fact;
  if (fact === undefined) return undefined;
  const transfers = postedTransfers(fact);
  // A hold of one transfer became that transfer alone, which is corrected by itself.
  const isNoGroup = fact.type === 'hold.captured' && transfers.length === 1;
  return transfers.length === 0 || isNoGroup ? undefined : { partOf: ownerOf(row), transfers };
}

/** One line of an order with its order; the rows of an order follow each other. */
export interface OrderLineRow {
  id: string;
  seq: bigint;
  customer: string;
  merchant: string;
  asset: string | null;
  total: bigint | null;
  at: number;
  is_cancelled: boolean;
  cross_bank: string | null;
  sku: string;
  name: string | null;
  unit_price: bigint | null;
  quantity: bigint;
  line_total: bigint | null;
}

export function toStandingOrders(
  rows: readonly OrderLineRow[],
): readonly { readonly id: string; readonly order: StandingOrder }[] {
  return [...Map.groupBy(rows, ({ id }) => id)].map(([id, lines]) => ({
    id,
    order: toStandingOrder(lines),
  }));
}

function toStandingOrder(rows: readonly OrderLineRow[]): StandingOrder {
  const [first] = rows;
  if (first === undefined || first.asset === null || first.total === null) {
    return { state: 'refused' };
  }
  const { id, customer, merchant, asset, total, at } = first;
  const order: CompletedOrder = {
    status: 'completed',
    id,
    customer,
    merchant,
    asset,
    lines: rows.map(toLine),
    total,
    crossBank: first.cross_bank,
    seq: Number(first.seq),
    at,
  };
  return { state: first.is_cancelled ? 'cancelled' : 'completed', order };
}

function toLine({ sku, name, unit_price, quantity, line_total }: OrderLineRow): OrderLine {
  if (name === null || unit_price === null || line_total === null) {
    throw new Error(`a completed order has a line of ${sku} without price`);
  }
  return { sku, name, unitPrice: unit_price, quantity, total: line_total };
}
