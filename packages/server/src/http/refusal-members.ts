import { refusalDetails, type Refusal } from '@lastro/core';
import type { ProblemDetails } from './problem.ts';
import { toJsonInteger } from './wire.ts';

/** What a refusal says beside its code, as members of a problem document, which has a `status` already. */
export function refusalMembers(refusal: Refusal): ProblemDetails {
  if (refusal.code === 'amount_exceeded') return { remaining: toJsonInteger(refusal.remaining) };
  if (refusal.code === 'order_not_completed') return { orderStatus: refusal.status };
  return refusalDetails(refusal);
}
