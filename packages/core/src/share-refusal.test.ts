import { describe, expect, test } from 'vitest';
import { AMOUNT_MAX_DEFAULT } from './bounds.ts';
import {
  begin,
  bodyOf,
  CONSENT,
  createMemberTown,
  idOf,
  leg,
  prepare,
  uuidOf,
} from './cross-bank.fixture.ts';
import type { Leg } from './consortium/cross-bank-transaction.ts';
import { NO_METADATA } from './metadata.ts';
import type { Refusal } from './refusal.ts';
import { accountOf, type Town } from './town.fixture.ts';

/** The refusal of a promise that alfa asks for. */
function asked(town: Town, ...legs: readonly (Leg | string)[]): Refusal | undefined {
  const decision = town.settle(prepare(bodyOf(idOf('alfa'), ...legs)));
  if (decision.kind === 'stale') throw new Error('the transaction was asked for before');
  return decision.kind === 'refused' ? decision.refusal : undefined;
}

const debit = (amount: number, consent: string | null = CONSENT) =>
  leg(`town/ana alfa/zoe ${amount}`, consent);

describe('without a consent nothing is debited, and nothing is told of the account', () => {
  test.each<[string, Leg, Refusal]>([
    ['none is named', debit(5, null), { code: 'consent_required', account: 'ana' }],
    [
      'none is named, and there is no such account',
      leg('town/ghost alfa/zoe 5'),
      { code: 'consent_required', account: 'ghost' },
    ],
    ['it is unknown', debit(5, uuidOf(501)), { code: 'consent_not_found' }],
    ['it can be no id', debit(5, 'x'), { code: 'consent_not_found' }],
    [
      'it is for another account',
      leg('town/bia alfa/zoe 5', CONSENT),
      { code: 'consent_not_found' },
    ],
    ['less is left of it', debit(31), { code: 'consent_exceeded' }],
  ])('%s', (_, wanted, refusal) => {
    expect(asked(createMemberTown(), wanted)).toEqual(refusal);
  });

  test('it is for another bank', () => {
    const town = createMemberTown();
    const wanted = bodyOf(idOf('beta'), leg('town/ana beta/x 5', CONSENT));
    expect(town.settle(prepare(wanted))).toEqual({
      kind: 'refused',
      refusal: { code: 'consent_not_found' },
    });
  });

  test('it is over', () => {
    const town = createMemberTown();
    town.pass(60);
    expect(asked(town, debit(5))).toEqual({ code: 'consent_expired' });
  });

  test('it was revoked', () => {
    const town = createMemberTown();
    town.tell({ type: 'RevokeConsent', consent: CONSENT });
    expect(asked(town, debit(5))).toEqual({ code: 'consent_revoked' });
    expect(town.refusal({ type: 'RevokeConsent', consent: CONSENT })).toEqual({
      code: 'consent_revoked',
    });
  });

  test('two legs use it up together', () => {
    expect(asked(createMemberTown(), debit(20), debit(11))).toEqual({ code: 'consent_exceeded' });
    expect(asked(createMemberTown(), debit(20), debit(10))).toBeUndefined();
  });

  test('one use is one use, whatever is left', () => {
    const town = createMemberTown();
    const once = uuidOf(502);
    const expiresAt = town.now() + 60_000;
    const more = { account: 'ana', bank: 'alfa', amount: 30n, expiresAt } as const;
    town.tell({ type: 'GrantConsent', id: once, uses: 'once', ...more });
    expect(asked(town, debit(5, once))).toBeUndefined();
    const again = prepare(bodyOf(idOf('alfa', 2), debit(5, once)));
    expect(town.settle(again)).toMatchObject({ refusal: { code: 'consent_exceeded' } });
  });

  test('the coordinator’s own legs need none', () => {
    const own = bodyOf(idOf('town'), 'town/ana alfa/zoe 90');
    expect(createMemberTown().refusal(begin(own))).toBeUndefined();
  });
});

