import type {
  CrossBankPending,
  CrossBankTransactionAnswer,
  OrderAnswer,
  OrderRequest,
  TransactionAnswer,
  TransactionRequest,
  TransferAnswer,
  TransferRequest,
} from '@lastro/contract';
import type {
  CallOptions,
  CommandOptions,
  CrossBankTransactionFilter,
  Page,
  PageQuery,
} from './options.ts';
import { pathOf, type Transport } from './transport.ts';

/** Money that moves between banks of one consortium, all or none. */
export class AcrossClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * A transfer to another bank, or from one by its consent. Resolves when it is decided, or to where
   * it stands when that takes longer than 8 s: `pending` ones go on by themselves.
   */
  transfer(
    transfer: TransferRequest,
    options: CommandOptions = {},
  ): Promise<TransferAnswer | CrossBankPending> {
    return this.#transport.command('/v1/transfers', transfer, options);
  }

  /** As the client's `transact`, with accounts of other banks among them; see `transfer`. */
  transact(
    transaction: TransactionRequest,
    options: CommandOptions = {},
  ): Promise<TransactionAnswer | CrossBankPending> {
    return this.#transport.command('/v1/transactions', transaction, options);
  }

  /** Of a customer whose account lies in another bank, by its consent; see `transfer`. */
  placeOrder(
    order: OrderRequest,
    options: CommandOptions = {},
  ): Promise<OrderAnswer | CrossBankPending> {
    return this.#transport.command('/v1/orders', order, options);
  }

  /** A transaction across banks, as the bank knows it, by its `<bank>/<uuid>`. */
  readTransaction(id: string, options?: CallOptions): Promise<CrossBankTransactionAnswer> {
    return this.#transport.read(pathOf('v1', 'transactions', ...id.split('/')), {}, options);
  }

  /** Transactions across banks, by coordinator and age. */
  listTransactions(
    query: CrossBankTransactionFilter & PageQuery = {},
    options?: CallOptions,
  ): Promise<Page<CrossBankTransactionAnswer>> {
    return this.#transport.read('/v1/transactions', { ...query }, options);
  }
}
