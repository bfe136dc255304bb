import {
  cashAccount,
  receivedAccount,
  soldAccount,
  stockAccount,
  writtenOffAccount,
} from './account-id.ts';
import type {
  AdjustGoods,
  ChangeProduct,
  Command,
  CreateProduct,
  PlaceOrder,
  ReceiveGoods,
} from './command.ts';
import { cancellationLegs } from './decide-correction.ts';
import type { CrossBankOrder } from './consortium-command.ts';
import { peerAccount } from './consortium/local-transfers.ts';
import type { LedgerView } from './ledger.ts';
import { shareFootprint } from './own-footprint.ts';
import { numberedId } from './transfer-id.ts';

/** Collects the rows that deciding and applying a command touches. */
export interface Footprint {
  account(id: string): void;
  product(sku: string): void;
  /** Public ids that the command would give to new transfers. */
  transfer(id: string): void;
  /** Public id that the command would give to a new transaction, order or hold. */
  transaction(id: string): void;
  hold(id: string): void;
  /** The open leases of an account. */
  leases(account: string): void;
  /** A posted transfer that is to be corrected. */
  correctable(transfer: string): void;
  /** What was posted under this id, to be corrected as a whole. */
  group(id: string): void;
  order(id: string): void;
  crossBank(id: string): void;
  /** The id of a cross-bank transaction that the command would record first. */
  newCrossBank(id: string): void;
  consent(id: string): void;
}

function ignore(): void {
  // Not asked for.
}

/** Collects nothing; for whoever asks for some kinds of row alone. */
export const NO_FOOTPRINT: Footprint = {
  account: ignore,
  product: ignore,
  transfer: ignore,
  transaction: ignore,
  hold: ignore,
  leases: ignore,
  correctable: ignore,
  group: ignore,
  order: ignore,
  crossBank: ignore,
  newCrossBank: ignore,
  consent: ignore,
};

/**
 * Names what must be loaded before `command` is decided. What an account's asset decides is named
 * only once that account is loaded, so the caller repeats until nothing new is named (three times at most).
 */
export function footprint(command: Command, view: LedgerView, into: Footprint): void {
  switch (command.type) {
    case 'OpenAccount':
      into.account(command.account);
      into.account(cashAccount(command.asset));
      return;
    case 'PostTransfer':
      sides(command, into);
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
        sides(transfer, into);
        into.transfer(transfer.id);
      }
      return;
    case 'PlaceHold':
      into.transaction(command.id);
      for (const transfer of command.transfers) sides(transfer, into);
      return;
    case 'CaptureHold':
    case 'ReleaseHold':
    case 'ExtendHold':
    case 'ReverseTransfer':
    case 'ReverseTransaction':
    case 'CancelOrder':
      later(command, view, into);
      return;
    case 'ChangeAccount':
    case 'FreezeAccount':
    case 'UnfreezeAccount':
    case 'CloseAccount':
    case 'ReopenAccount':
      into.account(command.account);
      return;
    case 'RequestLease':
    case 'RenewLease':
    case 'ReleaseLease':
      into.account(command.account);
      into.leases(command.account);
      return;
    case 'CreateProduct':
    case 'ChangeProduct':
    case 'ReceiveGoods':
    case 'AdjustGoods':
      goods(command, into);
      return;
    case 'PlaceOrder':
      into.account(command.customer);
      for (const id of command.transferIds) into.transfer(id);
      order(command, into);
      return;
    case 'BeginCrossBank':
    case 'SetExposureLimit':
    case 'GrantConsent':
    case 'RevokeConsent':
      abroad(command, view, into);
      return;
  }
}

type GoodsCommand = CreateProduct | ChangeProduct | ReceiveGoods | AdjustGoods;

function goods(command: GoodsCommand, into: Footprint): void {
  const { sku } = command;
  into.product(sku);
  switch (command.type) {
    case 'CreateProduct':
      into.account(cashAccount(command.asset));
      if (command.merchant !== null) into.account(command.merchant);
      into.transfer(command.transferId);
      return;
    case 'ChangeProduct':
      return;
    case 'ReceiveGoods':
    case 'AdjustGoods':
      for (const shelf of [receivedAccount, stockAccount, writtenOffAccount]) {
        into.account(shelf(sku));
      }
      into.transfer(command.transferId);
      return;
  }
}

type AbroadCommand = Extract<
  Command,
  { readonly type: 'BeginCrossBank' | 'SetExposureLimit' | 'GrantConsent' | 'RevokeConsent' }
