import {
  consortium,
  encodeObjections,
  encodePendingOrder,
  encodeYes,
  type CrossBankRecord,
} from '@lastro/core';
import { booleanArray, numberArray, textArray, timeArray } from './array-literal.ts';
import type { Add, BoundStatement } from './bound-statement.ts';
import type { BlockRows } from './row-types.ts';

/** The statements for cross-bank transactions, consents, and the nonces that ride in the block. */
export function addConsortium(add: Add, rows: BlockRows, at: string): void {
  const { crossBanks, consents, nonces } = rows;
  add('put-cross-transactions', crossBanks.length, () => crossBankValues(crossBanks));
  add('put-consents', consents.length, () => [
    textArray(consents.map(({ id }) => id)),
    textArray(consents.map(({ account }) => account)),
    textArray(consents.map(({ bank }) => bank)),
    numberArray(consents.map(({ amount }) => amount)),
    textArray(consents.map(({ uses }) => uses)),
    numberArray(consents.map(({ spent }) => spent)),
    timeArray(consents.map(({ expiresAt }) => expiresAt)),
    timeArray(consents.map(({ revokedAt }) => revokedAt)),
    numberArray(consents.map(({ seq }) => seq)),
    timeArray(consents.map((consent) => consent.at)),
  ]);
  add('delete-nonces', nonces.length, () => [at]);
  add('insert-nonces', nonces.length, () => [
    textArray(nonces.map(({ keyId }) => keyId)),
    textArray(nonces.map(({ value }) => value)),
    timeArray(nonces.map(({ keepUntil }) => keepUntil)),
  ]);
}

function crossBankValues(records: readonly CrossBankRecord[]): BoundStatement['values'] {
  const rows = records.map(({ durable }) => ({ durable, ...subjectOf(durable) }));
  return [
    textArray(records.map(({ id }) => id)),
    textArray(rows.map(({ durable }) => durable.is)),
    textArray(rows.map(({ hash }) => hash)),
    textArray(rows.map(({ body }) => body)),
    textArray(rows.map(({ durable }) => (durable.is === 'prepared' ? durable.signature : null))),
    textArray(
      rows.map(({ durable }) => (durable.is === 'committed' ? encodeYes(durable.yes) : null)),
    ),
    textArray(
      rows.map(({ durable }) =>
        durable.is === 'aborted' ? encodeObjections(durable.because) : null,
      ),
    ),
    booleanArray(rows.map(({ durable }) => durable.is === 'committed' && durable.rebuilt)),
    booleanArray(rows.map(({ durable }) => 'settled' in durable && durable.settled)),
    timeArray(rows.map(({ durable }) => ('at' in durable ? durable.at : null))),
    textArray(records.map(({ order }) => (order === null ? null : encodePendingOrder(order)))),
    numberArray(records.map(({ seq }) => seq)),
    timeArray(records.map(({ at }) => at)),
    numberArray(records.map(({ lastSeq }) => lastSeq)),
  ];
}

interface SubjectText {
  readonly hash: string | null;
  readonly body: string | null;
}

function subjectOf(durable: Exclude<consortium.Durable, { readonly is: 'absent' }>): SubjectText {
  const subject = durable.is === 'aborted' ? durable.subject : durable;
  return subject === null
    ? { hash: null, body: null }
    : { hash: subject.hash, body: consortium.encodeBody(subject.body) };
}
