import type { HoldEndState } from './hold.ts';
import type { Refusal } from './refusal.ts';
import {
  amountRange,
  frozen,
  leased,
  lost,
  metadata,
  mismatch,
  noAccount,
  outOfRange,
  poor,
  request,
  shut,
  system,
  taken,
  type Cases,
} from './refusal-case.fixture.ts';
import { BLOCK_TIME } from './town.fixture.ts';

const noHold: Refusal = { code: 'hold_not_found' };
const ended = (state: HoldEndState): Refusal => ({ code: 'hold_ended', state });
const expiryRange: Refusal = { code: 'expiry_out_of_range' };
const exceeded = (remaining: bigint): Refusal => ({ code: 'amount_exceeded', remaining });
const partOf = (owner: 'order' | 'transaction' | 'hold', id: string): Refusal => ({
  code: 'part_of',
  owner,
  id,
});
const notCompleted = (status: 'refused' | 'cancelled'): Refusal => ({
  code: 'order_not_completed',
  status,
});
/** The first id is free, the one that follows it is taken. */
const beforeTaken = 'group-000000000000';
const free = 'free-000000000001';
const DAYS_90 = 90 * 24 * 60 * 60;

const allEnded = [
  { change: { hold: 'ghost' }, refusal: noHold },
  { change: { hold: 'captured' }, refusal: ended('captured') },
  { change: { hold: 'released' }, refusal: ended('released') },
  { change: { hold: 'expired' }, refusal: ended('expired') },
  { change: { hold: 'lapsed' }, refusal: ended('expired') },
] as const;

export const HOLD_CASES: Cases<'PlaceHold' | 'CaptureHold' | 'ReleaseHold' | 'ExtendHold'> = {
  PlaceHold: {
    accepted: { type: 'PlaceHold', id: 'n', transfers: [request], expiry: { ttl: DAYS_90 } },
    faults: [
      lost,
      { change: { expiry: { ttl: 0 } }, refusal: expiryRange },
      { change: { expiry: { ttl: DAYS_90 + 1 } }, refusal: expiryRange },
      { change: { expiry: { at: BLOCK_TIME } }, refusal: expiryRange },
      { change: { transfers: [{ ...request, from: 'ghost' }] }, refusal: noAccount('ghost') },
      { change: { transfers: [{ ...request, to: 'cash:BRL' }] }, refusal: system('cash:BRL') },
      { change: { transfers: [{ ...request, amount: 0n }] }, refusal: amountRange },
      {
        change: {
          transfers: [{ ...request, condition: { version: null, balanceAtLeast: 101n } }],
        },
        refusal: { code: 'condition_failed', condition: 'ifBalanceAtLeast' },
      },
      { change: { transfers: [{ ...request, to: 'ana' }] }, refusal: { code: 'same_account' } },
      { change: { transfers: [{ ...request, to: 'usd' }] }, refusal: mismatch },
      { change: { transfers: [{ ...request, from: 'frozen' }] }, refusal: frozen },
      { change: { transfers: [{ ...request, from: 'leased' }] }, refusal: leased },
      { change: { transfers: [{ ...request, amount: 101n }] }, refusal: poor('ana') },
      { change: { transfers: [{ ...request, to: 'shut' }] }, refusal: shut },
      { change: { transfers: [{ ...request, to: 'leased' }] }, refusal: leased },
      { change: { transfers: [{ ...request, to: 'full' }] }, refusal: outOfRange('full') },
      { change: { id: 'used-transaction' }, refusal: taken },
      { change: { id: 'bought' }, refusal: taken },
      { change: { id: 'refused' }, refusal: taken },
      { change: { id: 'released' }, refusal: taken },
    ],
  },
  CaptureHold: {
    accepted: { type: 'CaptureHold', hold: 'held', amount: null, transferId: 'n' },
    faults: [
      lost,
      ...allEnded,
      { change: { hold: 'group', amount: 5n }, refusal: { code: 'amount_not_allowed' } },
      { change: { amount: 0n }, refusal: amountRange },
      { change: { amount: -1n }, refusal: amountRange },
      { change: { amount: 6n }, refusal: exceeded(5n) },
      { change: { transferId: 'used-transfer' }, refusal: taken },
      { change: { hold: 'group', amount: null, transferId: beforeTaken }, refusal: taken },
    ],
  },
  ReleaseHold: {
    accepted: { type: 'ReleaseHold', hold: 'held' },
    faults: [lost, ...allEnded],
  },
  ExtendHold: {
    accepted: { type: 'ExtendHold', hold: 'held', expiry: { ttl: DAYS_90 } },
    faults: [
      lost,
      ...allEnded,
      { change: { expiry: { ttl: 60 } }, refusal: expiryRange },
      { change: { expiry: { at: BLOCK_TIME + 3_600_000 } }, refusal: expiryRange },
      { change: { expiry: { ttl: DAYS_90 + 1 } }, refusal: expiryRange },
    ],
  },
};

