import { LastroError, type CallOptions } from '@lastro/client';
import type { CrossBankPending } from '@lastro/contract';

/**
 * Waits for a payment across banks as for any command: while the banks have not agreed, or one of them is still
 * waited for, what became of it is unknown, and the same id is to be sent again. Rejects with `LastroError`.
 */
export async function decided<Answer extends { readonly status: 'posted' }>(
  payment: (options: CallOptions) => Promise<Answer | CrossBankPending>,
  options: CallOptions,
): Promise<Answer> {
  const answer = await payment(options);
  if (answer.status === 'posted') return answer;
  throw new LastroError({
    kind: 'outcome_unknown',
    code: 'outcome_unknown',
    message: 'The banks have not decided on the payment yet.',
    commandId: answer.command,
    tries: 1,
  });
}
