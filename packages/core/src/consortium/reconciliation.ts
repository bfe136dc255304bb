import type { CrossBankDecision } from './cross-bank-decision.ts';
import { participantsOf } from './cross-bank-transaction.ts';
import { carried } from './deliver.ts';
import type { Message } from './message.ts';
import type { TransactionState } from './protocol-state.ts';

/**
 * What a bank must tell a peer that was restored from an old copy, about one transaction; undefined
 * when there is nothing. The peer may begin and promise again when every other bank has answered with
 * all of these and they are durable at the peer: what was committed it writes, what is undecided it
 * watches. An abort it finds by itself, for only one who has holds needs to know.
 */
export function reportFor({ durable }: TransactionState, peer: string): Message | undefined {
  switch (durable.is) {
    case 'absent':
    case 'aborted':
      return undefined;
    case 'prepared':
    case 'in_doubt':
    case 'committed': {
      const { body, hash } = durable;
      if (!participantsOf(body).includes(peer)) return undefined;
      const decision = carried(durable);
      return decision === undefined ? { type: 'report', body, hash } : { type: 'apply', decision };
    }
  }
}

/** What a bank publishes again, create if absent, in a register that went back; undefined: nothing. */
export function publication({ durable }: TransactionState): CrossBankDecision | undefined {
  switch (durable.is) {
    case 'absent':
    case 'prepared':
    case 'in_doubt':
      return undefined;
    case 'committed':
      return { is: 'commit', hash: durable.hash, yes: durable.yes };
    case 'aborted':
      return { is: 'abort' };
  }
}
