export { decodeBody, encodeBody } from './body-text.ts';
export {
  coordinatorOf,
  participantsOf,
  transactionFault,
  type CrossBankTransaction,
  type Leg,
  type Place,
  type TransactionFault,
} from './cross-bank-transaction.ts';
export { isComplete, type Commit, type CrossBankDecision } from './cross-bank-decision.ts';
export {
  isLedgerEffect,
  type Alarm,
  type Answer,
  type Effect,
  type LedgerEffect,
  type OutwardEffect,
  type Step,
  type Wake,
} from './effect.ts';
export { localTransfers, peerAccount, type LocalTransfer } from './local-transfers.ts';
export type { CarriedDecision, HashedBody, Message } from './message.ts';
export type { ProtocolEvent } from './protocol-event.ts';
export type { ProtocolSettings, Standpoint } from './protocol-settings.ts';
export {
  afterRestart,
  isFinished,
  unknownTransaction,
  type Durable,
  type Memory,
  type TransactionState,
} from './protocol-state.ts';
export { decodeObjection, decodeReason, encodeObjection, encodeReason } from './reason-text.ts';
export { publication, reportFor } from './reconciliation.ts';
export {
  reopenedRegister,
  seenRegister,
  type RegisterPin,
  type RegisterPlace,
} from './register-pin.ts';
export { removalFloor } from './removal-floor.ts';
export { step } from './step.ts';
export type { NoReason, Objection, Vote, Yes } from './vote.ts';
