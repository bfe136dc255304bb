import { describe, expect, test } from 'vitest';
import {
  ABORT_PREPARED,
  begin,
  bodyOf,
  commit,
  CONSENT,
  createMemberTown,
  idOf,
  leg,
  prepare,
  uuidOf,
} from './cross-bank.fixture.ts';
import { NO_METADATA } from './metadata.ts';
import type { OwnCommand } from './own-command.ts';
import { accountOf, type Town } from './town.fixture.ts';

const OUT = bodyOf(idOf('town', 6), 'town/ana beta/bia 5');
const IN = bodyOf(idOf('alfa'), 'alfa/zoe town/bia 5');
const DEBIT = bodyOf(idOf('alfa', 2), leg('town/ana alfa/zoe 20', CONSENT));

function pendings(town: Town, id: string) {
  const { debitsPending, creditsPending } = accountOf(town, id);
  return [debitsPending, creditsPending];
}

function balanceOf(town: Town, id: string) {
  const { creditsPosted, debitsPosted } = accountOf(town, id);
  return creditsPosted - debitsPosted;
}

function did(town: Town, own: OwnCommand) {
  const decision = town.settle(own);
  return decision.kind === 'refused' ? decision.refusal : decision.kind;
}

describe('a promise', () => {
  test('of the coordinator holds what leaves, and opens the account of the peer', () => {
    const town = createMemberTown();
    expect(town.tell(begin(OUT))).toMatchObject({ type: 'crossbank.prepared', id: OUT.id });
    expect(pendings(town, 'ana')).toEqual([5n, 0n]);
    expect(pendings(town, 'peer:beta:BRL')).toEqual([0n, 5n]);
    expect(town.ledger.crossBank(OUT.id)?.durable).toMatchObject({ is: 'prepared' });
    expect(town.ledger.hold(uuidOf(6))).toMatchObject({ owner: OUT.id, expiresAt: null });
  });

  test('of a participant holds what arrives against what the peer may owe', () => {
    const town = createMemberTown();
    expect(did(town, prepare(IN))).toBe('decided');
    expect(pendings(town, 'peer:alfa:BRL')).toEqual([5n, 0n]);
    expect(pendings(town, 'bia')).toEqual([0n, 5n]);
  });

  test('of a leg within the bank needs no peer, and of no leg at all holds nothing', () => {
    const town = createMemberTown();
    const inside = bodyOf(idOf('alfa', 3), leg('town/ana town/bia 5', CONSENT), 'alfa/x beta/y 1');
    expect(did(town, prepare(inside))).toBe('decided');
    expect([pendings(town, 'ana'), pendings(town, 'bia')]).toEqual([
      [5n, 0n],
      [0n, 5n],
    ]);
    const chair = bodyOf(idOf('town', 4), 'alfa/x beta/y 1');
    expect(town.tell(begin(chair))).toMatchObject({ type: 'crossbank.prepared' });
    expect(town.ledger.hold(uuidOf(4))).toBeUndefined();
    expect(town.settle(commit(chair))).toMatchObject({ kind: 'decided', fact: { transfers: [] } });
  });

  test('is made once', () => {
    const town = createMemberTown();
    town.settle(prepare(IN));
    expect(town.settle(prepare(IN))).toMatchObject({ kind: 'stale', durable: { is: 'prepared' } });
    expect(pendings(town, 'bia')).toEqual([0n, 5n]);
  });

  test('counts legs on one account together', () => {
    const town = createMemberTown();
    const twice = bodyOf(idOf('town', 5), 'town/ana beta/x 60', 'town/ana alfa/y 60');
    expect(town.refusal(begin(twice))).toEqual({ code: 'insufficient_funds', account: 'ana' });
    expect(pendings(town, 'ana')).toEqual([0n, 0n]);
  });
});

