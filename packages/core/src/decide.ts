import type { Command, Envelope } from './command.ts';
import { decideOpenAccount } from './decide-account.ts';
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
import type { LedgerView } from './ledger.ts';
import type { Refusal } from './refusal.ts';
import type { Rules } from './rules.ts';

/**
 * Settles one command against the ledger as it stands. Pure: neither the view nor anything else
 * changes; `apply` makes the effect. One id has one outcome for ever (invariant I6).
 */
export function decide(view: LedgerView, envelope: Envelope, rules: Rules): Decision {
  const earlier = view.outcome(envelope.principal, envelope.id);
  if (earlier !== undefined) {
    return earlier.hash === envelope.hash
      ? { kind: 'replayed', seq: earlier.seq }
      : { kind: 'reused' };
  }
  const ruling = rule(view, envelope.command, rules);
  const fact = isRefusal(ruling) ? refusedFact(envelope.command, ruling) : ruling;
  return { kind: 'decided', fact };
}

function rule(view: LedgerView, command: Command, rules: Rules): Ruling {
  switch (command.type) {
    case 'OpenAccount':
      return decideOpenAccount(view, command);
    case 'PostTransfer':
      return decideTransfer(view, command, rules);
    case 'Deposit':
      return decideDeposit(view, command, rules);
    case 'Withdraw':
      return decideWithdrawal(view, command, rules);
    case 'PostTransaction':
      return decideTransaction(view, command, rules);
    case 'CreateProduct':
      return decideCreateProduct(view, command, rules);
    case 'ChangeProduct':
      return decideChangeProduct(view, command, rules);
    case 'ReceiveGoods':
      return decideReceiveGoods(view, command, rules);
    case 'AdjustGoods':
      return decideAdjustGoods(view, command, rules);
    case 'PlaceOrder':
      return decideOrder(view, command, rules);
  }
}

/** A refused order stays findable under its id, unless that id is somebody else's. */
function refusedFact(command: Command, refusal: Refusal): Fact {
  if (command.type !== 'PlaceOrder' || refusal.code === 'id_taken') {
    return { type: 'command.refused', refusal };
  }
  const { id, customer, merchant, lines } = command;
  return { type: 'order.refused', id, customer, merchant, lines, refusal };
}
