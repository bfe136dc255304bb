import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from '../../../../../tests/harness/eventually.ts';
import {
  commandOf,
  expectAtRest,
  grant,
  leg,
  startConsortium,
  type TestBank,
  type TestConsortium,
} from './test-bank.fixture.ts';

// The machine may be busy: nothing here is decided by how long it takes.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let consortium: TestConsortium;
let alfa: TestBank;
let beta: TestBank;
let gama: TestBank;

beforeAll(async () => {
  consortium = await startConsortium(['alfa', 'beta', 'gama']);
  const [first, second, third] = consortium.banks;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three');
  [alfa, beta, gama] = [first, second, third];
});

afterAll(() => consortium.remove());

describe('a transfer across banks', () => {
  it('is written in both, and its client hears that it is', async () => {
    await alfa.open('ana', 1_000n);
    await beta.open('bia');
    const answer = await alfa.pay('ana', 'beta/bia', 300n);
    expect(answer).toMatchObject({ kind: 'committed', replayed: false });
    await expectAtRest(consortium.banks);
    expect(await alfa.balances('ana', 'peer:beta:BRL')).toEqual([700n, 300n]);
    expect(await beta.balances('bia', 'peer:alfa:BRL')).toEqual([300n, -300n]);
    const id = answer.kind === 'committed' ? answer.id : '';
    for (const bank of [alfa, beta]) {
      await eventually('it is settled', async () => (await bank.host.transaction(id))?.settled);
      expect(await bank.host.transaction(id)).toMatchObject({
        state: 'committed',
        coordinator: 'alfa',
        decision: 'commit',
        votes: [
          { bank: 'alfa', vote: 'yes' },
          { bank: 'beta', vote: 'yes' },
        ],
      });
    }
    expect(await gama.host.transaction(id)).toBeUndefined();
  });

  it('that a bank refuses leaves nothing behind, and says which bank and why', async () => {
    await alfa.open('caio', 1_000n);
    const answer = await alfa.pay('caio', 'beta/nobody', 300n);
    expect(answer).toMatchObject({
      kind: 'aborted',
      because: [
        { bank: 'beta', reason: { code: 'refused', refusal: { code: 'account_not_found' } } },
      ],
    });
    await expectAtRest(consortium.banks);
    expect(await alfa.balances('caio')).toEqual([1_000n]);
  });

  it('without the money is refused at once, and again when it is repeated', async () => {
    await alfa.open('davi', 10n);
    const envelope = commandOf(randomUUID());
    const refused = {
      kind: 'refused',
      reason: { code: 'refused', refusal: { code: 'insufficient_funds', account: 'davi' } },
    };
    const first = await alfa.pay('davi', 'beta/bia', 300n, { envelope });
    expect(first).toEqual({ ...refused, replayed: false });
    const again = await alfa.pay('davi', 'beta/bia', 300n, { envelope });
    expect(again).toEqual({ ...refused, replayed: true });
  });

  it('that is sent twice, at once and later, moves the money once', async () => {
    await alfa.open('eva', 1_000n);
    await beta.open('fabio');
    const envelope = commandOf(randomUUID());
    const send = () => alfa.pay('eva', 'beta/fabio', 100n, { envelope });
    const [one, two] = await Promise.all([send(), send()]);
    const three = await send();
    const ids = [one, two, three].map((answer) => ('id' in answer ? answer.id : answer.kind));
    expect(new Set(ids).size).toBe(1);
    expect(three).toMatchObject({ kind: 'committed', replayed: true });
    await expectAtRest(consortium.banks);
    expect(await beta.balances('fabio')).toEqual([100n]);
  });

  it('to a bank that nobody knows is refused', async () => {
    await alfa.open('gil', 1_000n);
    expect(await alfa.pay('gil', 'delta/x', 1n)).toMatchObject({
      kind: 'refused',
      reason: { code: 'peer_unknown', bank: 'delta' },
    });
  });
});

describe('a transaction of several banks', () => {
  it('with legs from three banks to one is all or none', async () => {
    await alfa.open('a', 100n);
    await beta.open('b', 100n);
    await gama.open('c', 100n);
    await gama.open('d');
    const consent = await grant(beta, 'b', 'alfa', 40n);
    const third = await grant(gama, 'c', 'alfa', 50n);
    const legs = [
      leg('alfa/a', 'gama/d', 30n),
      leg('beta/b', 'gama/d', 40n, consent),
      leg('gama/c', 'gama/d', 50n, third),
    ];
    const answer = await alfa.pay('a', 'gama/d', 1n, { legs });
    expect(answer).toMatchObject({ kind: 'committed' });
    await expectAtRest(consortium.banks);
    expect(await gama.balances('c', 'd')).toEqual([50n, 120n]);
    expect(await beta.balances('b', 'peer:gama:BRL')).toEqual([60n, expect.any(BigInt)]);
  });

  it('without a consent is refused by the bank of the account', async () => {
    await beta.open('h', 100n);
    const legs = [leg('beta/h', 'gama/d', 40n)];
    expect(await alfa.pay('a', 'gama/d', 1n, { legs })).toMatchObject({
      kind: 'aborted',
      because: [{ bank: 'beta', reason: { refusal: { code: 'consent_required' } } }],
    });
    await expectAtRest(consortium.banks);
  });
});

describe('many at once', () => {
  it('in a circle between three banks end all, and the money is what it was', async () => {
    const rounds = 20;
    for (const bank of consortium.banks) await bank.open('circle', 10_000n);
    const next = [beta, gama, alfa];
    const answers = await Promise.all(
      consortium.banks.flatMap((bank, index) =>
        Array.from({ length: rounds }, () => bank.pay('circle', `${next[index]?.id}/circle`, 100n)),
      ),
    );
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['committed']));
    await expectAtRest(consortium.banks);
    for (const bank of consortium.banks) expect(await bank.balances('circle')).toEqual([10_000n]);
  });

  it('that take each other’s funds end both, and at most one of them is carried out', async () => {
    await alfa.open('x', 100n);
    await beta.open('y', 100n);
    await gama.open('z');
    const [ofAlfa, ofBeta] = [
      await grant(alfa, 'x', 'beta', 100n),
      await grant(beta, 'y', 'alfa', 100n),
    ];
    const toX = (consent: string | null) => leg('alfa/x', 'gama/z', 100n, consent);
    const toY = (consent: string | null) => leg('beta/y', 'gama/z', 100n, consent);
    const withinMs = 1_000;
    await Promise.all([
      alfa.pay('x', 'gama/z', 1n, { legs: [toX(null), toY(ofBeta)], withinMs }),
      beta.pay('y', 'gama/z', 1n, { legs: [toY(null), toX(ofAlfa)], withinMs }),
    ]);
    await expectAtRest(consortium.banks);
    const [arrived = 0n] = await gama.balances('z');
    expect([0n, 200n]).toContain(arrived);
    expect(await alfa.balances('x')).toEqual([100n - arrived / 2n]);
    expect(await beta.balances('y')).toEqual([100n - arrived / 2n]);
  });
});
