import type {
  AccountAnswer,
  AccountChange,
  AccountRequest,
  AdjustmentRequest,
  BalanceAnswer,
  BatchAnswer,
  BatchRequest,
  CancellationRequest,
  CaptureRequest,
  CashRequest,
  CommandAnswer,
  Consistency,
  Entry,
  EventList,
  ExtensionRequest,
  HoldAnswer,
  HoldRequest,
  LeaseAnswer,
  LeaseList,
  LeaseReleaseAnswer,
  LeaseRenewal,
  LeaseRenewalAnswer,
  LeaseRequest,
  OrderAnswer,
  OrderRequest,
  ProductAnswer,
  ProductChange,
  ProductRequest,
  ReceiptRequest,
  ReleaseRequest,
  ReversalRequest,
  StatusRequest,
  TransactionAnswer,
  TransactionRequest,
  TransactionReversalRequest,
  TransferAnswer,
  TransferRequest,
  TrialBalance,
} from '@lastro/contract';
import { AcrossClient } from './across.ts';
import { ApiKeysClient } from './api-keys.ts';
import { ConsentsClient } from './consents.ts';
import type {
  AccountFilter,
  CallOptions,
  CommandOptions,
  HoldQuery,
  OrderQuery,
  LastroClientOptions,
  MetadataQuery,
  Page,
  PageQuery,
  TransferFilter,
} from './options.ts';
import { PeersClient } from './peers.ts';
import { pathOf, Transport } from './transport.ts';

/**
 * A bank, one method per route. Amounts are numbers in minor units. Every method rejects with
 * `LastroError` and with nothing else; every command may be called again under its id.
 */
export class LastroClient {
  /** The other banks of a consortium. */
  readonly peers: PeersClient;
  /** Payments between them. */
  readonly across: AcrossClient;
  readonly consents: ConsentsClient;
  readonly apiKeys: ApiKeysClient;
  readonly #transport: Transport;

