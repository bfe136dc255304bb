import type { ConsortiumFact } from './consortium-event.ts';
import { encodeBody } from './consortium/body-text.ts';
import type { HashedBody } from './consortium/message.ts';
import { encodeObjection } from './consortium/reason-text.ts';
import type { Objection, Yes } from './consortium/vote.ts';
import type { PendingOrder } from './cross-bank-record.ts';
import { encodeLine, encodeTransfer, quote, timeText } from './journal-text.ts';

// Much of these texts comes from other banks, so every string is quoted as JSON wants it.

/** The `data` member of an event that concerns other banks. */
export function encodeConsortiumFact(fact: ConsortiumFact): string {
  switch (fact.type) {
    case 'crossbank.prepared':
      return (
        `{"id":${quote(fact.id)},${encodeHashed(fact)},"signature":${quote(fact.signature)}` +
        `${fact.order === null ? '' : `,"order":${encodePendingOrder(fact.order)}`}}`
      );
    case 'crossbank.committed':
      return (
        `{"id":${quote(fact.id)},"yes":${encodeYes(fact.yes)},` +
        `"rebuilt":${fact.rebuilt === null ? 'null' : `{${encodeHashed(fact.rebuilt)}}`},` +
        `"transfers":[${fact.transfers.map(encodeTransfer).join()}]}`
      );
    case 'crossbank.aborted':
      return `{"id":${quote(fact.id)},"because":${encodeObjections(fact.because)}}`;
    case 'crossbank.doubted':
      return `{"id":${quote(fact.id)},${encodeHashed(fact)}}`;
    case 'crossbank.settled':
      return `{"id":${quote(fact.id)}}`;
    case 'consent.granted':
      return (
        `{"id":"${fact.id}","account":"${fact.account}","bank":${quote(fact.bank)},` +
        `"amount":${fact.amount},"uses":"${fact.uses}","expiresAt":${timeText(fact.expiresAt)}}`
      );
    case 'consent.revoked':
      return `{"id":"${fact.id}"}`;
    case 'peer.limited':
      return `{"bank":${quote(fact.bank)},"asset":"${fact.asset}","limit":${fact.limit}}`;
  }
}

function encodeHashed({ hash, body }: HashedBody): string {
  return `"hash":${quote(hash)},"body":${encodeBody(body)}`;
}

/** Every promise, in the order in which they stand in the decision. */
export function encodeYes(yes: readonly Yes[]): string {
  const texts = yes.map(
    ({ bank, signature }) => `{"bank":${quote(bank)},"signature":${quote(signature)}}`,
  );
  return `[${texts.join()}]`;
}

export function encodeObjections(because: readonly Objection[]): string {
  return `[${because.map(encodeObjection).join()}]`;
}

export function encodePendingOrder(order: PendingOrder): string {
  const { id, customer, merchant, asset, lines, total } = order;
  return (
    `{"id":"${id}","customer":${quote(customer)},"merchant":"${merchant}","asset":"${asset}",` +
    `"lines":[${lines.map(encodeLine).join()}],"total":${total}}`
  );
}
