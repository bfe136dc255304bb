import {
  coordinatorOf,
  participantsOf,
  transactionFault,
} from './consortium/cross-bank-transaction.ts';
import type { CrossBankTransaction } from './consortium/cross-bank-transaction.ts';
import type { Durable } from './consortium/protocol-state.ts';
import { shareTransfers } from './share-transfers.ts';
import { shareRefusal } from './share-refusal.ts';
import type { OwnDecision } from './decision.ts';
import type { ConsortiumFact } from './consortium-event.ts';
import type { LedgerView } from './ledger.ts';
import { transactionOf, type CommitShare, type OwnCommand } from './own-command.ts';
import type { Rules } from './rules.ts';

const ABSENT = { is: 'absent' } as const;
const NO_TOKENS: readonly number[] = [];

/**
 * Settles one own command against the ledger as it stands at block time `at`, milliseconds since
 * 1970. Pure, like `decide`. When the transaction's durable state is no longer the one that the
 * command was made from, nothing happens: so nothing is held, posted or given back twice (I7).
 * Throws on what the protocol never asks for.
 */
export function decideOwn(
  view: LedgerView,
  own: OwnCommand,
  rules: Rules,
  at: number,
): OwnDecision {
  const durable = durableOf(view, transactionOf(own));
  if (!isFrom(own, durable)) return { kind: 'stale', durable };
  switch (own.type) {
    case 'PrepareShare': {
      const { body, hash, signature } = own;
      assertTakesPart(view.bank, body);
      if (coordinatorOf(body.id) === view.bank) throw new Error(`${body.id} begins with a client`);
      const refusal = shareRefusal(view, body, null, { rules, at, leaseTokens: NO_TOKENS });
      return refusal === undefined
        ? decided({ type: 'crossbank.prepared', id: body.id, hash, signature, body, order: null })
        : { kind: 'refused', refusal };
    }
    case 'CommitShare':
      return decideCommit(view, own, durable);
    case 'AbortShare':
      return decided({ type: 'crossbank.aborted', id: own.id, because: own.because });
    case 'DoubtShare': {
      const { body, hash } = own;
      assertTakesPart(view.bank, body);
      return decided({ type: 'crossbank.doubted', id: body.id, hash, body });
    }
    case 'SettleShare':
      return decided({ type: 'crossbank.settled', id: own.id });
  }
}

/** What is recorded of a transaction. */
function durableOf(view: LedgerView, id: string): Durable {
  return view.crossBank(id)?.durable ?? ABSENT;
}

function isFrom(own: OwnCommand, durable: Durable): boolean {
  switch (own.type) {
    case 'PrepareShare':
    case 'DoubtShare':
      return durable.is === 'absent';
    case 'CommitShare':
    case 'AbortShare':
      return durable.is === own.from;
    case 'SettleShare':
      return (durable.is === 'committed' || durable.is === 'aborted') && !durable.settled;
  }
}

function decideCommit(view: LedgerView, own: CommitShare, durable: Durable): OwnDecision {
  const { id, yes, body, hash, transferId } = own;
  if (body.id !== id) throw new Error(`${id} is committed with the body of ${body.id}`);
  if ('hash' in durable && durable.hash !== hash) throw new Error(`${id} has another hash`);
  assertTakesPart(view.bank, body);
  const isPromised = durable.is === 'prepared';
  const order = view.crossBank(id)?.order ?? null;
  const transfers = shareTransfers(view.bank, body, order, transferId);
  const taken = transfers.find((transfer) => view.isTransferTaken(transfer.id));
  if (taken !== undefined) throw new Error(`${id} would post under the taken id ${taken.id}`);
  const rebuilt = isPromised ? null : { body, hash };
  return decided({ type: 'crossbank.committed', id, yes, rebuilt, transfers });
}

/** The protocol has asked before: whoever comes this far with another body is wrong. */
function assertTakesPart(bank: string, body: CrossBankTransaction): void {
  const fault = transactionFault(body);
  if (fault !== undefined) throw new Error(`${body.id} can't be promised: ${fault}`);
  if (!participantsOf(body).includes(bank)) throw new Error(`${body.id} doesn't concern ${bank}`);
}

function decided(fact: ConsortiumFact): OwnDecision {
  return { kind: 'decided', fact };
}
