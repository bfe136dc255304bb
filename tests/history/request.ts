import type {
  AccountRequest,
  AdjustmentRequest,
  BatchRequest,
  CashRequest,
  ErrorCode,
  OrderRequest,
  ProductChange,
  ProductRequest,
  ReceiptRequest,
  TransactionRequest,
  TransferRequest,
} from '@lastro/contract';
import type { Method } from '../harness/http-caller.ts';

// What a client of a random history may send. Whoever judges the history knows from it alone which
// command was meant.

interface CommandBase {
  /** The `Idempotency-Key`. */
  readonly key: string | null;
  /** What the edge must refuse it with, for its form or its caller; null: it is well formed. */
  readonly flaw: ErrorCode | null;
}

/** A request that asks for one command. */
export type CommandRequest = CommandBase &
  (
    | { readonly resource: 'accounts'; readonly body: AccountRequest }
    | { readonly resource: 'deposits' | 'withdrawals'; readonly body: CashRequest }
    | { readonly resource: 'transfers'; readonly body: TransferRequest }
    | { readonly resource: 'transactions'; readonly body: TransactionRequest }
    | { readonly resource: 'orders'; readonly body: OrderRequest }
    | { readonly resource: 'products'; readonly body: ProductRequest }
    | {
        readonly resource: 'change';
        readonly sku: string;
        readonly version: number;
        readonly body: ProductChange;
      }
    | { readonly resource: 'receipts'; readonly sku: string; readonly body: ReceiptRequest }
    | { readonly resource: 'adjustments'; readonly sku: string; readonly body: AdjustmentRequest }
  );

/** A request that asks for several transfers, each a command of its own. */
export type BatchOfTransfers = CommandBase & {
  readonly resource: 'batch';
  readonly body: BatchRequest;
};

export type ReadRequest =
  | {
      readonly resource:
        | 'account'
        | 'entries'
        | 'product'
        | 'order'
        | 'transfer'
        | 'transaction'
        | 'command';
      readonly id: string;
    }
  | { readonly resource: 'order list' | 'product list' | 'transfer list'; readonly limit: number }
  | { readonly resource: 'events'; readonly after: number; readonly limit: number }
  | { readonly resource: 'trial balance' | 'consistency' };

export type WriteRequest = CommandRequest | BatchOfTransfers;
export type Request = WriteRequest | ReadRequest;

export function isRead(request: Request): request is ReadRequest {
  return !('flaw' in request);
}

export function methodOf(request: Request): Method {
  if (isRead(request)) return 'GET';
  return request.resource === 'change' ? 'PATCH' : 'POST';
}

export function pathOf(request: Request): string {
  switch (request.resource) {
    case 'batch':
      return '/v1/transfers/batch';
    case 'change':
      return `/v1/products/${request.sku}`;
    case 'receipts':
    case 'adjustments':
      return `/v1/products/${request.sku}/${request.resource}`;
    case 'entries':
      return `/v1/accounts/${request.id}/entries?limit=1000`;
    case 'account':
    case 'product':
    case 'order':
    case 'transfer':
    case 'transaction':
    case 'command':
      return `/v1/${request.resource}s/${encodeURIComponent(request.id)}`;
    case 'order list':
      return `/v1/orders?limit=${request.limit}`;
    case 'product list':
      return `/v1/products?limit=${request.limit}`;
    case 'transfer list':
      return `/v1/transfers?limit=${request.limit}`;
    case 'events':
      return `/v1/events?after=${request.after}&limit=${request.limit}`;
    case 'trial balance':
      return '/v1/trial-balance';
    case 'consistency':
      return '/v1/consistency';
    case 'accounts':
    case 'deposits':
    case 'withdrawals':
    case 'transfers':
    case 'transactions':
    case 'orders':
    case 'products':
      return `/v1/${request.resource}`;
  }
}

/** The id that the client gave the command; null when it left that to the bank. */
export function chosenId(request: CommandRequest): string | null {
  const { body } = request;
  return ('id' in body ? body.id : undefined) ?? request.key;
}

/** The route as the command's hash covers it: the version that a change is about is part of it. */
export function routeOf(request: CommandRequest): string {
  const route = `${methodOf(request)} ${pathOf(request)}`;
  return request.resource === 'change' ? `${route} ${request.version}` : route;
}