>;

/** Commands that concern other banks. */
function abroad(command: AbroadCommand, view: LedgerView, into: Footprint): void {
  switch (command.type) {
    case 'BeginCrossBank':
      into.newCrossBank(command.body.id);
      shareFootprint(command.body, command.order, view.bank, into);
      if (command.order !== null) order(command.order, into);
      return;
    case 'SetExposureLimit':
      into.account(peerAccount(command.bank, command.asset));
      into.account(cashAccount(command.asset));
      return;
    case 'GrantConsent':
      into.account(command.account);
      into.consent(command.id);
      return;
    case 'RevokeConsent':
      into.consent(command.consent);
      return;
  }
}

/** The order's id, its merchant, goods of every line. */
function order(command: PlaceOrder | CrossBankOrder, into: Footprint): void {
  into.transaction(command.id);
  into.account(command.merchant);
  for (const { sku } of command.lines) {
    into.product(sku);
    into.account(stockAccount(sku));
    into.account(soldAccount(sku));
  }
}

type LaterCommand = Extract<
  Command,
  {
    readonly type:
      | 'CaptureHold'
      | 'ReleaseHold'
      | 'ExtendHold'
      | 'ReverseTransfer'
      | 'ReverseTransaction'
      | 'CancelOrder';
  }
>;

/** Commands about what an earlier one made: its accounts are known once that is loaded. */
function later(command: LaterCommand, view: LedgerView, into: Footprint): void {
  switch (command.type) {
    case 'CaptureHold':
      into.hold(command.hold);
      moves(view.hold(command.hold)?.legs ?? [], command.transferId, into);
      return;
    case 'ReleaseHold':
    case 'ExtendHold':
      into.hold(command.hold);
      for (const leg of view.hold(command.hold)?.legs ?? []) sides(leg, into);
      return;
    case 'ReverseTransfer': {
      into.correctable(command.reverses);
      into.transfer(command.id);
      const found = view.correctable(command.reverses);
      if (found !== undefined) sides(found.transfer, into);
      return;
    }
    case 'ReverseTransaction':
      into.group(command.reverses);
      into.transaction(command.id);
      moves(view.group(command.reverses)?.transfers ?? [], command.transferId, into);
      return;
    case 'CancelOrder': {
      into.order(command.order);
      into.transaction(command.id);
      const found = view.order(command.order);
      if (found === undefined || found.state === 'refused') return;
      moves(cancellationLegs(found.order), command.transferId, into);
      return;
    }
  }
}

interface Sides {
  readonly from: string;
  readonly to: string;
}

function sides({ from, to }: Sides, into: Footprint): void {
  into.account(from);
  into.account(to);
}

/** Transfers whose number is known only now, with the ids that they would get. */
function moves(transfers: readonly Sides[], firstId: string, into: Footprint): void {
  transfers.forEach((transfer, index) => {
    sides(transfer, into);
    into.transfer(numberedId(firstId, index));
  });
}

/** What is known only once a hold or a transaction is loaded is taken for the usual few. */
const CORRECTION_ROWS = 40;

/** How many rows a command may write: what a block is bounded by. */
export function rowsOf(command: Command): number {
  switch (command.type) {
    case 'PostTransaction':
      return 2 + 3 * command.transfers.length;
    case 'PlaceOrder':
      return 8 + 4 * command.lines.length;
    case 'PlaceHold':
      return 4 + 3 * command.transfers.length;
    case 'BeginCrossBank':
      return 8 + 4 * command.body.legs.length + 5 * (command.order?.lines.length ?? 0);
    case 'CaptureHold':
    case 'ReleaseHold':
    case 'ReverseTransaction':
    case 'CancelOrder':
      return CORRECTION_ROWS;
    case 'CreateProduct':
    case 'ExtendHold':
    case 'ReverseTransfer':
    case 'RequestLease':
    case 'RenewLease':
    case 'ReleaseLease':
      return 8;
    case 'OpenAccount':
    case 'PostTransfer':
    case 'Deposit':
    case 'Withdraw':
    case 'ChangeProduct':
    case 'ReceiveGoods':
    case 'AdjustGoods':
    case 'ChangeAccount':
    case 'FreezeAccount':
    case 'UnfreezeAccount':
    case 'CloseAccount':
    case 'ReopenAccount':
    case 'SetExposureLimit':
    case 'GrantConsent':
    case 'RevokeConsent':
      return 4;
  }
}
