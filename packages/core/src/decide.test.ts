import { expect, test } from 'vitest';
import { NO_LEASE_TOKENS, type Deposit, type Envelope } from './command.ts';
import { decide } from './decide.ts';
import { NO_METADATA } from './metadata.ts';
import { REFUSAL_CASES } from './refusal-cases.fixture.ts';
import { createFurnishedTown } from './furnished-town.fixture.ts';
import { fingerprint } from './town.fixture.ts';
import { COMMAND_TYPES } from './vocabulary.fixture.ts';

const deposit: Deposit = {
  type: 'Deposit',
  id: 'd1',
  account: 'bia',
  amount: 5n,
  metadata: NO_METADATA,
};

function envelope(more: Partial<Envelope> = {}): Envelope {
  const command = more.command ?? deposit;
  const hash = fingerprint(command);
  return { principal: 'ana-phone', id: 'c1', hash, command, leaseTokens: NO_LEASE_TOKENS, ...more };
}

test('the same command again is replayed with the number of the event that settled it', () => {
  const town = createFurnishedTown();
  town.submit(envelope());
  const settledBy = town.journal.length;
  const again = town.submit(envelope());
  expect(again).toEqual({ kind: 'replayed', seq: settledBy });
  expect(town.journal.length).toBe(settledBy);
});

test('a refused command again is replayed, also when it would be accepted now', () => {
  const town = createFurnishedTown();
  const withdrawal = envelope({ command: { ...deposit, type: 'Withdraw' } });
  expect(town.submit(withdrawal)).toMatchObject({ kind: 'decided' });
  const settledBy = town.journal.length;
  town.tell({ ...deposit, id: 'd2' });
  expect(town.submit(withdrawal)).toEqual({ kind: 'replayed', seq: settledBy });
});

test('a command that failed is replayed', () => {
  const town = createFurnishedTown();
  town.record(envelope(), { type: 'command.failed' });
  expect(town.submit(envelope())).toMatchObject({ kind: 'replayed' });
  expect(town.ledger.outcome('ana-phone', 'c1')?.code).toBe('internal_error');
});

test('another command under a used id is refused without a record', () => {
  const town = createFurnishedTown();
  town.submit(envelope());
  const before = town.journal.length;
  const other = envelope({ command: { ...deposit, amount: 6n } });
  expect(town.submit(other)).toEqual({ kind: 'reused' });
  expect(town.journal.length).toBe(before);
});

test('ids of commands belong to the principal', () => {
  const town = createFurnishedTown();
  town.submit(envelope());
  const other = envelope({ principal: 'bia-phone', command: { ...deposit, id: 'd2' } });
  expect(town.submit(other)).toMatchObject({ kind: 'decided', fact: { type: 'transfer.posted' } });
});

test('the public id of a transfer taken by another principal says only that', () => {
  const town = createFurnishedTown();
  town.submit(envelope());
  const decision = town.submit(envelope({ principal: 'bia-phone' }));
  const fact = { type: 'command.refused', refusal: { code: 'id_taken' } };
  expect(decision).toEqual({ kind: 'decided', fact });
});

test('a refused order stays findable, one with a taken id does not', () => {
  const town = createFurnishedTown();
  const { accepted } = REFUSAL_CASES.PlaceOrder;
  town.tell({ ...accepted, customer: 'poor' });
  const refusal = { code: 'insufficient_funds', account: 'poor' };
  expect(town.ledger.orders.get('n')).toMatchObject({ status: 'refused', refusal });
  expect(town.tell(accepted)).toEqual({ type: 'command.refused', refusal: { code: 'id_taken' } });
  expect(town.ledger.orders.get('n')).toMatchObject({ customer: 'poor' });
});

test.each(COMMAND_TYPES)('deciding %s changes nothing', (type) => {
  const town = createFurnishedTown();
  const untouched = createFurnishedTown();
  const { accepted, faults } = Object.values(REFUSAL_CASES).find(
    (one) => one.accepted.type === type,
  )!;
  const changes: readonly object[] = [{}, ...faults.map(({ change }) => change)];
  for (const change of changes) {
    const command = { ...accepted, ...change };
    decide(town.ledger, envelope({ command }), town.rules, town.now());
    expect(Object.entries(town.ledger).filter(([, value]) => value instanceof Map)).toEqual(
      Object.entries(untouched.ledger).filter(([, value]) => value instanceof Map),
    );
  }
});
