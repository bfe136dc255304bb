import { cashAccount, isSystemAccount } from './account-id.ts';
import { balance, type Account } from './account.ts';
import type { Condition, Deposit, HoldRequest, PostTransfer, Withdraw } from './command.ts';
import type { HoldLeg } from './hold.ts';
import type { Ruling } from './decision.ts';
import type { LedgerView } from './ledger.ts';
import { movementRefusal } from './movement.ts';
import type { Metadata } from './metadata.ts';
import type { Refusal } from './refusal.ts';
import type { Terms } from './terms.ts';
import type { Transfer } from './transfer.ts';

export function decideTransfer(view: LedgerView, command: PostTransfer, terms: Terms): Ruling {
  return posted(view, command.id, requestedTransfer(view, command, terms));
}

export function decideDeposit(view: LedgerView, command: Deposit, terms: Terms): Ruling {
  const to = clientAccount(view, command.account);
  if (!isAccount(to)) return to;
  const cash = view.account(cashAccount(to.asset));
  return cash === undefined
    ? { code: 'asset_unknown' }
    : posted(view, command.id, checkedTransfer(command, null, cash, to, terms));
}

export function decideWithdrawal(view: LedgerView, command: Withdraw, terms: Terms): Ruling {
  const from = clientAccount(view, command.account);
  if (!isAccount(from)) return from;
  const cash = view.account(cashAccount(from.asset));
  return cash === undefined
    ? { code: 'asset_unknown' }
    : posted(view, command.id, checkedTransfer(command, null, from, cash, terms));
}

/** A client's transfer, checked against every rule but that of its id; or why not. */
export function requestedTransfer(
  view: LedgerView,
  request: HoldRequest,
  terms: Terms,
): HoldLeg | Refusal {
  const from = clientAccount(view, request.from);
  if (!isAccount(from)) return from;
  const to = clientAccount(view, request.to);
  if (!isAccount(to)) return to;
  return checkedTransfer(request, request.condition, from, to, terms);
}

/**
 * Ids are judged last: a block that is tried on trust learns of a taken id only from what it would
 * write, and a refusal must not depend on how its block was tried.
 */
function posted(view: LedgerView, id: string, leg: HoldLeg | Refusal): Ruling {
  if (!isLeg(leg)) return leg;
  if (view.isTransferTaken(id)) return { code: 'id_taken' };
  return { type: 'transfer.posted', transfer: identified(leg, id) };
}

/** A leg with its id: members in the order of every transfer. */
export function identified(leg: HoldLeg, id: string): Transfer {
  const { from, to, amount, asset, metadata } = leg;
  return { id, from, to, amount, asset, metadata };
}

function checkedTransfer(
  request: { readonly amount: bigint; readonly metadata: Metadata },
  condition: Condition | null,
  from: Account,
  to: Account,
  terms: Terms,
): HoldLeg | Refusal {
  const { amount, metadata } = request;
  if (amount <= 0n || amount > terms.rules.amountMax) return { code: 'amount_out_of_range' };
  const refusal =
    (condition === null ? undefined : conditionRefusal(from, to, condition)) ??
    movementRefusal(from, to, amount, terms);
  if (refusal !== undefined) return refusal;
  return { from: from.id, to: to.id, amount, asset: from.asset, metadata };
}

function conditionRefusal(from: Account, to: Account, condition: Condition): Refusal | undefined {
  const { version, balanceAtLeast, creditedVersion = to.version } = condition;
  if ((version !== null && version !== from.version) || creditedVersion !== to.version) {
    return { code: 'condition_failed', condition: 'ifVersion' };
  }
  return balanceAtLeast !== null && balance(from) < balanceAtLeast
    ? { code: 'condition_failed', condition: 'ifBalanceAtLeast' }
    : undefined;
}

/** The account when clients may move it. */
export function clientAccount(view: LedgerView, id: string): Account | Refusal {
  if (isSystemAccount(id)) return { code: 'system_account', account: id };
  return view.account(id) ?? { code: 'account_not_found', account: id };
}

export function isAccount(found: Account | Refusal): found is Account {
  return !('code' in found);
}

export function isLeg(found: HoldLeg | Refusal): found is HoldLeg {
  return !('code' in found);
}
