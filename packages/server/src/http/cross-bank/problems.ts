import type { ErrorCode } from '@lastro/contract';
import type { consortium } from '@lastro/core';
import type { BeginRefusal } from '../cross-bank-host.ts';
import type { ProblemDetails } from '../problem.ts';
import { refusalMembers } from '../refusal-members.ts';

/** A code of the registry and what its problem says beside it. */
export interface CodedProblem {
  readonly code: ErrorCode;
  readonly details: ProblemDetails;
}

/**
 * Why a transaction was aborted: the refusal of the rules of one bank, named with it, before what
 * only says that the banks did not come together. Empty: time ran out.
 */
export function abortProblem(because: readonly consortium.Objection[]): CodedProblem {
  const ruled = because.find(({ reason }) => reason.code === 'refused');
  const objection = ruled ?? because[0];
  if (objection === undefined) {
    return { code: 'transaction_aborted', details: { reason: 'out_of_time' } };
  }
  const { bank, reason } = objection;
  if (reason.code === 'refused') {
    const { refusal } = reason;
    return { code: refusal.code, details: { ...refusalMembers(refusal), bank } };
  }
  if (reason.code === 'funds_held') return { code: 'funds_held', details: { bank } };
  const fault = reason.code === 'malformed' ? { detail: FAULTS[reason.fault] } : {};
  return { code: 'transaction_aborted', details: { bank, reason: reason.code, ...fault } };
}

/** Why nothing was begun. */
export function obstacleProblem(refusal: BeginRefusal): CodedProblem {
  switch (refusal.code) {
    case 'refused':
      return { code: refusal.refusal.code, details: refusalMembers(refusal.refusal) };
    case 'funds_held':
      return { code: 'funds_held', details: {} };
    case 'malformed':
      return { code: 'invalid_request', details: { detail: FAULTS[refusal.fault] } };
    case 'decide_by_too_far':
      return { code: 'invalid_request', details: { detail: 'the deadline is too far ahead' } };
    case 'id_reused':
      return { code: 'id_reused', details: {} };
    case 'too_late':
      return { code: 'deadline_exceeded', details: {} };
    case 'register_away':
    case 'other_generation':
    case 'below_floor':
      return { code: 'register_unavailable', details: {} };
    case 'reconciling':
      return { code: 'reconciling', details: {} };
    case 'peer_unknown':
      return { code: 'peer_unknown', details: { bank: refusal.bank } };
    case 'peer_offline':
      return { code: 'peer_unavailable', details: { bank: refusal.bank } };
    case 'peer_busy':
      return { code: 'peer_busy', details: { bank: refusal.bank } };
  }
}

const FAULTS: { readonly [Fault in consortium.TransactionFault]: string } = {
  malformed_id: 'the id of the transaction is none of its coordinator',
  malformed_bank: 'a bank id has 2–31 of a–z 0–9 -, a letter first',
  no_legs: 'there is nothing to move',
  too_many_legs: 'there are more than 1000 transfers',
  too_many_banks: 'more than 32 banks take part',
  amount_out_of_range: 'an amount is above zero and at most 2^53 − 1',
  same_account: 'a transfer needs two different accounts',
  one_bank_only: 'only one bank takes part',
};
