import type { Command, Envelope, PlaceOrder } from './command.ts';
import type { CrossBankOrder } from './consortium-command.ts';
import {
  decideChangeAccount,
  decideClose,
  decideFreeze,
  decideOpenAccount,
  decideReopen,
  decideUnfreeze,
} from './decide-account.ts';
import {
  decideCancelOrder,
  decideReverseTransaction,
  decideReverseTransfer,
} from './decide-correction.ts';
import { decideGrantConsent, decideRevokeConsent } from './decide-consent.ts';
import { decideBeginCrossBank } from './decide-cross-bank.ts';
import { decideExposureLimit } from './decide-exposure.ts';
import {
  decideCaptureHold,
  decideExtendHold,
  decidePlaceHold,
  decideReleaseHold,
} from './decide-hold.ts';
import { decideReleaseLease, decideRenewLease, decideRequestLease } from './decide-lease.ts';
import { decideOrder } from './decide-order.ts';
import {
  decideAdjustGoods,
  decideChangeProduct,
  decideCreateProduct,
  decideReceiveGoods,
} from './decide-product.ts';
import { decideTransaction } from './decide-transaction.ts';
import { decideDeposit, decideTransfer, decideWithdrawal } from './decide-transfer.ts';
import { isRefusal, type Decision, type Ruling } from './decision.ts';
import type { Fact } from './event.ts';
import { footprint, NO_FOOTPRINT } from './footprint.ts';
import type { LedgerView } from './ledger.ts';
import type { Refusal } from './refusal.ts';
import type { Rules } from './rules.ts';
import type { Terms } from './terms.ts';

/**
 * Settles one command against the ledger as it stands at block time `at`, milliseconds since 1970.
 * Pure: neither the view nor anything else changes; `apply` makes the effect. One id has one outcome
 * for ever (invariant I6).
 */
export function decide(view: LedgerView, envelope: Envelope, rules: Rules, at: number): Decision {
  const earlier = view.outcome(envelope.principal, envelope.id);
  if (earlier !== undefined) {
    return earlier.hash === envelope.hash
      ? { kind: 'replayed', seq: earlier.seq }
      : { kind: 'reused' };
  }
  const { command, leaseTokens } = envelope;
  const ruling = standsBehind(view, envelope, at)
    ? rule(view, command, { rules, at, leaseTokens })
    : ({ code: 'lease_lost' } as const);
  if (isRefusal(ruling) && isPostponed(command, ruling))
    return { kind: 'postponed', refusal: ruling };
  const fact = isRefusal(ruling) ? refusedFact(view, command, ruling) : ruling;
  return { kind: 'decided', fact };
}

/**
 * Whether every lease that the command names is held, on an account that it touches. Who comes with
 * the token of a lease that is over must not write, even where nobody else holds one by now.
 */
function standsBehind(view: LedgerView, { command, leaseTokens }: Envelope, at: number): boolean {
  if (leaseTokens.length === 0) return true;
  const held = new Set<number>();
  const account = (id: string) => {
    const { leaseToken = null, leaseUntil = null } = view.account(id) ?? {};
    if (leaseToken !== null && leaseUntil !== null && at < leaseUntil) held.add(leaseToken);
  };
  footprint(command, view, { ...NO_FOOTPRINT, account });
  return leaseTokens.every((token) => held.has(token));
}

function rule(view: LedgerView, command: Command, terms: Terms): Ruling {
  const { rules } = terms;
  switch (command.type) {
    case 'OpenAccount':
      return decideOpenAccount(view, command);
    case 'ChangeAccount':
      return decideChangeAccount(view, command);
    case 'FreezeAccount':
      return decideFreeze(view, command);
    case 'UnfreezeAccount':
      return decideUnfreeze(view, command);
    case 'CloseAccount':
      return decideClose(view, command);
    case 'ReopenAccount':
      return decideReopen(view, command);
    case 'PostTransfer':
      return decideTransfer(view, command, terms);
    case 'Deposit':
      return decideDeposit(view, command, terms);
    case 'Withdraw':
      return decideWithdrawal(view, command, terms);
    case 'PostTransaction':
      return decideTransaction(view, command, terms);
    case 'PlaceHold':
      return decidePlaceHold(view, command, terms);
    case 'CaptureHold':
      return decideCaptureHold(view, command, terms);
    case 'ReleaseHold':
      return decideReleaseHold(view, command, terms);
    case 'ExtendHold':
      return decideExtendHold(view, command, terms);
    case 'ReverseTransfer':
      return decideReverseTransfer(view, command, terms);
    case 'ReverseTransaction':
      return decideReverseTransaction(view, command, terms);
    case 'CreateProduct':
      return decideCreateProduct(view, command, rules);
    case 'ChangeProduct':
      return decideChangeProduct(view, command, rules);
    case 'ReceiveGoods':
      return decideReceiveGoods(view, command, terms);
    case 'AdjustGoods':
      return decideAdjustGoods(view, command, terms);
    case 'PlaceOrder':
      return decideOrder(view, command, terms);
    case 'CancelOrder':
      return decideCancelOrder(view, command, terms);
    case 'BeginCrossBank':
      return decideBeginCrossBank(view, command, terms);
    case 'SetExposureLimit':
      return decideExposureLimit(view, command);
    case 'GrantConsent':
      return decideGrantConsent(view, command, terms);
    case 'RevokeConsent':
      return decideRevokeConsent(view, command);
    case 'RequestLease':
      return decideRequestLease(view, command, terms);
    case 'RenewLease':
      return decideRenewLease(view, command, terms);
    case 'ReleaseLease':
      return decideReleaseLease(view, command, terms);
  }
}

/** What passes by itself is tried again, until the last time. */
function isPostponed(command: Command, { code }: Refusal): boolean {
  return code === 'funds_held' && command.type === 'BeginCrossBank' && !command.isLast;
}

/** A refused order stays findable under its id, unless that id is somebody else's. */
function refusedFact(view: LedgerView, command: Command, refusal: Refusal): Fact {
  const order = orderOf(command);
  if (order === null || view.isTransactionTaken(order.id) || refusal.code === 'id_taken') {
    return { type: 'command.refused', refusal };
  }
  const { id, customer, merchant, lines } = order;
  return { type: 'order.refused', id, customer, merchant, lines, refusal };
}

/** The order that a command places, if it does. */
function orderOf(command: Command): PlaceOrder | CrossBankOrder | null {
  if (command.type === 'PlaceOrder') return command;
  return command.type === 'BeginCrossBank' ? command.order : null;
}
