import type { CrossBankDecision } from '../cross-bank-decision.ts';
import type { Message } from '../message.ts';
import { hashOf, signatureOf } from './workload.fixture.ts';

/** Signatures are checked before the protocol sees anything. */
export function withVerified(message: Message, from: string): Message | undefined {
  if (message.type === 'vote' && message.vote.is === 'yes') {
    return message.vote.signature === signatureOf(from, message.hash) ? message : undefined;
  }
  if (message.type !== 'apply' || message.decision.is === 'abort') return message;
  const { body } = message.decision;
  // A body that isn't what the commit names is nobody's commit.
  if (hashOf(body) !== message.decision.hash) return undefined;
  const commit = verified(message.decision);
  return commit.is === 'commit' ? { type: 'apply', decision: { ...commit, body } } : undefined;
}

export function verified(decision: CrossBankDecision): CrossBankDecision {
  if (decision.is === 'abort') return decision;
  const { hash, yes } = decision;
  return {
    is: 'commit',
    hash,
    yes: yes.filter(({ bank, signature }) => signature === signatureOf(bank, hash)),
  };
}
