import {
  consortium,
  encodeObjections,
  encodePendingOrder,
  encodeYes,
  type CrossBankRecord,
} from '@lastro/core';
import { booleanArray, lines, numberArray, textArray, timeArray } from './array-literal.ts';
import type { Add, BoundStatement } from './bound-statement.ts';
import type { BlockRows } from './row-types.ts';

/** The statements for cross-bank transactions, consents, and the nonces that ride in the block. */
export function addConsortium(add: Add, rows: BlockRows, at: string): void {
  const { begun, moved, settled, consents, nonces } = rows.consortium;
  add('insert-cross-transactions', begun.length, () => begunValues(begun));
  add('update-cross-transactions', moved.length, () => standValues(moved));
  add('settle-cross-transactions', settled.length, () => [textArray(settled.map(({ id }) => id))]);
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
  add('spend-nonces', nonces.length, () => [
    textArray(nonces.map(({ keyId }) => keyId)),
    textArray(nonces.map(({ value }) => value)),
    timeArray(nonces.map(({ keepUntil }) => keepUntil)),
    at,
  ]);
}

function begunValues(records: readonly CrossBankRecord[]): BoundStatement['values'] {
  const subjects = records.map(({ durable }) => subjectOf(durable));
  return [
    ...standValues(records),
    lines(subjects.map(({ hash }) => hash)),
    lines(subjects.map(({ body }) => body)),
    lines(records.map(({ order }) => (order === null ? null : encodePendingOrder(order)))),
    numberArray(records.map(({ seq }) => seq)),
    timeArray(records.map(({ at }) => at)),
  ];
}

/** How they stand: all that ever changes of a record. */
function standValues(records: readonly CrossBankRecord[]): BoundStatement['values'] {
  const states = records.map(({ durable }) => durable);
  return [
    textArray(records.map(({ id }) => id)),
    textArray(states.map(({ is }) => is)),
    lines(states.map((state) => (state.is === 'prepared' ? state.signature : null))),
    lines(states.map((state) => (state.is === 'committed' ? encodeYes(state.yes) : null))),
    lines(states.map((state) => (state.is === 'aborted' ? encodeObjections(state.because) : null))),
    booleanArray(states.map((state) => state.is === 'committed' && state.rebuilt)),
    booleanArray(states.map((state) => 'settled' in state && state.settled)),
    timeArray(states.map((state) => ('at' in state ? state.at : null))),
    numberArray(records.map(({ decidedSeq }) => decidedSeq)),
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