export const CORRECTION_CASES: Cases<'ReverseTransfer' | 'ReverseTransaction' | 'CancelOrder'> = {
  ReverseTransfer: {
    accepted: {
      type: 'ReverseTransfer',
      id: 'n',
      reverses: 'paid',
      amount: 1n,
      metadata,
      mayMoveCash: false,
    },
    faults: [
      lost,
      { change: { reverses: 'ghost' }, refusal: { code: 'transfer_not_found' } },
      { change: { reverses: 'pair-1' }, refusal: partOf('transaction', 'pair') },
      { change: { reverses: 'undo-000000000001' }, refusal: partOf('transaction', 'undoing-pair') },
      { change: { reverses: 'group-000000000001' }, refusal: partOf('hold', 'captured-group') },
      { change: { reverses: 'bought-money' }, refusal: partOf('order', 'bought') },
      { change: { reverses: 'bought-goods' }, refusal: partOf('order', 'bought') },
      { change: { reverses: 'cancel-000000000001' }, refusal: partOf('order', 'cancelled') },
      { change: { reverses: 'stock-of-tea', mayMoveCash: true }, refusal: system('received:tea') },
      { change: { reverses: 'used-transfer' }, refusal: system('cash:BRL') },
      { change: { amount: 0n }, refusal: amountRange },
      { change: { amount: -1n }, refusal: amountRange },
      { change: { reverses: 'paid', amount: 11n }, refusal: exceeded(10n) },
      { change: { reverses: 'partly', amount: 7n }, refusal: exceeded(6n) },
      { change: { reverses: 'undone', amount: null }, refusal: exceeded(0n) },
      { change: { reverses: 'to-frozen' }, refusal: frozen },
      { change: { reverses: 'to-shut' }, refusal: shut },
      { change: { reverses: 'to-leased' }, refusal: leased },
      { change: { reverses: 'to-spent' }, refusal: poor('spent') },
      { change: { reverses: 'from-shut' }, refusal: shut },
      { change: { reverses: 'from-leased' }, refusal: leased },
      { change: { reverses: 'from-full' }, refusal: outOfRange('full') },
      { change: { id: 'used-transfer' }, refusal: taken },
    ],
  },
  ReverseTransaction: {
    accepted: { type: 'ReverseTransaction', id: 'n', reverses: 'pair', transferId: free },
    faults: [
      lost,
      { change: { reverses: 'ghost' }, refusal: { code: 'transaction_not_found' } },
      { change: { reverses: 'refused' }, refusal: { code: 'transaction_not_found' } },
      { change: { reverses: 'held' }, refusal: { code: 'transaction_not_found' } },
      { change: { reverses: 'captured' }, refusal: { code: 'transaction_not_found' } },
      { change: { reverses: 'bought' }, refusal: partOf('order', 'bought') },
      { change: { reverses: 'cancellation' }, refusal: partOf('order', 'cancelled') },
      { change: { reverses: 'undone-pair' }, refusal: { code: 'already_reversed' } },
      { change: { reverses: 'frozen-pair' }, refusal: frozen },
      { change: { reverses: 'spent-pair' }, refusal: poor('spent') },
      { change: { id: 'used-transaction' }, refusal: taken },
      { change: { id: 'bought' }, refusal: taken },
      { change: { id: 'held' }, refusal: taken },
      { change: { transferId: 'used-transfer' }, refusal: taken },
      { change: { transferId: beforeTaken }, refusal: taken },
    ],
  },
  CancelOrder: {
    accepted: { type: 'CancelOrder', order: 'bought', id: 'n', transferId: free },
    faults: [
      lost,
      { change: { order: 'ghost' }, refusal: { code: 'order_not_found' } },
      { change: { order: 'pair' }, refusal: { code: 'order_not_found' } },
      { change: { order: 'refused' }, refusal: notCompleted('refused') },
      { change: { order: 'cancelled' }, refusal: notCompleted('cancelled') },
      { change: { order: 'frozen-order' }, refusal: frozen },
      { change: { order: 'spent-order' }, refusal: poor('spent') },
      { change: { id: 'used-transaction' }, refusal: taken },
      { change: { id: 'held' }, refusal: taken },
      { change: { transferId: 'used-transfer' }, refusal: taken },
      { change: { transferId: beforeTaken }, refusal: taken },
    ],
  },
};
