import { numberArray, textArray, timeArray } from './array-literal.ts';
import { metadataText, type Add } from './bound-statement.ts';
import type { BlockRows, HoldRows, LeaseRows } from './row-types.ts';

/** The statements for holds, leases and corrections. */
export function addDepth(add: Add, rows: BlockRows, at: string): void {
  addHolds(add, rows.holds, at);
  addLeases(add, rows.leases);
  const { reversals, cancellations } = rows;
  add('insert-reversals', reversals.length, () => [
    numberArray(reversals.map(({ seq }) => seq)),
    numberArray(reversals.map(({ leg }) => leg)),
    textArray(reversals.map(({ reverses }) => reverses)),
    textArray(reversals.map(({ transfer }) => transfer)),
    numberArray(reversals.map(({ amount }) => amount)),
  ]);
  add('insert-cancellations', cancellations.length, () => [
    textArray(cancellations.map(({ order }) => order)),
    textArray(cancellations.map(({ id }) => id)),
    numberArray(cancellations.map(({ seq }) => seq)),
    at,
  ]);
}

function addHolds(add: Add, { placed, legs, ended, open, closed }: HoldRows, at: string): void {
  add('put-holds', placed.length + open.length, () => [
    textArray(placed.map(({ id }) => id)),
    numberArray(placed.map(({ seq }) => seq)),
    at,
    numberArray(open.map(({ seq }) => seq)),
    timeArray(open.map(({ expiresAt }) => expiresAt)),
  ]);
  add('insert-hold-legs', legs.length, () => [
    numberArray(legs.map(({ holdSeq }) => holdSeq)),
    numberArray(legs.map(({ index }) => index)),
    numberArray(legs.map(({ fromNumber }) => fromNumber)),
    numberArray(legs.map(({ toNumber }) => toNumber)),
    numberArray(legs.map(({ leg }) => leg.amount)),
    textArray(legs.map(({ leg }) => metadataText(leg.metadata))),
  ]);
  add('end-holds', ended.length, () => [
    numberArray(closed.map(({ seq }) => seq)),
    numberArray(ended.map(({ seq }) => seq)),
    numberArray(ended.map(({ end }) => end.seq)),
    textArray(ended.map(({ end }) => end.state)),
    timeArray(ended.map(({ expiresAt }) => expiresAt)),
    at,
  ]);
}

/** What is over goes first: an account has one holder at most. */
function addLeases(add: Add, { open, gone }: LeaseRows): void {
  add('delete-leases', gone.length, () => [numberArray(gone)]);
  add('put-leases', open.length, () => [
    textArray(open.map(({ lease }) => lease.id)),
    numberArray(open.map(({ accountNumber }) => accountNumber)),
    textArray(open.map(({ lease }) => lease.owner)),
    numberArray(open.map(({ lease }) => lease.ttl)),
    numberArray(open.map(({ lease }) => lease.ticket)),
    timeArray(open.map(({ lease }) => lease.waitUntil)),
    numberArray(open.map(({ lease }) => lease.token)),
    timeArray(open.map(({ lease }) => lease.expiresAt)),
  ]);
}