describe('a decision', () => {
  test('to commit posts what was held, once, as one transaction of the owner', () => {
    const town = createMemberTown();
    town.tell(begin(OUT));
    expect(did(town, commit(OUT))).toBe('decided');
    expect([balanceOf(town, 'ana'), balanceOf(town, 'peer:beta:BRL')]).toEqual([95n, 5n]);
    expect(pendings(town, 'ana')).toEqual([0n, 0n]);
    expect(town.ledger.transfers.get(uuidOf(7_000))).toMatchObject({ transaction: uuidOf(6) });
    expect(town.settle(commit(OUT))).toMatchObject({ kind: 'stale', durable: { is: 'committed' } });
    expect(balanceOf(town, 'ana')).toBe(95n);
  });

  test('to abort gives back holds and consents', () => {
    const town = createMemberTown();
    town.settle(prepare(DEBIT));
    expect(town.ledger.consent(CONSENT)?.spent).toBe(20n);
    expect(did(town, { ...ABORT_PREPARED, id: DEBIT.id })).toBe('decided');
    expect(pendings(town, 'ana')).toEqual([0n, 0n]);
    expect(town.ledger.consent(CONSENT)?.spent).toBe(0n);
    expect(town.ledger.crossBank(DEBIT.id)?.durable).toMatchObject({
      is: 'aborted',
      settled: true,
    });
  });

  test('that comes before its prepare leaves a tombstone, and the prepare comes too late', () => {
    const town = createMemberTown();
    expect(did(town, { ...ABORT_PREPARED, from: 'absent', id: IN.id })).toBe('decided');
    expect(town.ledger.crossBank(IN.id)?.durable).toMatchObject({ is: 'aborted', subject: null });
    expect(did(town, prepare(IN))).toBe('stale');
  });

  test('passes freeze, lease and limits that came since the promise', () => {
    const town = createMemberTown();
    town.settle(prepare(DEBIT));
    town.settle(prepare(IN));
    town.tell({ type: 'FreezeAccount', account: 'ana', reason: null });
    const lease = { owner: 'x', ttl: 60, wait: 0 };
    town.tell({ type: 'RequestLease', id: uuidOf(800), account: 'bia', ...lease });
    expect(did(town, commit(DEBIT))).toBe('decided');
    expect(did(town, commit(IN, { transferId: uuidOf(7_100) }))).toBe('decided');
    expect([balanceOf(town, 'ana'), balanceOf(town, 'bia')]).toEqual([80n, 5n]);
  });

  test('is settled by a participant at once, and by the coordinator when all have heard', () => {
    const town = createMemberTown();
    town.settle(prepare(IN));
    town.settle(commit(IN));
    expect(did(town, { type: 'SettleShare', id: IN.id })).toBe('stale');
    town.tell(begin(OUT));
    expect(did(town, { type: 'SettleShare', id: OUT.id })).toBe('stale');
    town.settle(commit(OUT, { transferId: uuidOf(7_100) }));
    expect(did(town, { type: 'SettleShare', id: OUT.id })).toBe('decided');
    expect(did(town, { type: 'SettleShare', id: OUT.id })).toBe('stale');
  });
});

describe('a bank that forgot', () => {
  test('rebuilds a commit without holds, below a limit, and marks the accounts', () => {
    const town = createMemberTown();
    const lost = bodyOf(
      idOf('alfa', 9),
      leg('town/ana alfa/zoe 120', CONSENT),
      'alfa/z town/new 1',
    );
    const done = town.settle(commit(lost, { from: 'absent', rebuilt: true }));
    expect(done).toMatchObject({ kind: 'decided', fact: { rebuilt: { body: lost } } });
    expect([balanceOf(town, 'ana'), balanceOf(town, 'new')]).toEqual([-20n, 1n]);
    expect(accountOf(town, 'ana').isRebuilt).toBe(true);
    expect(accountOf(town, 'bia').isRebuilt).toBe(false);
    expect(town.ledger.crossBank(lost.id)?.durable).toMatchObject({
      is: 'committed',
      rebuilt: true,
    });
    const more = bodyOf(idOf('town', 10), 'town/ana beta/x 1');
    expect(town.refusal(begin(more))).toEqual({ code: 'insufficient_funds', account: 'ana' });
  });

  test('watches what a peer reports, holding nothing, until it is decided', () => {
    const town = createMemberTown();
    const { body, hash } = prepare(IN);
    expect(did(town, { type: 'DoubtShare', body, hash })).toBe('decided');
    expect(pendings(town, 'bia')).toEqual([0n, 0n]);
    expect(did(town, prepare(IN))).toBe('stale');
    expect(did(town, commit(IN))).toBe('stale');
    expect(did(town, commit(IN, { from: 'in_doubt', rebuilt: true }))).toBe('decided');
    expect(balanceOf(town, 'bia')).toBe(5n);
  });

  test('lets go of a doubt that ends by abort', () => {
    const town = createMemberTown();
    const { body, hash } = prepare(IN);
    town.settle({ type: 'DoubtShare', body, hash });
    expect(did(town, { ...ABORT_PREPARED, from: 'in_doubt', id: IN.id })).toBe('decided');
    expect(town.ledger.crossBank(IN.id)?.durable).toMatchObject({
      is: 'aborted',
      subject: { body: IN },
    });
  });
});

