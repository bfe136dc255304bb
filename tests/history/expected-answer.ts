import { ERRORS, problemType } from '@lastro/contract';
import type { Ask } from './ask.ts';
import { accountAt, productAt } from './expected-read.ts';
import type { Moments } from './moments.ts';
import type { Settlement, Timeline } from './timeline.ts';

/** What an ask must have been answered with: a status and one of these bodies. */
export interface ExpectedAnswer {
  readonly status: number;
  readonly bodies: readonly unknown[];
}

/**
 * What a settled command is answered with, at once and whenever it is sent again. `until`: the
 * newest event that can have stood when it was answered. Of a movement of goods, the stock is that
 * after its event; name, price and version, which it doesn't touch, are those of the moment in
 * which the answer was made.
 */
export function expectedAnswer(
  timeline: Timeline,
  moments: Moments,
  { seq, command, refusal }: Settlement,
  ask: Ask,
  until: number,
): ExpectedAnswer {
  if (refusal !== undefined) return expectedRefusal(refusal, ask);
  const made = (body: unknown): ExpectedAnswer => ({ status: 201, bodies: [body] });
  switch (command.type) {
    case 'PostTransfer':
    case 'Deposit':
    case 'Withdraw':
      return ask.index === null
        ? made(timeline.transfers.get(command.id)?.value)
        : { status: 200, bodies: [{ id: command.id, status: 'posted' }] };
    case 'OpenAccount':
      return made(accountAt(timeline, command.account, seq));
    case 'PostTransaction':
      return made(timeline.transactions.get(command.id)?.value);
    case 'PlaceOrder':
      return made(timeline.orders.get(command.id)?.value);
    case 'CreateProduct':
      return made(productAt(timeline, command.sku, seq));
    case 'ChangeProduct':
      return { status: 200, bodies: [productAt(timeline, command.sku, seq)] };
    case 'ReceiveGoods':
    case 'AdjustGoods': {
      const asOf = productAt(timeline, command.sku, seq);
      const bodies = moments.between(seq, until).map((moment) => {
        const { name, price, version } = productAt(timeline, command.sku, moment) ?? {};
        return { ...asOf, name, price, version };
      });
      return { status: 201, bodies };
    }
    default:
      throw new Error(`no history asks for ${command.type} yet`);
  }
}

function expectedRefusal(refusal: NonNullable<Settlement['refusal']>, ask: Ask): ExpectedAnswer {
  const { code } = refusal;
  if (ask.index !== null) {
    const named = ask.request.resource === 'transfers' ? ask.request.body.id : undefined;
    return { status: 200, bodies: [named === undefined ? { code } : { id: named, code }] };
  }
  const { status, retryable, title } = ERRORS[code];
  const body = { type: problemType(code), title: title.en, status, retryable, ...refusal };
  return { status, bodies: [body] };
}
