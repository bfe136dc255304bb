import type { TransferRequest } from '@lastro/contract';
import type { Chance } from '../chance.ts';
import { placeAt, type PayingBank } from './paying-bank.ts';

/** Centavos. */
const AMOUNT_MAX = 500_00;

export interface Payment {
  /** Where its payer is: the bank that is asked for it. */
  readonly by: PayingBank;
  readonly transfer: TransferRequest;
}

/** A small amount from a customer of one bank to one of another; of at least two banks. */
export function drawPayment(banks: readonly PayingBank[], chance: Chance): Payment {
  const by = chance.pick(banks);
  const to = chance.pick(banks.filter(({ id }) => id !== by.id));
  return {
    by,
    transfer: {
      from: chance.pick(by.accounts),
      to: placeAt(to, chance.pick(to.accounts)),
      amount: 1 + chance.below(AMOUNT_MAX),
    },
  };
}
