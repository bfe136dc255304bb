import { refusalDetails, type Command, type Refusal } from '@lastro/core';
import type { Move } from '../../packages/core/src/model.fixture.ts';
import type { Pages } from '../../packages/core/src/notebook.fixture.ts';
import { numberOf, timeText, type Body, type PlaceState } from './lines.ts';

/** What the model says that an event must have been. */
export interface ExpectedFact {
  readonly type: string;
  readonly data: Body;
}

/** What the model wrote down when it settled a command. */
export interface Written {
  readonly seq: number;
  readonly pages: Pages;
  readonly moves: readonly Move[];
  /** The same moves as an event tells them. */
  readonly transfers: readonly Body[];
  readonly assetOf: (account: string) => string;
  readonly stateOf: (account: string) => PlaceState;
}

/** The event that an accepted command must have made. */
export function expectedFact(command: Command, written: Written): ExpectedFact {
  const { transfers, moves } = written;
  const fact = (type: string, data: Body): ExpectedFact => ({ type, data });
  switch (command.type) {
    case 'PostTransfer':
    case 'Deposit':
    case 'Withdraw':
      return fact('transfer.posted', transfers[0] ?? {});
    case 'PostTransaction':
      return fact('transaction.posted', { id: command.id, transfers });
    case 'ReverseTransfer':
      return fact('transfer.reversed', { reverses: command.reverses, transfer: transfers[0] });
    case 'ReverseTransaction': {
      const { id, reverses } = command;
      const legs = moves.map(({ undoes }, leg) => ({ reverses: undoes, transfer: transfers[leg] }));
      return fact('transaction.reversed', { reverses, id, legs });
    }
    case 'CancelOrder':
      return fact('order.cancelled', { order: command.order, id: command.id, transfers });
    case 'PlaceOrder':
      return fact('order.completed', orderData(command, written));
    case 'CreateProduct':
    case 'ChangeProduct':
    case 'ReceiveGoods':
    case 'AdjustGoods':
      return goodsFact(command, written);
    case 'PlaceHold':
    case 'CaptureHold':
    case 'ReleaseHold':
    case 'ExtendHold':
      return holdFact(command, written);
    case 'RequestLease':
    case 'RenewLease':
    case 'ReleaseLease':
      return leaseFact(command, written);
    case 'OpenAccount':
    case 'ChangeAccount':
    case 'FreezeAccount':
    case 'UnfreezeAccount':
    case 'CloseAccount':
    case 'ReopenAccount':
      return accountFact(command, written);
    case 'BeginCrossBank':
    case 'SetExposureLimit':
    case 'GrantConsent':
    case 'RevokeConsent':
      throw new Error('histories are of one bank');
  }
}

/** The event of a refusal; an order keeps its id unless that was somebody's. */
export function refusedFact(command: Command, refusal: Refusal, isKept: boolean): ExpectedFact {
  const reason = { code: refusal.code, ...refusalDetails(refusal) };
  if (command.type !== 'PlaceOrder' || !isKept) return { type: 'command.refused', data: reason };
  const { id, customer, merchant } = command;
  const lines = command.lines.map(({ sku, quantity }) => ({ sku, quantity: Number(quantity) }));
  return { type: 'order.refused', data: { id, customer, merchant, lines, ...reason } };
}

type CommandOf<Type extends Command['type']> = Extract<Command, { readonly type: Type }>;

function accountFact(
  command: CommandOf<
    | 'OpenAccount'
    | 'ChangeAccount'
    | 'FreezeAccount'
    | 'UnfreezeAccount'
    | 'CloseAccount'
    | 'ReopenAccount'
  >,
  { stateOf }: Written,
): ExpectedFact {
  const { account } = command;
  if (command.type === 'OpenAccount') {
    const { asset, metadata, maximumBalance } = command;
    const highest = maximumBalance === null ? {} : { maximumBalance: Number(maximumBalance) };
    const creditLimit = numberOf(command.creditLimit);
    return { type: 'account.opened', data: { account, asset, creditLimit, ...highest, metadata } };
  }
  const { status, balance, held, creditLimit, maximumBalance, leasedUntil, version } =
    stateOf(account);
  const left = {
    status,
    balance: Number(balance),
    held: Number(held),
    creditLimit: numberOf(creditLimit),
    maximumBalance: numberOf(maximumBalance),
    leasedUntil: leasedUntil === null ? null : timeText(leasedUntil),
    version,
  };
  if (command.type === 'ChangeAccount') return { type: 'account.changed', data: { account, left } };
  const { reason } = command;
  return { type: STATUS_FACTS[command.type], data: { account, reason, left } };
}

