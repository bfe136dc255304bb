import {
  consortium,
  encodeObjections,
  encodePendingOrder,
  encodeYes,
  type Consent,
  type CrossBankRecord,
} from '@lastro/core';
import type { Standing } from './folding-ledger.ts';
import { timeText, truthText, type Row } from './row-text.ts';

/** The row of what is known of a cross-bank transaction, in the order of its table's columns. */
export function crossBankRow({ thing }: Standing<CrossBankRecord>): Row {
  const { id, durable, order, seq, at, decidedSeq } = thing;
  const subject = durable.is === 'aborted' ? durable.subject : durable;
  return [
    id,
    durable.is,
    subject?.hash ?? null,
    subject === null ? null : consortium.encodeBody(subject.body),
    durable.is === 'prepared' ? durable.signature : null,
    durable.is === 'committed' ? encodeYes(durable.yes) : null,
    durable.is === 'aborted' ? encodeObjections(durable.because) : null,
    truthText(durable.is === 'committed' && durable.rebuilt),
    truthText('settled' in durable && durable.settled),
    'at' in durable ? timeText(durable.at) : null,
    order === null ? null : encodePendingOrder(order),
    String(seq),
    timeText(at),
    decidedSeq === null ? null : String(decidedSeq),
  ];
}

/** The row of a consent, in the order of its table's columns. */
export function consentRow({ thing }: Standing<Consent>): Row {
  const { id, account, bank, amount, uses, spent, expiresAt, revokedAt, seq, at } = thing;
  return [
    id,
    account,
    bank,
    String(amount),
    uses,
    String(spent),
    timeText(expiresAt),
    revokedAt === null ? null : timeText(revokedAt),
    String(seq),
    timeText(at),
  ];
}
