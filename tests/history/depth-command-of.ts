import type { EventAnswer, HoldRequest, TransferRequest } from '@lastro/contract';
import {
  HOLD_TTL_DEFAULT_SECONDS,
  NO_METADATA,
  type Command,
  type Condition,
  type Expiry,
} from '@lastro/core';
import type { DepthRequest } from './request.ts';

/** The command that a request about holds, corrections, accounts or leases asked for. */
export function depthCommandOf(
  request: DepthRequest,
  { seq, data }: Pick<EventAnswer, 'seq' | 'data'>,
): Command {
  switch (request.resource) {
    case 'holds': {
      const { body } = request;
      const id = body.id ?? textIn(data, 'id') ?? unseenId(seq);
      return { type: 'PlaceHold', id, transfers: promisedIn(body), expiry: expiryOf(body) };
    }
    case 'capture': {
      const { hold, body } = request;
      const amount = body.amount === undefined ? null : BigInt(body.amount);
      const transferId = body.id ?? firstIn(data['transfers']) ?? unseenId(seq);
      return { type: 'CaptureHold', hold, amount, transferId };
    }
    case 'release':
      return { type: 'ReleaseHold', hold: request.hold };
    case 'extend':
      return { type: 'ExtendHold', hold: request.hold, expiry: expiryOf(request.body) };
    case 'reversal':
    case 'whole reversal':
    case 'cancel':
      return correctionOf(request, { seq, data });
    case 'limits': {
      const { account, version } = request;
      const { creditLimit, maximumBalance } = request.body;
      const limits = {
        creditLimit: limitOf(creditLimit),
        maximumBalance: limitOf(maximumBalance),
      };
      return { type: 'ChangeAccount', account, version, ...limits };
    }
    case 'freeze':
    case 'unfreeze':
    case 'close':
    case 'reopen': {
      const { account, resource, body } = request;
      return { type: STATUS_COMMANDS[resource], account, reason: body.reason ?? null };
    }
    case 'leases': {
      const { account, body } = request;
      const { owner, ttl = LEASE_TTL_DEFAULT, wait = 0 } = body;
      const id = body.id ?? textIn(data, 'id') ?? unseenId(seq);
      return { type: 'RequestLease', id, account, owner, ttl, wait };
    }
    case 'renew': {
      const { account, lease, body } = request;
      return { type: 'RenewLease', account, lease, ttl: body.ttl ?? LEASE_TTL_DEFAULT };
    }
    case 'give back': {
      const { account, lease } = request;
      return { type: 'ReleaseLease', account, lease };
    }
  }
}

/** Seconds that a lease lasts where the request doesn't say. */
const LEASE_TTL_DEFAULT = 30;

const STATUS_COMMANDS = {
  freeze: 'FreezeAccount',
  unfreeze: 'UnfreezeAccount',
  close: 'CloseAccount',
  reopen: 'ReopenAccount',
} as const;

/** What a wanted transfer demands of the account that it leaves; null: nothing. */
export function conditionOf(
  wanted: Pick<TransferRequest, 'ifVersion' | 'ifBalanceAtLeast'>,
): Condition | null {
  const { ifVersion: version, ifBalanceAtLeast: least } = wanted;
  if (version === undefined && least === undefined) return null;
  return { version: version ?? null, balanceAtLeast: least === undefined ? null : BigInt(least) };
}

/** An id that nobody has, and that others can follow. */
export function unseenId(seq: number): string {
  return `ffffffff-ffff-4fff-bfff-${(seq * 1_000).toString(16).padStart(12, '0')}`;
}

function correctionOf(
  request: Extract<DepthRequest, { readonly resource: 'reversal' | 'whole reversal' | 'cancel' }>,
  { seq, data }: Pick<EventAnswer, 'seq' | 'data'>,
): Command {
  const { body } = request;
  switch (request.resource) {
    case 'reversal': {
      const { amount, metadata = NO_METADATA } = request.body;
      return {
        type: 'ReverseTransfer',
        id: body.id ?? firstIn([data['transfer']]) ?? unseenId(seq),
        reverses: request.reverses,
        amount: amount === undefined ? null : BigInt(amount),
        metadata,
        mayMoveCash: request.byAdmin,
      };
    }
    case 'whole reversal': {
      const legs = data['legs'] as readonly { readonly transfer: unknown }[] | undefined;
      return {
        type: 'ReverseTransaction',
        id: body.id ?? textIn(data, 'id') ?? unseenId(seq),
        reverses: request.reverses,
        transferId: firstIn(legs?.map(({ transfer }) => transfer)) ?? unseenId(seq),
      };
    }
    case 'cancel':
      return {
        type: 'CancelOrder',
        order: request.order,
        id: body.id ?? textIn(data, 'id') ?? unseenId(seq),
        transferId: firstIn(data['transfers']) ?? unseenId(seq),
      };
  }
}

function promisedIn(body: HoldRequest) {
  const wanted = 'transfers' in body ? body.transfers : [body];
  return wanted.map((one) => {
    const { from, to, amount, metadata = NO_METADATA } = one;
    return { from, to, amount: BigInt(amount), metadata, condition: conditionOf(one) };
  });
}

function expiryOf({ ttl, expiresAt }: { ttl?: number; expiresAt?: string }): Expiry {
  if (expiresAt !== undefined) return { at: Date.parse(expiresAt) };
  return { ttl: ttl ?? HOLD_TTL_DEFAULT_SECONDS };
}

function limitOf(limit: number | null | undefined) {
  if (limit === undefined) return null;
  return { to: limit === null ? null : BigInt(limit) };
}

function textIn(data: EventAnswer['data'], name: string): string | undefined {
  const found = data[name];
  // A refusal names what it is about, and not what the command would have made.
  return typeof found === 'string' && data['code'] === undefined ? found : undefined;
}

/** The id of the first of several transfers. */
function firstIn(transfers: unknown): string | undefined {
  const [first] = Array.isArray(transfers) ? (transfers as readonly unknown[]) : [];
  const { id } = (first ?? {}) as { readonly id?: unknown };
  return typeof id === 'string' ? id : undefined;
}
