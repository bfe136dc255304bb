import type { OrderRequest } from '@lastro/contract';
import type { consortium, CrossBankOrder } from '@lastro/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidV7 } from 'uuid';
import { commandId } from '../http/command-id.ts';
import { answerAcross } from '../http/cross-bank/answer-across.ts';
import { hostOf } from '../http/cross-bank/begin-across.ts';
import { patienceOf } from '../http/cross-bank/patience.ts';
import { placeOf } from '../http/cross-bank/place.ts';
import { ProblemError } from '../http/problem.ts';
import { addressOf } from '../http/run-command.ts';
import { readCrossTransaction } from '../store/consortium-reads.ts';
import type { Snapshot } from '../store/reads.ts';
import { presentCompleted } from './order-answer.ts';
import type { OrdersParts } from './routes.ts';

/** The route that an order's hash names. */
export const ORDERS = 'POST /v1/orders';

/**
 * A purchase whose customer has the money in another bank: the goods are promised here in the event
 * that begins the transaction, and all of it moves or nothing does.
 */
export async function placeAcross(
  { reads, bank, crossBank }: OrdersParts,
  request: FastifyRequest,
  reply: FastifyReply,
  body: OrderRequest,
): Promise<FastifyReply> {
  const { consent } = body;
  if (consent === undefined) {
    const detail = 'is missing: the customer’s account lies in another bank';
    throw new ProblemError('invalid_request', { errors: [{ pointer: '/consent', detail }] });
  }
  const address = addressOf(request, ORDERS, commandId(request, body.id), body);
  const patience = patienceOf(body, Date.now());
  const host = hostOf(crossBank);
  const lines = body.lines.map(({ sku, quantity }) => ({ sku, quantity: BigInt(quantity) }));
  const { total, asset } = await priceOf(reads, lines, body.expectedTotal);
  const { merchant } = body;
  const order: CrossBankOrder = {
    id: body.id ?? uuidV7(),
    customer: body.customer,
    merchant,
    lines,
    total,
  };
  const leg: consortium.Leg = {
    from: placeOf(body.customer, bank),
    to: { bank, account: merchant },
    amount: total,
    asset,
    consent,
  };
  const wanted = { legs: [leg], patience, order };
  return answerAcross(host, request, reply, address, wanted, async ({ id, seq, at }) => {
    // Sent again it gets the first one's order, whose id was chosen then.
    const record = await readCrossTransaction(reads, id);
    if (record === undefined || record.order === null) throw new Error(`${id} has no order`);
    return presentCompleted(record.order, { transaction: id, seq, at });
  });
}

/** What an unknown product counts: the ledger says that it is unknown, and records it. */
const NOTHING = 'NONE/0';

/**
 * What the client expects to pay, else what the lines cost now. The ledger refuses with
 * `price_changed` when they cost something else by the time that the transaction begins. Throws
 * `amount_out_of_range` for what costs nothing: that moves no money, and needs no other bank.
 */
async function priceOf(
  reads: Snapshot,
  lines: CrossBankOrder['lines'],
  expectedTotal: number | undefined,
): Promise<{ readonly total: bigint; readonly asset: string }> {
  const rows = await reads.rows<{ sku: string; price: bigint; asset: string }>(
    'select sku, price, asset from product where sku = any($1::text[])',
    [lines.map(({ sku }) => sku)],
  );
  const prices = new Map(rows.map(({ sku, price }) => [sku, price]));
  let total = 0n;
  // An unknown product costs something, so that the ledger gets to see it.
  for (const { sku, quantity } of lines) total += (prices.get(sku) ?? 1n) * quantity;
  if (expectedTotal !== undefined) total = BigInt(expectedTotal);
  if (total === 0n) throw new ProblemError('amount_out_of_range');
  return { total, asset: rows[0]?.asset ?? NOTHING };
}