describe('a promise is refused like the movement that it is', () => {
  test.each<[string, Leg, Refusal]>([
    [
      'there is no such account',
      leg('alfa/zoe town/ghost 5'),
      { code: 'account_not_found', account: 'ghost' },
    ],
    [
      'it can be no account',
      leg('alfa/zoe town/a b 5'.replace('a b', 'a"b')),
      { code: 'account_not_found', account: 'a"b' },
    ],
    [
      'it is an account of the system',
      leg('alfa/zoe town/cash:BRL 5'),
      { code: 'system_account', account: 'cash:BRL' },
    ],
    [
      'it is the account of a peer',
      leg('alfa/zoe town/peer:beta:BRL 5'),
      { code: 'system_account', account: 'peer:beta:BRL' },
    ],
    [
      'it counts another asset',
      leg('alfa/zoe town/bia 5', null, 'USD/2'),
      { code: 'asset_mismatch' },
    ],
    [
      'the code has another scale',
      leg('alfa/zoe town/bia 5', null, 'BRL/3'),
      { code: 'asset_mismatch' },
    ],
    [
      'it is more than the bank moves at once',
      leg('alfa/zoe town/bia 1001'),
      { code: 'amount_out_of_range' },
    ],
    [
      'the peer would owe too much',
      leg('alfa/zoe town/bia 51'),
      { code: 'exposure_exceeded', account: 'peer:alfa:BRL' },
    ],
  ])('%s', (_, wanted, refusal) => {
    const town = createMemberTown();
    expect(asked(town, wanted)).toEqual(refusal);
    expect(town.ledger.crossBanks.size + town.ledger.holds.size).toBe(0);
  });

  test('a peer without a limit may owe nothing', () => {
    const town = createMemberTown();
    const wanted = bodyOf(idOf('beta'), 'beta/x town/bia 1');
    expect(town.settle(prepare(wanted))).toMatchObject({
      refusal: { code: 'exposure_exceeded', account: 'peer:beta:BRL' },
    });
    expect(town.ledger.account('peer:beta:BRL')).toBeUndefined();
  });

  test('a frozen account, a closed one and one that others lease', () => {
    const town = createMemberTown();
    town.tell({ type: 'FreezeAccount', account: 'ana', reason: null });
    expect(asked(town, debit(5))).toEqual({ code: 'account_frozen', account: 'ana' });
    town.tell({ type: 'CloseAccount', account: 'bia', reason: null });
    expect(asked(town, 'alfa/zoe town/bia 5')).toEqual({ code: 'account_closed', account: 'bia' });
    const lease = { id: uuidOf(800), owner: 'x', ttl: 60, wait: 0 };
    const other = createMemberTown();
    other.tell({ type: 'RequestLease', account: 'bia', ...lease });
    expect(asked(other, 'alfa/zoe town/bia 5')).toEqual({ code: 'account_leased', account: 'bia' });
  });
});

describe('promises of others that stand in the way pass', () => {
  const holding = (town: Town, amount: bigint) =>
    town.tell({
      type: 'PlaceHold',
      id: uuidOf(300),
      transfers: [{ from: 'ana', to: 'bia', amount, metadata: NO_METADATA, condition: null }],
      expiry: { ttl: 60 },
    });

  test('so the refusal says that it is worth trying again', () => {
    const town = createMemberTown();
    holding(town, 90n);
    expect(asked(town, debit(20))).toEqual({ code: 'funds_held', account: 'ana' });
  });

  test('unless something else is wrong, too', () => {
    const town = createMemberTown();
    holding(town, 90n);
    expect(asked(town, debit(20), 'alfa/zoe town/ghost 1')).toEqual({
      code: 'account_not_found',
      account: 'ghost',
    });
  });

  test('a begin is postponed and leaves nothing behind, until the last try', () => {
    const town = createMemberTown();
    holding(town, 90n);
    const wanted = begin(bodyOf(idOf('town'), 'town/ana beta/x 20'), { isLast: false });
    const envelope = { principal: 'p', id: 'c', hash: 'h', leaseTokens: [] };
    const refusal = { code: 'funds_held', account: 'ana' };
    expect(town.submit({ ...envelope, command: wanted })).toEqual({ kind: 'postponed', refusal });
    expect(town.ledger.outcome('p', 'c')).toBeUndefined();
    const last = { ...wanted, isLast: true };
    expect(town.submit({ ...envelope, command: last })).toMatchObject({
      fact: { type: 'command.refused', refusal },
    });
    expect(town.submit({ ...envelope, command: last })).toMatchObject({ kind: 'replayed' });
  });

  test('what alfa has promised already counts against what it may owe', () => {
    const town = createMemberTown();
    town.settle(prepare(bodyOf(idOf('alfa', 2), 'alfa/zoe town/bia 40')));
    expect(asked(town, 'alfa/zoe town/bia 20')).toEqual({
      code: 'funds_held',
      account: 'peer:alfa:BRL',
    });
  });
});

describe('how much a peer may owe', () => {
  const limit = (town: Town, amount: bigint | null, asset = 'BRL/2') =>
    town.refusal({ type: 'SetExposureLimit', bank: 'alfa', asset, limit: amount });

  test('can’t be set below what it owes, promises counted', () => {
    const town = createMemberTown();
    asked(town, 'alfa/zoe town/bia 40');
    expect(limit(town, 39n)).toEqual({ code: 'limit_in_use', account: 'peer:alfa:BRL' });
    expect(limit(town, 40n)).toBeUndefined();
    expect(limit(town, null)).toBeUndefined();
    expect(accountOf(town, 'peer:alfa:BRL').creditLimit).toBeNull();
  });

  test('is set in an asset with the one scale of its code', () => {
    const town = createMemberTown();
    expect(limit(town, 1n, 'BRL/3')).toEqual({ code: 'asset_scale_conflict' });
    expect(limit(town, 1n, 'sku:tea/0')).toEqual({ code: 'asset_not_allowed' });
    expect(limit(town, -1n)).toEqual({ code: 'amount_out_of_range' });
    expect(limit(town, AMOUNT_MAX_DEFAULT, 'USD/2')).toBeUndefined();
    expect(accountOf(town, 'cash:USD').asset).toBe('USD/2');
  });
});
