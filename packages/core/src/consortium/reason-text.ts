import type { Reader } from '../journal-members.ts';
import { decodeRefusal } from '../journal-refusals.ts';
import { refusalDetails } from '../refusal.ts';
import type { TransactionFault } from './cross-bank-transaction.ts';
import type { NoReason, Objection } from './vote.ts';

/** A no's reason as one JSON text. */
export function encodeReason(reason: NoReason): string {
  switch (reason.code) {
    case 'refused': {
      const { code } = reason.refusal;
      return JSON.stringify({
        code: 'refused',
        refusal: { code, ...refusalDetails(reason.refusal) },
      });
    }
    case 'malformed':
      return JSON.stringify({ code: 'malformed', fault: reason.fault });
    case 'funds_held':
    case 'id_reused':
    case 'decide_by_too_far':
    case 'too_late':
    case 'other_generation':
    case 'register_away':
    case 'below_floor':
    case 'reconciling':
      return JSON.stringify({ code: reason.code });
  }
}

export function encodeObjection({ bank, reason }: Objection): string {
  return `{"bank":${JSON.stringify(bank)},"reason":${encodeReason(reason)}}`;
}

const PLAIN = [
  'funds_held',
  'id_reused',
  'decide_by_too_far',
  'too_late',
  'other_generation',
  'register_away',
  'below_floor',
  'reconciling',
] as const;

const FAULTS: readonly TransactionFault[] = [
  'malformed_id',
  'malformed_bank',
  'no_legs',
  'too_many_legs',
  'too_many_banks',
  'amount_out_of_range',
  'same_account',
  'one_bank_only',
];

/** Throws a `SyntaxError` for a reason that this version doesn't know. */
export function decodeReason(read: Reader): NoReason {
  const code = read.text('code');
  if (code === 'refused') return { code, refusal: decodeRefusal(read.object('refusal')) };
  if (code === 'malformed') return { code, fault: wordOf(read.text('fault'), FAULTS) };
  return { code: wordOf(code, PLAIN) };
}

export function decodeObjection(read: Reader): Objection {
  return { bank: read.text('bank'), reason: decodeReason(read.object('reason')) };
}

function wordOf<Word extends string>(text: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === text);
  if (found === undefined) throw new SyntaxError(`${text} is no word of this version`);
  return found;
}
