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
export { apply } from './apply.ts';
export { goodsAccounts } from './goods.ts';
export { goodsAsset, isClientAsset, parseAsset, type Asset } from './asset.ts';
export {
  AMOUNT_MAX_DEFAULT,
  ORDER_LINES_MAX,
  HOLD_TRANSFERS_MAX,
  HOLD_TTL_DEFAULT_SECONDS,
  HOLD_TTL_MAX_SECONDS,
  LEASE_TTL_MAX_SECONDS,
  SAFE_MAX,
  TRANSACTION_TRANSFERS_MAX,
  WIDE_BALANCE_MAX,
} from './bounds.ts';
export { NO_LEASE_TOKENS } from './command.ts';
export type {
  AdjustGoods,
  ChangeProduct,
  Command,
  Condition,
  CreateProduct,
  Deposit,
  Envelope,
  Expiry,
  HoldRequest,
  LimitChange,
  OpenAccount,
  PlaceOrder,
  PostTransaction,
  PostTransfer,
  ReceiveGoods,
  TransferRequest,
  Withdraw,
} from './command.ts';
export * as consortium from './consortium/index.ts';
export type {
  BeginCrossBank,
  ConsentUses,
  CrossBankOrder,
  GrantConsent,
  RevokeConsent,
  SetExposureLimit,
} from './consortium-command.ts';
export type {
  ConsentGranted,
  ConsortiumFact,
  CrossBankAborted,
  CrossBankCommitted,
  CrossBankDoubted,
  CrossBankPrepared,
  PeerLimited,
} from './consortium-event.ts';
export { consentLeft, type Consent } from './consent.ts';
export {
  localTransactionId,
  type CrossBankRecord,
  type PendingOrder,
} from './cross-bank-record.ts';
export { decide } from './decide.ts';
export { decideOwn } from './decide-share.ts';
export type { Decision, OwnDecision } from './decision.ts';
export {
  transactionOf,
  type AbortShare,
  type CommitShare,
  type DoubtShare,
  type OwnCommand,
  type PrepareShare,
  type SettleShare,
} from './own-command.ts';
export {
  refusalOf,
  type AccountChanged,
  type AccountLeft,
  type AccountStatusChanged,
  type CommandMark,
  type Event,
  type Fact,
  type FactType,
  type HoldPlaced,
  type OrderCancelled,
  type OrderCompleted,
  type OrderRefused,
  type TransactionReversed,
  type TransferReversed,
} from './event.ts';
export { footprint, NO_FOOTPRINT, rowsOf, type Footprint } from './footprint.ts';
export { ownFootprint, ownRowsOf } from './own-footprint.ts';
export {
  groupOf,
  holdState,
  type Hold,
  type HoldEnd,
  type HoldEndState,
  type HoldLeg,
  type HoldState,
} from './hold.ts';
export { isHeld, type Lease } from './lease.ts';
export { passedLease } from './decide-lease.ts';
export type { Correctable, PartOf, PostedGroup, Reversal } from './posted.ts';
export { encodeBlock, encodeData, type BlockHeader } from './journal.ts';
export { encodeObjections, encodePendingOrder, encodeYes } from './journal-consortium.ts';
export {
  decodeObjections,
  decodePendingOrderText,
  decodeYesList,
} from './journal-consortium-reader.ts';
export { reader, type Reader } from './journal-members.ts';
export { parseJson } from './parse-json.ts';
export { decodeBlock, decodeEvent, type Block } from './journal-reader.ts';
export type { Ledger, LedgerView, Outcome, StandingOrder } from './ledger.ts';
export { createMemoryLedger, outcomeKey, type MemoryLedger } from './memory-ledger.ts';
export { NO_METADATA, type Metadata } from './metadata.ts';
export type {
  CompletedOrder,
  Order,
  OrderCancellation,
  OrderLine,
  OrderRequestLine,
  RefusedOrder,
} from './order.ts';
export { postedTransfers } from './posted-transfers.ts';
export type { Product } from './product.ts';
export { refusalDetails, type Refusal, type RefusalCode } from './refusal.ts';
export type { Rules } from './rules.ts';
export type { PostedTransfer, Transfer } from './transfer.ts';