describe('what a transaction owns', () => {
  test('is ended and corrected by nobody else', () => {
    const town = createMemberTown();
    town.tell(begin(OUT));
    const owned = { code: 'part_of', owner: 'crossbank', id: OUT.id };
    const hold = uuidOf(6);
    const capture = { hold, amount: null, transferId: uuidOf(600) };
    expect(town.refusal({ type: 'CaptureHold', ...capture })).toEqual(owned);
    expect(town.refusal({ type: 'ReleaseHold', hold })).toEqual(owned);
    expect(town.refusal({ type: 'ExtendHold', hold, expiry: { ttl: 60 } })).toEqual(owned);
    town.settle(commit(OUT));
    const reversal = { amount: null, metadata: NO_METADATA, mayMoveCash: true };
    expect(
      town.refusal({
        type: 'ReverseTransfer',
        id: uuidOf(601),
        reverses: uuidOf(7_000),
        ...reversal,
      }),
    ).toEqual(owned);
    expect(
      town.refusal({
        type: 'ReverseTransaction',
        id: uuidOf(602),
        reverses: hold,
        transferId: uuidOf(603),
      }),
    ).toEqual(owned);
  });

  test('keeps its account from being closed', () => {
    const town = createMemberTown();
    town.settle(prepare(IN));
    expect(town.refusal({ type: 'CloseAccount', account: 'bia', reason: null })).toEqual({
      code: 'account_not_empty',
      account: 'bia',
    });
  });

  test('takes the id of the transaction from clients', () => {
    const town = createMemberTown();
    town.settle(prepare(IN));
    const transfers = [
      {
        id: uuidOf(604),
        from: 'ana',
        to: 'bia',
        amount: 1n,
        metadata: NO_METADATA,
        condition: null,
      },
    ];
    expect(town.refusal({ type: 'PostTransaction', id: uuidOf(1), transfers })).toEqual({
      code: 'id_taken',
    });
  });
});

describe('who asks for what the protocol never does is wrong', () => {
  test.each<[string, OwnCommand]>([
    ['promises as a participant what it coordinates', prepare(OUT)],
    ['promises what doesn’t concern it', prepare(bodyOf(idOf('alfa', 5), 'alfa/x beta/y 1'))],
    ['promises a body without legs', prepare(bodyOf(idOf('alfa', 5)))],
    ['commits another body', commit(IN, { from: 'absent', id: idOf('alfa', 5), rebuilt: true })],
  ])('%s', (_, own) => {
    expect(() => createMemberTown().settle(own)).toThrow();
  });

  test('commits under another hash', () => {
    const town = createMemberTown();
    town.settle(prepare(IN));
    expect(() => town.settle(commit(IN, { hash: '6'.repeat(64) }))).toThrow('another hash');
  });

  test('posts under an id that is taken', () => {
    const town = createMemberTown();
    town.settle(prepare(IN));
    expect(() => town.settle(commit(IN, { transferId: uuidOf(900) }))).toThrow('taken id');
  });
});
