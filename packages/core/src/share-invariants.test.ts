import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CrossBankTransaction } from './consortium/cross-bank-transaction.ts';
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
import { brokenInvariants } from './invariants.fixture.ts';
import { NO_METADATA } from './metadata.ts';
import type { OwnCommand } from './own-command.ts';
import type { Town } from './town.fixture.ts';

// Any order of steps about a few transactions, with local work between them: the books stay right, and
// what a transaction did to them happened once.

const BODIES: readonly CrossBankTransaction[] = [
  bodyOf(idOf('town', 1), 'town/ana beta/zoe 60', 'town/ana town/bia 10'),
  bodyOf(idOf('town', 2), 'town/bia alfa/zoe 30', 'alfa/zoe town/ana 20'),
  bodyOf(idOf('alfa', 3), leg('town/ana alfa/zoe 20', CONSENT), 'alfa/zoe town/bia 45'),
  bodyOf(idOf('alfa', 4), leg('town/ana alfa/zoe 15', CONSENT), leg('town/ana beta/x 5', CONSENT)),
  bodyOf(idOf('beta', 5), 'beta/zoe town/bia 5', 'beta/zoe alfa/zoe 1'),
];

const STEPS = [
  'begin',
  'prepare',
  'commit',
  'abort',
  'settle',
  'doubt',
  'forget',
  'local',
] as const;
const step = fc.record({
  what: fc.constantFrom(...STEPS),
  which: fc.nat({ max: BODIES.length - 1 }),
  from: fc.constantFrom('prepared' as const, 'absent' as const, 'in_doubt' as const),
});
type Step = typeof step extends fc.Arbitrary<infer Type> ? Type : never;

function take(town: Town, { what, which, from }: Step, turn: number): void {
  const body = BODIES[which];
  if (body === undefined) throw new Error(`there is no transaction ${which}`);
  const isOwn = body.id.startsWith('town/');
  const transferId = uuidOf(10_000 + turn * 100);
  const settle = (own: OwnCommand) => void town.settle(own);
  switch (what) {
    case 'begin':
      if (isOwn) town.tell(begin(body));
      return;
    case 'prepare':
      if (!isOwn) settle(prepare(body));
      return;
    case 'commit':
      settle(commit(body, { from: 'prepared', transferId }));
      return;
    case 'abort':
      settle({ ...ABORT_PREPARED, from, id: body.id });
      return;
    case 'settle':
      settle({ type: 'SettleShare', id: body.id });
      return;
    case 'doubt':
      settle({ type: 'DoubtShare', body, hash: prepare(body).hash });
      return;
    case 'forget':
      // Below a limit is allowed to what was forgotten, and to nothing else: this stays within.
      if (which === 4 && from !== 'prepared')
        settle(commit(body, { from, rebuilt: true, transferId }));
      return;
    case 'local':
      town.tell({
        type: 'PostTransfer',
        id: transferId,
        from: which % 2 === 0 ? 'ana' : 'bia',
        to: which % 2 === 0 ? 'bia' : 'ana',
        amount: BigInt(which) * 7n + 1n,
        metadata: NO_METADATA,
        condition: null,
      });
      return;
  }
}

test('after any steps in any order the books are right and consents are used by what stands', () => {
  const property = fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const town = createMemberTown();
    for (const [turn, each] of steps.entries()) {
      take(town, each, turn);
      expect(brokenInvariants(town.ledger, town.journal)).toEqual([]);
      const standing = [...town.ledger.crossBanks.values()].filter(({ durable }) =>
        ['prepared', 'committed'].includes(durable.is),
      );
      const used = standing
        .flatMap(({ durable }) => ('body' in durable ? durable.body.legs : []))
        .filter(({ consent }) => consent === CONSENT)
        .reduce((sum, { amount }) => sum + amount, 0n);
      expect(town.ledger.consent(CONSENT)?.spent).toBe(used);
    }
  });
  fc.assert(property, { numRuns: 300 });
});

test('a decision has its effect once, however often it comes', () => {
  const property = fc.property(fc.nat({ max: 4 }), fc.nat({ max: 3 }), (which, repeats) => {
    const town = createMemberTown();
    const rest = { from: 'prepared', which } as const;
    take(town, { what: 'begin', ...rest }, 0);
    take(town, { what: 'prepare', ...rest }, 0);
    take(town, { what: 'commit', ...rest }, 1);
    const accounts = [...town.ledger.accounts.values()];
    const { size } = town.ledger.transfers;
    for (let turn = 0; turn < repeats; turn += 1) {
      for (const what of ['commit', 'abort', 'prepare', 'doubt'] as const) {
        take(town, { what, ...rest }, turn + 2);
      }
    }
    expect([...town.ledger.accounts.values()]).toEqual(accounts);
    expect(town.ledger.transfers.size).toBe(size);
  });
  fc.assert(property);
});
