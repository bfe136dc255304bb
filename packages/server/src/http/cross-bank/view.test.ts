import type { consortium, CrossBankRecord } from '@lastro/core';
import { expect, test } from 'vitest';
import { viewOf } from './view.ts';

const body: consortium.CrossBankTransaction = {
  id: 'alfa/0195573c-d5e6-7061-8c7d-8e9f0a1b2c3d',
  legs: [
    {
      from: { bank: 'alfa', account: 'ana' },
      to: { bank: 'beta', account: 'bruno' },
      amount: 1_500n,
      asset: 'BRL/2',
      consent: null,
    },
  ],
  decideBy: 5_000,
  generation: 'g',
};
const subject = { body, hash: 'a'.repeat(64) };

function recordOf(durable: CrossBankRecord['durable']) {
  return { id: body.id, durable, seq: 7, at: 1_000 };
}

test('what is promised here is a yes of this bank, and the others’ are unknown until heard', () => {
  const record = recordOf({ is: 'prepared', ...subject, signature: 's' });
  const own = viewOf('alfa', record, undefined);
  expect([own.state, own.decision, own.preparedAt, own.decidedAt, own.settled]).toEqual([
    'prepared',
    null,
    1_000,
    null,
    false,
  ]);
  expect(own.votes.map(({ bank, vote }) => [bank, vote])).toEqual([
    ['alfa', 'yes'],
    ['beta', 'unknown'],
  ]);
  const heard = viewOf('alfa', record, { yes: [{ bank: 'beta', signature: 's' }], objections: [] });
  expect(heard.votes.map(({ vote }) => vote)).toEqual(['yes', 'yes']);
});

test('of what is aborted, who said no and why', () => {
  const reason = { code: 'reconciling' } as const;
  const because = [{ bank: 'beta', reason }];
  const view = viewOf(
    'alfa',
    recordOf({ is: 'aborted', subject, because, at: 2_000, settled: true }),
    undefined,
  );
  expect([view.decision, view.decidedAt, view.settled]).toEqual(['abort', 2_000, true]);
  expect(view.votes).toEqual([
    { bank: 'alfa', vote: 'yes', reason: null },
    { bank: 'beta', vote: 'no', reason },
  ]);
});

test('of what was never promised here, only that it is over', () => {
  const durable = { is: 'aborted', subject: null, because: [], at: 2_000, settled: true } as const;
  const view = viewOf('beta', recordOf(durable), undefined);
  expect([view.body, view.votes, view.preparedAt]).toEqual([null, [], null]);
});

test('a bank that forgot has promised nothing that it knows of', () => {
  const doubt = viewOf('beta', recordOf({ is: 'in_doubt', ...subject }), undefined);
  expect(doubt.votes.map(({ vote }) => vote)).toEqual(['unknown', 'unknown']);
  expect(doubt.preparedAt).toBeNull();
});
