import { ERRORS, problemType, type ErrorCode } from '@lastro/contract';
import { refusalDetails, type Command, type Refusal } from '@lastro/core';
import type { Ask } from './ask.ts';
import { accountAt, lineAt, productAt } from './expected-read.ts';
import type { Moments } from './moments.ts';
import type { Settlement, Timeline } from './timeline.ts';

/** What an ask may have been answered with. */
export interface ExpectedAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface AnswerTime {
  readonly moments: Moments;
  /** The newest event that can have stood when it was answered. */
  readonly until: number;
  /** When it was answered, milliseconds since 1970. */
  readonly at: number;
}

/** The clocks of clients and servers of a history are one, but for what is being set right. */
export const CLOCK_TOLERANCE_MS = 1_000;

/**
 * What a settled command is answered with, at once and whenever it is sent again. Of a movement of
 * goods, the stock is that after its event; name, price and version, which it doesn't touch, are
 * those of the moment in which the answer was made. What became of a request for a lease may have
 * changed until then.
 */
export function expectedAnswers(
  timeline: Timeline,
  settlement: Settlement,
  ask: Ask,
  time: AnswerTime,
): readonly ExpectedAnswer[] {
  const { seq, command, refusal, fact } = settlement;
  if (refusal !== undefined) return [refusalAnswer(refusal, ask)];
  switch (command.type) {
    case 'PostTransfer':
    case 'Deposit':
    case 'Withdraw':
      return ask.index === null
        ? [made(lineAt(timeline.transfers, command.id, seq))]
        : [{ status: 200, body: { id: command.id, status: 'posted' } }];
    case 'ReverseTransfer':
      return [made(lineAt(timeline.transfers, command.id, seq))];
    case 'PostTransaction':
    case 'ReverseTransaction':
      return [made(lineAt(timeline.transactions, command.id, seq))];
    case 'OpenAccount':
      return [made(accountAt(timeline, command.account, seq))];
    case 'ChangeAccount':
    case 'FreezeAccount':
    case 'UnfreezeAccount':
    case 'CloseAccount':
    case 'ReopenAccount':
      return [changed(accountAt(timeline, command.account, seq))];
    case 'PlaceOrder':
      return [made(lineAt(timeline.orders, command.id, seq))];
    case 'CancelOrder':
      return [changed(lineAt(timeline.orders, command.order, seq))];
    case 'PlaceHold':
      return [made(lineAt(timeline.holds, command.id, seq))];
    case 'CaptureHold':
    case 'ReleaseHold':
    case 'ExtendHold':
      return [changed(lineAt(timeline.holds, command.hold, seq))];
    case 'CreateProduct':
      return [made(productAt(timeline, command.sku, seq))];
    case 'ChangeProduct':
      return [changed(productAt(timeline, command.sku, seq))];
    case 'ReceiveGoods':
    case 'AdjustGoods':
      return goodsAnswers(timeline, command.sku, seq, time);
    case 'RequestLease':
      return leaseAnswers(timeline, command, settlement, ask, time);
    case 'RenewLease': {
      const { account, id, expiresAt } = fact.data;
      return [made({ id, account, expiresAt })];
    }
    case 'ReleaseLease':
      return [made({ id: command.lease, account: command.account })];
    case 'BeginCrossBank':
    case 'SetExposureLimit':
    case 'GrantConsent':
    case 'RevokeConsent':
      throw new Error('histories are of one bank');
  }
}

function made(body: unknown): ExpectedAnswer {
  return { status: 201, body };
}

function changed(body: unknown): ExpectedAnswer {
  return { status: 200, body };
}

function goodsAnswers(
  timeline: Timeline,
  sku: string,
  seq: number,
  { moments, until }: AnswerTime,
): readonly ExpectedAnswer[] {
  const asOf = productAt(timeline, sku, seq);
  return moments.between(seq, until).map((moment) => {
    const { name, price, version } = productAt(timeline, sku, moment) ?? {};
    return made({ ...asOf, name, price, version });
  });
}

/** The lease while it is held; why there is none, as soon as it can't be any more. */
function leaseAnswers(
  timeline: Timeline,
  { account, id, owner, ttl }: Extract<Command, { readonly type: 'RequestLease' }>,
  { seq, at, fact }: Settlement,
  { answer }: Ask,
  { moments, until, at: answeredAt }: AnswerTime,
): readonly ExpectedAnswer[] {
  const isGrantedAtOnce = fact.data['granted'] === id;
  const lease = (token: number, expiresAt: unknown) =>
    made({ id, account, owner, token, expiresAt });
  if (isGrantedAtOnce && answer?.isReplayed !== true) {
    return [lease(seq, new Date(Date.parse(at) + 1_000 * ttl).toISOString())];
  }
  const none = isGrantedAtOnce
    ? problem('lease_not_found', {})
    : problem('account_leased', { account });
  return moments.between(seq, until).flatMap((moment) => {
    const found = timeline.queues.at(account, moment).find(({ entry }) => entry['ticket'] === seq);
    const isOver = found === undefined || found.until <= answeredAt + CLOCK_TOLERANCE_MS;
    const { token = null, entry = {} } = found ?? {};
    return [
      ...(token === null ? [] : [lease(token, entry['expiresAt'])]),
      ...(isOver ? [none] : []),
    ];
  });
}

function refusalAnswer(refusal: Refusal, { index, request }: Ask): ExpectedAnswer {
  const { code } = refusal;
  if (index === null) return problem(code, detailsOf(refusal));
  const named = request.resource === 'transfers' ? request.body.id : undefined;
  return { status: 200, body: named === undefined ? { code } : { id: named, code } };
}

/** A problem has a status of its own, and amounts are numbers in it. */
function detailsOf(refusal: Refusal): object {
  if (refusal.code === 'amount_exceeded') return { remaining: Number(refusal.remaining) };
  if (refusal.code === 'order_not_completed') return { orderStatus: refusal.status };
  return refusalDetails(refusal);
}

function problem(code: ErrorCode, details: object): ExpectedAnswer {
  const { status, retryable, title } = ERRORS[code];
  const body = { type: problemType(code), title: title.en, status, retryable, code, ...details };
  return { status, body };
}
