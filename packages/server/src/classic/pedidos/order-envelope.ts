import { NO_LEASE_TOKENS, type Envelope } from '@lastro/core';
import { v7 as uuidV7 } from 'uuid';
import { commandHash } from '../../http/command-id.ts';
import type { OrderChoice } from './order-choice.ts';

/** Whose commands the orders of this surface are. */
const PRINCIPAL = 'classic:pedidos';

const ROUTE = 'POST /pedido';

/**
 * The command of an order. Built once for an order: every further try must submit this very
 * envelope, for its transfer ids are new each time.
 */
export function orderEnvelope(id: string, choice: OrderChoice, merchant: string): Envelope {
  const { customer, lines } = choice;
  const body = {
    customer,
    merchant,
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity: quantity.toString() })),
  };
  return {
    principal: PRINCIPAL,
    id,
    hash: commandHash(ROUTE, body),
    leaseTokens: NO_LEASE_TOKENS,
    command: {
      type: 'PlaceOrder',
      id,
      customer,
      merchant,
      lines,
      expectedTotal: null,
      transferIds: Array.from({ length: lines.length + 1 }, () => uuidV7()),
    },
  };
}
