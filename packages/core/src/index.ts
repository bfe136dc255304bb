export {
  available,
  balance,
  balanceMax,
  balanceMin,
  type Account,
  type AccountStatus,
} from './account.ts';
export {
  ACCOUNT_ID,
  cashAccount,
  isSystemAccount,
  isWideAccount,
  receivedAccount,
  SKU,
  soldAccount,
  stockAccount,
  writtenOffAccount,
} from './account-id.ts';
export { apply, orderTransfers } from './apply.ts';
export { goodsAsset, isClientAsset, parseAsset, type Asset } from './asset.ts';
export {
  AMOUNT_MAX_DEFAULT,
  ORDER_LINES_MAX,
  SAFE_MAX,
  TRANSACTION_TRANSFERS_MAX,
  WIDE_BALANCE_MAX,
} from './bounds.ts';
export type {
  AdjustGoods,
  ChangeProduct,
  Command,
  CreateProduct,
  Deposit,
  Envelope,
  OpenAccount,
  PlaceOrder,
  PostTransaction,
  PostTransfer,
  ReceiveGoods,
  TransferRequest,
  Withdraw,
} from './command.ts';
export * as consortium from './consortium/index.ts';
export { decide } from './decide.ts';
export type { Decision } from './decision.ts';
export {
  refusalOf,
  type CommandMark,
  type Event,
  type Fact,
  type FactType,
  type OrderCompleted,
  type OrderRefused,
} from './event.ts';
export { footprint, rowsOf, type Footprint } from './footprint.ts';
export { encodeBlock, encodeData, type BlockHeader } from './journal.ts';
export { decodeBlock, decodeEvent, type Block } from './journal-reader.ts';
export type { Ledger, LedgerView, Outcome } from './ledger.ts';
export { createMemoryLedger, outcomeKey, type MemoryLedger } from './memory-ledger.ts';
export { NO_METADATA, type Metadata } from './metadata.ts';
export type { CompletedOrder, Order, OrderLine, OrderRequestLine, RefusedOrder } from './order.ts';
export type { Product } from './product.ts';
export { refusalDetails, type Refusal, type RefusalCode } from './refusal.ts';
export type { Rules } from './rules.ts';
export type { PostedTransfer, Transfer } from './transfer.ts';
