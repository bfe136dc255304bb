import { ACCOUNT_CASES, LEASE_CASES } from './refusal-cases-accounts.fixture.ts';
import { CONSORTIUM_CASES } from './refusal-cases-consortium.fixture.ts';
import { CORRECTION_CASES, HOLD_CASES } from './refusal-cases-corrections.fixture.ts';
import { GOODS_CASES } from './refusal-cases-goods.fixture.ts';
import { TRANSFER_CASES } from './refusal-cases-transfers.fixture.ts';
import type { Cases, CommandType } from './refusal-case.fixture.ts';

/** For a furnished town. Each list is in the order in which the faults are found. */
export const REFUSAL_CASES: Cases<CommandType> = {
  ...ACCOUNT_CASES,
  ...LEASE_CASES,
  ...TRANSFER_CASES,
  ...HOLD_CASES,
  ...CORRECTION_CASES,
  ...GOODS_CASES,
  ...CONSORTIUM_CASES,
};
