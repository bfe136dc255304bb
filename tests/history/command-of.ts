import { NO_METADATA, type Command } from '@lastro/core';
import { conditionOf, depthCommandOf, unseenId } from './depth-command-of.ts';
import type { EventAnswer, TransferRequest as WireTransfer } from '@lastro/contract';
import { isDepth, type CommandRequest } from './request.ts';

/**
 * The command that a request asked for. Ids that were left to the bank are those of the event that
 * settled it; a refusal doesn't name them, and any that nobody has will do.
 */
export function commandOf(request: CommandRequest, { seq, data }: EventAnswer): Command {
  const chosen = (name: string) => {
    const found = data[name];
    return typeof found === 'string' ? found : unseenId(seq);
  };
  if (isDepth(request)) return depthCommandOf(request, { seq, data });
  switch (request.resource) {
    case 'accounts': {
      const { id, asset, creditLimit = 0, maximumBalance = null } = request.body;
      const { metadata = NO_METADATA } = request.body;
      const limit = creditLimit === null ? null : BigInt(creditLimit);
      const account = id ?? chosen('account');
      return {
        type: 'OpenAccount',
        account,
        asset,
        creditLimit: limit,
        maximumBalance: maximumBalance === null ? null : BigInt(maximumBalance),
        metadata,
      };
    }
    case 'deposits':
    case 'withdrawals': {
      const { id = chosen('id'), account, amount, metadata = NO_METADATA } = request.body;
      const type = request.resource === 'deposits' ? 'Deposit' : 'Withdraw';
      return { type, id, account, amount: BigInt(amount), metadata };
    }
    case 'transfers':
      return { type: 'PostTransfer', ...transferOf(request.body, chosen('id')) };
    case 'transactions': {
      const { id = chosen('id'), transfers } = request.body;
      const ids = idsIn(data['transfers']);
      return {
        type: 'PostTransaction',
        id,
        transfers: transfers.map((one, leg) =>
          transferOf(one, ids[leg] ?? `${unseenId(seq)}-${leg}`),
        ),
      };
    }
    case 'orders': {
      const { id = chosen('id'), customer, merchant, lines, expectedTotal } = request.body;
      const ids = data['transferIds'];
      return {
        type: 'PlaceOrder',
        id,
        customer,
        merchant,
        lines: lines.map(({ sku, quantity }) => ({ sku, quantity: BigInt(quantity) })),
        expectedTotal: expectedTotal === undefined ? null : BigInt(expectedTotal),
        transferIds: Array.isArray(ids)
          ? ids.map(String)
          : Array.from({ length: lines.length + 1 }, (_, leg) => `${unseenId(seq)}-${leg}`),
      };
    }
    case 'products':
    case 'change':
    case 'receipts':
    case 'adjustments':
      return goodsCommandOf(request, chosen('transferId'));
  }
}

type GoodsRequest = Extract<
  CommandRequest,
  { readonly resource: 'products' | 'change' | 'receipts' | 'adjustments' }
>;

function goodsCommandOf(request: GoodsRequest, chosenId: string): Command {
  switch (request.resource) {
    case 'products': {
      const { sku, name, price, asset, stock, merchant = null } = request.body;
      return {
        type: 'CreateProduct',
        sku,
        name,
        price: BigInt(price),
        asset,
        merchant,
        stock: BigInt(stock),
        transferId: chosenId,
      };
    }
    case 'change': {
      const { sku, version } = request;
      const { name = null, price } = request.body;
      const wanted = price === undefined ? null : BigInt(price);
      return { type: 'ChangeProduct', sku, version, name, price: wanted };
    }
    case 'receipts': {
      const { id = chosenId, quantity } = request.body;
      const { sku } = request;
      return { type: 'ReceiveGoods', sku, quantity: BigInt(quantity), transferId: id };
    }
    case 'adjustments': {
      const { id = chosenId, quantity, reason } = request.body;
      const { sku } = request;
      return { type: 'AdjustGoods', sku, quantity: BigInt(quantity), reason, transferId: id };
    }
  }
}

function transferOf(wanted: WireTransfer, chosen: string) {
  const { id = chosen, from, to, amount, metadata = NO_METADATA } = wanted;
  return { id, from, to, amount: BigInt(amount), metadata, condition: conditionOf(wanted) };
}

function idsIn(transfers: unknown): readonly string[] {
  if (!Array.isArray(transfers)) return [];
  return transfers.map((transfer: { id?: unknown }) => String(transfer.id));
}
