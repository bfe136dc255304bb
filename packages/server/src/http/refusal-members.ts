import { refusalDetails, type Refusal } from '@lastro/core';
import type { ProblemDetails } from './problem.ts';
import { toJsonInteger } from './wire.ts';

/** What a refusal says beside its code, as members of a problem document, which has a `status` already. */
export function refusalMembers(refusal: Refusal): ProblemDetails {
  switch (refusal.code) {
    case 'amount_exceeded':
      return { remaining: toJsonInteger(refusal.remaining) };
    case 'order_not_completed':
      return { orderStatus: refusal.status };
    default:
      return refusalDetails(refusal);
  }
}
