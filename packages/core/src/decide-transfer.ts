import type { Account } from './account.ts';
import { cashAccount, isSystemAccount } from './account-id.ts';
import type { Deposit, PostTransfer, TransferRequest, Withdraw } from './command.ts';
import type { Ruling } from './decision.ts';
import type { LedgerView } from './ledger.ts';
import { movementRefusal } from './movement.ts';
import type { Metadata } from './metadata.ts';
import type { Refusal } from './refusal.ts';
import type { Rules } from './rules.ts';
import type { Transfer } from './transfer.ts';

export function decideTransfer(view: LedgerView, command: PostTransfer, rules: Rules): Ruling {
  return posted(view, requestedTransfer(view, command, rules));
}

export function decideDeposit(view: LedgerView, command: Deposit, rules: Rules): Ruling {
  const to = clientAccount(view, command.account);
  if (!isAccount(to)) return to;
  const cash = view.account(cashAccount(to.asset));
  return cash === undefined
    ? { code: 'asset_unknown' }
    : posted(view, checkedTransfer(command, cash, to, rules));
}

export function decideWithdrawal(view: LedgerView, command: Withdraw, rules: Rules): Ruling {
  const from = clientAccount(view, command.account);
  if (!isAccount(from)) return from;
  const cash = view.account(cashAccount(from.asset));
  return cash === undefined
    ? { code: 'asset_unknown' }
    : posted(view, checkedTransfer(command, from, cash, rules));
}

/** A client's transfer, checked against every rule but that of its id; or why not. */
export function requestedTransfer(
  view: LedgerView,
  request: TransferRequest,
  rules: Rules,
): Transfer | Refusal {
  const from = clientAccount(view, request.from);
  if (!isAccount(from)) return from;
  const to = clientAccount(view, request.to);
  if (!isAccount(to)) return to;
  return checkedTransfer(request, from, to, rules);
}

/**
 * Ids are judged last: a block that is tried on trust learns of a taken id only from what it would
 * write, and a refusal must not depend on how its block was tried.
 */
function posted(view: LedgerView, transfer: Transfer | Refusal): Ruling {
  if (!isTransfer(transfer)) return transfer;
  if (view.isTransferTaken(transfer.id)) return { code: 'id_taken' };
  return { type: 'transfer.posted', transfer };
}

function checkedTransfer(
  request: { id: string; amount: bigint; metadata: Metadata },
  from: Account,
  to: Account,
  rules: Rules,
): Transfer | Refusal {
  const { id, amount, metadata } = request;
  if (amount <= 0n || amount > rules.amountMax) return { code: 'amount_out_of_range' };
  const refusal = movementRefusal(from, to, amount);
  if (refusal !== undefined) return refusal;
  return { id, from: from.id, to: to.id, amount, asset: from.asset, metadata };
}

/** The account when clients may move it. */
function clientAccount(view: LedgerView, id: string): Account | Refusal {
  if (isSystemAccount(id)) return { code: 'system_account', account: id };
  return view.account(id) ?? { code: 'account_not_found', account: id };
}

function isAccount(found: Account | Refusal): found is Account {
  return !('code' in found);
}

export function isTransfer(found: Transfer | Refusal): found is Transfer {
  return !('code' in found);
}
