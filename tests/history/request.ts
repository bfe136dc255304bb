import type {
  AccountChange,
  AccountRequest,
  AdjustmentRequest,
  BatchRequest,
  CancellationRequest,
  CaptureRequest,
  CashRequest,
  ErrorCode,
  ExtensionRequest,
  HoldRequest,
  LeaseRenewal,
  LeaseRequest,
  OrderRequest,
  ProductChange,
  ProductRequest,
  ReceiptRequest,
  ReleaseRequest,
  ReversalRequest,
  StatusRequest,
  TransactionRequest,
  TransactionReversalRequest,
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
  /** The leases under whose tokens it is sent, as far as anybody was told their tokens by then. */
  readonly under?: readonly string[];
}

/** Nobody's lease: a token that never was one stands for it. */
export const NO_LEASE = 'nobody’s';

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
    | DepthRequest
  );

/** Promises, corrections, the life of accounts, leases. */
export type DepthRequest =
  | { readonly resource: 'holds'; readonly body: HoldRequest }
  | { readonly resource: 'capture'; readonly hold: string; readonly body: CaptureRequest }
  | { readonly resource: 'release'; readonly hold: string; readonly body: ReleaseRequest }
  | { readonly resource: 'extend'; readonly hold: string; readonly body: ExtensionRequest }
  | {
      readonly resource: 'reversal';
      readonly reverses: string;
      /** Whether it is sent with a key that may move money out of the bank and into it. */
      readonly byAdmin: boolean;
      readonly body: ReversalRequest;
    }
  | {
      readonly resource: 'whole reversal';
      readonly reverses: string;
      readonly body: TransactionReversalRequest;
    }
  | { readonly resource: 'cancel'; readonly order: string; readonly body: CancellationRequest }
  | {
      readonly resource: 'limits';
      readonly account: string;
      readonly version: number | null;
      readonly body: AccountChange;
    }
  | {
      readonly resource: 'freeze' | 'unfreeze' | 'close' | 'reopen';
      readonly account: string;
      readonly body: StatusRequest;
    }
  | { readonly resource: 'leases'; readonly account: string; readonly body: LeaseRequest }
  | {
      readonly resource: 'renew';
      readonly account: string;
      readonly lease: string;
      readonly body: LeaseRenewal;
    }
  | {
      readonly resource: 'give back';
      readonly account: string;
      readonly lease: string;
      readonly body: Readonly<Record<string, never>>;
    };

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
        | 'command'
        | 'hold';
      readonly id: string;
    }
  | { readonly resource: 'lease list'; readonly id: string }
  | {
      readonly resource: 'order list' | 'product list' | 'transfer list' | 'hold list';
      readonly limit: number;
    }
  | { readonly resource: 'events'; readonly after: number; readonly limit: number }
  | { readonly resource: 'trial balance' | 'consistency' };

export type WriteRequest = CommandRequest | BatchOfTransfers;
export type Request = WriteRequest | ReadRequest;

export function isRead(request: Request): request is ReadRequest {
  return !('flaw' in request);
}

export function methodOf(request: Request): Method {
  if (isRead(request)) return 'GET';
  return request.resource === 'change' || request.resource === 'limits' ? 'PATCH' : 'POST';
}

export function isDepth(request: Request): request is CommandBase & DepthRequest {
  return DEPTHS.has(request.resource);
}

const DEPTHS: ReadonlySet<string> = new Set<DepthRequest['resource']>([
  'holds',
  'capture',
  'release',
  'extend',
  'reversal',
  'whole reversal',
  'cancel',
  'limits',
  'freeze',
  'unfreeze',
  'close',
  'reopen',
  'leases',
  'renew',
  'give back',
]);

export function pathOf(request: Request): string {
  if (isDepth(request)) return depthPathOf(request);
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
    case 'hold':
      return `/v1/${request.resource}s/${encodeURIComponent(request.id)}`;
    case 'order list':
      return `/v1/orders?limit=${request.limit}`;
    case 'product list':
      return `/v1/products?limit=${request.limit}`;
    case 'transfer list':
      return `/v1/transfers?limit=${request.limit}`;
    case 'hold list':
      return `/v1/holds?limit=${request.limit}`;
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
    case 'lease list':
      return `/v1/accounts/${request.id}/leases`;
  }
}

function depthPathOf(request: DepthRequest): string {
  switch (request.resource) {
    case 'holds':
      return '/v1/holds';
    case 'capture':
    case 'release':
    case 'extend':
      return `/v1/holds/${request.hold}/${request.resource}`;
    case 'reversal':
      return `/v1/transfers/${request.reverses}/reversals`;
    case 'whole reversal':
      return `/v1/transactions/${request.reverses}/reversals`;
    case 'cancel':
      return `/v1/orders/${request.order}/cancel`;
    case 'limits':
      return `/v1/accounts/${request.account}`;
    case 'freeze':
    case 'unfreeze':
    case 'close':
    case 'reopen':
    case 'leases':
      return `/v1/accounts/${request.account}/${request.resource}`;
    case 'renew':
      return `/v1/accounts/${request.account}/leases/${request.lease}/renew`;
    case 'give back':
      return `/v1/accounts/${request.account}/leases/${request.lease}/release`;
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
  if (request.resource === 'limits') return `${route} ${request.version ?? 'any'}`;
  return request.resource === 'change' ? `${route} ${request.version}` : route;
}
