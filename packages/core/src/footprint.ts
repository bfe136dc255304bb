import {
  cashAccount,
  receivedAccount,
  soldAccount,
  stockAccount,
  writtenOffAccount,
} from './account-id.ts';
import type { Command } from './command.ts';
import type { LedgerView } from './ledger.ts';

/** Collects the rows that deciding and applying a command touches. */
export interface Footprint {
  account(id: string): void;
  product(sku: string): void;
  /** Public ids that the command would give to new transfers. */
  transfer(id: string): void;
  /** Public id that the command would give to a new transaction or order. */
  transaction(id: string): void;
}

/**
 * Names what must be loaded before `command` is decided. What an account's asset decides is named
 * only once that account is loaded, so the caller repeats until nothing new is named (twice at most).
 */
export function footprint(command: Command, view: LedgerView, into: Footprint): void {
  switch (command.type) {
    case 'OpenAccount':
      into.account(command.account);
      into.account(cashAccount(command.asset));
      return;
    case 'PostTransfer':
      into.account(command.from);
      into.account(command.to);
      into.transfer(command.id);
      return;
    case 'Deposit':
    case 'Withdraw': {
      into.account(command.account);
      into.transfer(command.id);
      const account = view.account(command.account);
      if (account !== undefined) into.account(cashAccount(account.asset));
      return;
    }
    case 'PostTransaction':
      into.transaction(command.id);
      for (const transfer of command.transfers) {
        into.account(transfer.from);
        into.account(transfer.to);
        into.transfer(transfer.id);
      }
      return;
    case 'CreateProduct':
      into.product(command.sku);
      into.account(cashAccount(command.asset));
      if (command.merchant !== null) into.account(command.merchant);
      into.transfer(command.transferId);
      return;
    case 'ChangeProduct':
      into.product(command.sku);
      return;
    case 'ReceiveGoods':
    case 'AdjustGoods':
      into.product(command.sku);
      into.account(receivedAccount(command.sku));
      into.account(stockAccount(command.sku));
      into.account(writtenOffAccount(command.sku));
      into.transfer(command.transferId);
      return;
    case 'PlaceOrder':
      into.transaction(command.id);
      into.account(command.customer);
      into.account(command.merchant);
      for (const id of command.transferIds) into.transfer(id);
      for (const { sku } of command.lines) {
        into.product(sku);
        into.account(stockAccount(sku));
        into.account(soldAccount(sku));
      }
      return;
  }
}

/** How many rows a command may write: what a block is bounded by. */
export function rowsOf(command: Command): number {
  switch (command.type) {
    case 'PostTransaction':
      return 2 + 3 * command.transfers.length;
    case 'PlaceOrder':
      return 8 + 4 * command.lines.length;
    case 'CreateProduct':
      return 8;
    case 'OpenAccount':
    case 'PostTransfer':
    case 'Deposit':
    case 'Withdraw':
    case 'ChangeProduct':
    case 'ReceiveGoods':
    case 'AdjustGoods':
      return 4;
  }
}