  constructor(options: LastroClientOptions) {
    this.#transport = new Transport(options);
    this.peers = new PeersClient(this.#transport);
    this.across = new AcrossClient(this.#transport);
    this.apiKeys = new ApiKeysClient(this.#transport);
    this.consents = new ConsentsClient(this.#transport);
  }

  openAccount(account: AccountRequest, options: CommandOptions = {}): Promise<AccountAnswer> {
    return this.#transport.keyedCommand('POST', '/v1/accounts', account, options);
  }

  readAccount(id: string, options?: CallOptions): Promise<AccountAnswer> {
    return this.#transport.read(pathOf('v1', 'accounts', id), {}, options);
  }

  /** A page may have fewer than `limit`, even none, and yet go on: the end is a `next` of null. */
  listAccounts(
    query: PageQuery & MetadataQuery & AccountFilter = {},
    options?: CallOptions,
  ): Promise<Page<AccountAnswer>> {
    return this.#transport.read('/v1/accounts', { ...query }, options);
  }

  /** Changes limits; with `version` only those of that version. Needs an admin key. */
  changeAccount(
    id: string,
    change: AccountChange,
    options: CommandOptions & { readonly version?: number } = {},
  ): Promise<AccountAnswer> {
    const { version } = options;
    const headers = version === undefined ? {} : { 'if-match': `"${version}"` };
    const path = pathOf('v1', 'accounts', id);
    return this.#transport.keyedCommand('PATCH', path, change, options, headers);
  }

  /** Once a freeze is answered nothing more leaves the account. Needs an admin key. */
  changeAccountStatus(
    id: string,
    action: 'freeze' | 'unfreeze' | 'close' | 'reopen',
    status: StatusRequest = {},
    options: CommandOptions = {},
  ): Promise<AccountAnswer> {
    const path = pathOf('v1', 'accounts', id, action);
    return this.#transport.keyedCommand('POST', path, status, options);
  }

  /** The balance as an event left it, or as of what was booked by a moment (RFC 3339); else now. */
  readBalance(
    account: string,
    asOf:
      | { readonly atSeq: number }
      | { readonly at: string }
      | Readonly<Record<string, never>> = {},
    options?: CallOptions,
  ): Promise<BalanceAnswer> {
    return this.#transport.read(pathOf('v1', 'accounts', account, 'balance'), { ...asOf }, options);
  }

  /** Newest first. */
  listEntries(account: string, query: PageQuery = {}, options?: CallOptions): Promise<Page<Entry>> {
    return this.#transport.read(
      pathOf('v1', 'accounts', account, 'entries'),
      { ...query },
      options,
    );
  }

  /**
   * Asks for the exclusive right to write an account. With `wait` the call takes up to that much
   * longer than its deadline says, unless `options` name one.
   */
  requestLease(
    account: string,
    request: LeaseRequest,
    options: CommandOptions = {},
  ): Promise<LeaseAnswer> {
    const path = pathOf('v1', 'accounts', account, 'leases');
    return this.#transport.patientCommand(path, request, (request.wait ?? 0) * 1_000, options);
  }

  /** Lets a lease last `ttl` seconds from now. */
  renewLease(
    account: string,
    lease: string,
    renewal: LeaseRenewal = {},
    options: CommandOptions = {},
  ): Promise<LeaseRenewalAnswer> {
    const path = pathOf('v1', 'accounts', account, 'leases', lease, 'renew');
    return this.#transport.keyedCommand('POST', path, renewal, options);
  }

  /** Gives a lease back, or the place in the queue for it. */
  releaseLease(
    account: string,
    lease: string,
    options: CommandOptions = {},
  ): Promise<LeaseReleaseAnswer> {
    const path = pathOf('v1', 'accounts', account, 'leases', lease, 'release');
    return this.#transport.keyedCommand('POST', path, undefined, options);
  }

  /** Who holds the account, then who waits for it, in the order of service. */
  listLeases(account: string, options?: CallOptions): Promise<LeaseList> {
    return this.#transport.read(pathOf('v1', 'accounts', account, 'leases'), {}, options);
  }

  /** Needs an admin key. */
  deposit(deposit: CashRequest, options: CommandOptions = {}): Promise<TransferAnswer> {
    return this.#transport.command('/v1/deposits', deposit, options);
  }

  /** Needs an admin key. */
  withdraw(withdrawal: CashRequest, options: CommandOptions = {}): Promise<TransferAnswer> {
    return this.#transport.command('/v1/withdrawals', withdrawal, options);
  }

  transfer(transfer: TransferRequest, options: CommandOptions = {}): Promise<TransferAnswer> {
    return this.#transport.command('/v1/transfers', transfer, options);
  }

  /** Independent transfers, 1 to 1000: each has its own result, in the order given. */
  transferBatch(
    transfers: BatchRequest['transfers'],
    options: CommandOptions = {},
  ): Promise<BatchAnswer> {
    return this.#transport.keyedCommand('POST', '/v1/transfers/batch', { transfers }, options);
  }

  readTransfer(id: string, options?: CallOptions): Promise<TransferAnswer> {
    return this.#transport.read(pathOf('v1', 'transfers', id), {}, options);
  }

  /** A page may have fewer than `limit`, even none, and yet go on: the end is a `next` of null. */
  listTransfers(
    query: PageQuery & MetadataQuery & TransferFilter = {},
    options?: CallOptions,
  ): Promise<Page<TransferAnswer>> {
    return this.#transport.read('/v1/transfers', { ...query }, options);
  }

  /** All of its transfers or none. */
  transact(
    transaction: TransactionRequest,
    options: CommandOptions = {},
  ): Promise<TransactionAnswer> {
    return this.#transport.command('/v1/transactions', transaction, options);
  }

  readTransaction(id: string, options?: CallOptions): Promise<TransactionAnswer> {
    return this.#transport.read(pathOf('v1', 'transactions', id), {}, options);
  }

  /** Moves all or a part of a transfer back. Deposits and withdrawals need an admin key. */
  reverseTransfer(
    id: string,
    reversal: ReversalRequest = {},
    options: CommandOptions = {},
  ): Promise<TransferAnswer> {
    return this.#transport.command(pathOf('v1', 'transfers', id, 'reversals'), reversal, options);
  }

  /** Moves a transaction or a captured group back, whole. */
  reverseTransaction(
    id: string,
    reversal: TransactionReversalRequest = {},
    options: CommandOptions = {},
  ): Promise<TransactionAnswer> {
    const path = pathOf('v1', 'transactions', id, 'reversals');
    return this.#transport.command(path, reversal, options);
  }

  /** Promises one transfer, or several that end together. */
  placeHold(hold: HoldRequest, options: CommandOptions = {}): Promise<HoldAnswer> {
    return this.#transport.command('/v1/holds', hold, options);
  }

  /** Posts what was promised; with an `amount` that part of it, and the rest is released. */
  captureHold(
    id: string,
    capture: CaptureRequest = {},
    options: CommandOptions = {},
  ): Promise<HoldAnswer> {
    return this.#transport.command(pathOf('v1', 'holds', id, 'capture'), capture, options);
  }

  releaseHold(
    id: string,
    release: ReleaseRequest = {},
    options: CommandOptions = {},
  ): Promise<HoldAnswer> {
    return this.#transport.command(pathOf('v1', 'holds', id, 'release'), release, options);
  }

  /** Lets a hold last longer: `ttl` seconds from now, or until `expiresAt`. */
  extendHold(
    id: string,
    extension: ExtensionRequest,
    options: CommandOptions = {},
  ): Promise<HoldAnswer> {
    return this.#transport.command(pathOf('v1', 'holds', id, 'extend'), extension, options);
  }

  readHold(id: string, options?: CallOptions): Promise<HoldAnswer> {
    return this.#transport.read(pathOf('v1', 'holds', id), {}, options);
  }

  /** Newest first. */
  listHolds(query: HoldQuery = {}, options?: CallOptions): Promise<Page<HoldAnswer>> {
    return this.#transport.read('/v1/holds', { ...query }, options);
  }

  /** Needs an admin key. */
  createProduct(product: ProductRequest, options: CommandOptions = {}): Promise<ProductAnswer> {
    return this.#transport.keyedCommand('POST', '/v1/products', product, options);
  }

  readProduct(sku: string, options?: CallOptions): Promise<ProductAnswer> {
    return this.#transport.read(pathOf('v1', 'products', sku), {}, options);
  }

  listProducts(query: PageQuery = {}, options?: CallOptions): Promise<Page<ProductAnswer>> {
    return this.#transport.read('/v1/products', { ...query }, options);
  }

  /** Needs an admin key. Refused with `version_conflict` unless the product has this `version`. */
  changeProduct(
    sku: string,
    version: number,
    change: ProductChange,
    options: CommandOptions = {},
  ): Promise<ProductAnswer> {
    const headers = { 'if-match': `"${version}"` };
    const path = pathOf('v1', 'products', sku);
    return this.#transport.keyedCommand('PATCH', path, change, options, headers);
  }

  /** Goods arrive. Needs an admin key. */
  receiveGoods(
    sku: string,
    receipt: ReceiptRequest,
    options: CommandOptions = {},
  ): Promise<ProductAnswer> {
    return this.#transport.command(pathOf('v1', 'products', sku, 'receipts'), receipt, options);
  }

  /** Goods are found (above zero) or written off (below). Needs an admin key. */
  adjustGoods(
    sku: string,
    adjustment: AdjustmentRequest,
    options: CommandOptions = {},
  ): Promise<ProductAnswer> {
    return this.#transport.command(
      pathOf('v1', 'products', sku, 'adjustments'),
      adjustment,
      options,
    );
  }

  placeOrder(order: OrderRequest, options: CommandOptions = {}): Promise<OrderAnswer> {
    return this.#transport.command('/v1/orders', order, options);
  }

  readOrder(id: string, options?: CallOptions): Promise<OrderAnswer> {
    return this.#transport.read(pathOf('v1', 'orders', id), {}, options);
  }

  listOrders(query: OrderQuery = {}, options?: CallOptions): Promise<Page<OrderAnswer>> {
    return this.#transport.read('/v1/orders', { ...query }, options);
  }

  /** Takes a completed order back: money and goods as one, or nothing. */
  cancelOrder(
    id: string,
    cancellation: CancellationRequest = {},
    options: CommandOptions = {},
  ): Promise<OrderAnswer> {
    return this.#transport.command(pathOf('v1', 'orders', id, 'cancel'), cancellation, options);
  }

  /** Now, or as the event `atSeq` left it. */
  trialBalance(options: CallOptions & { readonly atSeq?: number } = {}): Promise<TrialBalance> {
    const { atSeq, ...call } = options;
    return this.#transport.read('/v1/trial-balance', atSeq === undefined ? {} : { atSeq }, call);
  }

  consistency(options?: CallOptions): Promise<Consistency> {
    return this.#transport.read('/v1/consistency', {}, options);
  }

  /** What became of one of this key's commands. `unknown` is no answer: send the command again. */
  readCommand(id: string, options?: CallOptions): Promise<CommandAnswer> {
    return this.#transport.read(pathOf('v1', 'commands', id), {}, options);
  }

  /** The events after `after` (default: from the first on); `next` is the `after` that goes on. */
  listEvents(
    query: { readonly after?: number; readonly limit?: number } = {},
    options?: CallOptions,
  ): Promise<EventList> {
    return this.#transport.read('/v1/events', { ...query }, options);
  }

  /** Resolves when the process answers. */
  livez(options: CallOptions = {}): Promise<void> {
    return this.#transport.probe('/livez', options);
  }

  /** Resolves when the bank can take commands, waiting for it until the deadline. */
  readyz(options: CallOptions = {}): Promise<void> {
    return this.#transport.probe('/readyz', options);
  }

  /** Waits for calls under way, then closes the connections. */
  close(): Promise<void> {
    return this.#transport.close();
  }
}