const STATUS_FACTS = {
  FreezeAccount: 'account.frozen',
  UnfreezeAccount: 'account.unfrozen',
  CloseAccount: 'account.closed',
  ReopenAccount: 'account.reopened',
} as const;

function goodsFact(
  command: CommandOf<'CreateProduct' | 'ChangeProduct' | 'ReceiveGoods' | 'AdjustGoods'>,
  { pages }: Written,
): ExpectedFact {
  switch (command.type) {
    case 'CreateProduct': {
      const { sku, name, asset, merchant, transferId } = command;
      const [price, stock] = [Number(command.price), Number(command.stock)];
      const data = { sku, name, price, asset, merchant, stock, transferId };
      return { type: 'product.created', data };
    }
    case 'ChangeProduct': {
      const { sku, name, price } = good(pages, command.sku);
      return { type: 'product.changed', data: { sku, name, price: Number(price) } };
    }
    case 'ReceiveGoods': {
      const { sku, quantity, transferId } = command;
      return { type: 'goods.received', data: { sku, quantity: Number(quantity), transferId } };
    }
    case 'AdjustGoods': {
      const { sku, quantity, reason, transferId } = command;
      const data = { sku, quantity: Number(quantity), reason, transferId };
      return { type: 'goods.adjusted', data };
    }
  }
}

function orderData(command: CommandOf<'PlaceOrder'>, { pages, assetOf }: Written): Body {
  const { id, customer, merchant } = command;
  const skus = [...new Set(command.lines.map(({ sku }) => sku))];
  const lines = skus.map((sku) => {
    const { name, price } = good(pages, sku);
    const wanted = command.lines.filter((line) => line.sku === sku);
    const quantity = Number(wanted.reduce((sum, line) => sum + line.quantity, 0n));
    const unitPrice = Number(price);
    return { sku, name, unitPrice, quantity, total: unitPrice * quantity };
  });
  const total = Number(pages.purchases.at(-1)?.paid);
  const transferIds = command.transferIds.slice(0, skus.length + 1);
  return { id, customer, merchant, asset: assetOf(merchant), lines, total, transferIds };
}

function holdFact(
  command: CommandOf<'PlaceHold' | 'CaptureHold' | 'ReleaseHold' | 'ExtendHold'>,
  { pages, transfers, assetOf }: Written,
): ExpectedFact {
  const hold = command.type === 'PlaceHold' ? command.id : command.hold;
  const until = pages.promises.find(({ id }) => id === hold)?.until ?? 0;
  switch (command.type) {
    case 'PlaceHold': {
      const promised = command.transfers.map(({ from, to, amount, metadata }) => {
        return { from, to, amount: Number(amount), asset: assetOf(from), metadata };
      });
      const data = { id: hold, expiresAt: timeText(until), transfers: promised };
      return { type: 'hold.placed', data };
    }
    case 'CaptureHold':
      return { type: 'hold.captured', data: { hold, transfers } };
    case 'ReleaseHold':
      return { type: 'hold.released', data: { hold } };
    case 'ExtendHold':
      return { type: 'hold.extended', data: { hold, expiresAt: timeText(until) } };
  }
}

function leaseFact(
  command: CommandOf<'RequestLease' | 'RenewLease' | 'ReleaseLease'>,
  { pages, seq }: Written,
): ExpectedFact {
  const { account } = command;
  const granted = pages.turns.find((one) => one.account === account && one.token === seq)?.id;
  switch (command.type) {
    case 'RequestLease': {
      const { id, owner, ttl } = command;
      const waitUntil = timeText(pages.turns.at(-1)?.patientUntil ?? 0);
      const data = { account, id, owner, ttl, waitUntil, granted: granted ?? null };
      return { type: 'lease.requested', data };
    }
    case 'RenewLease': {
      const expiresAt = timeText(pages.turn(account)?.until ?? 0);
      return { type: 'lease.renewed', data: { account, id: command.lease, expiresAt } };
    }
    case 'ReleaseLease': {
      const data = { account, id: command.lease, granted: granted ?? null };
      return { type: 'lease.released', data };
    }
  }
}

function good(pages: Pages, sku: string) {
  const found = pages.good(sku);
  if (found === undefined) throw new Error(`the model accepted a command about ${sku}`);
  return found;
}
