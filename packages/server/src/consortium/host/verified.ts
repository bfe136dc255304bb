import type { consortium } from '@lastro/core';
import type { Promised } from './yes-signature.ts';

/** Whether a bank has certainly said yes to a body. */
export type IsYes = (yes: consortium.Yes, promised: Promised) => boolean;

/** The decision without every yes that its bank did not give. */
export function verifiedDecision(
  decision: consortium.CrossBankDecision,
  id: string,
  isYes: IsYes,
): consortium.CrossBankDecision {
  if (decision.is === 'abort') return decision;
  const { hash, yes } = decision;
  return { is: 'commit', hash, yes: yes.filter((one) => isYes(one, { id, hash })) };
}

/**
 * The message without what is not proven; undefined: nothing is left of it. The sender has signed the
 * request that the message came in, and what says that it promised itself needs no other proof here. A
 * vote does: the coordinator shows it to banks that never heard the voter.
 */
export function verifiedMessage(
  from: string,
  id: string,
  message: consortium.Message,
  isYes: IsYes,
): consortium.Message | undefined {
  switch (message.type) {
    case 'vote': {
      const { vote, hash } = message;
      if (vote.is === 'no') return message;
      return isYes({ bank: from, signature: vote.signature }, { id, hash }) ? message : undefined;
    }
    case 'apply': {
      const { decision } = message;
      if (decision.is === 'abort') return message;
      const { hash, yes, body } = decision;
      const proven = yes.filter((one) => one.bank === from || isYes(one, { id, hash }));
      return { type: 'apply', decision: { is: 'commit', hash, yes: proven, body } };
    }
    case 'prepare':
    case 'acknowledge':
    case 'ask':
    case 'report':
      return message;
  }
}
