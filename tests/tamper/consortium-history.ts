import { randomUUID } from 'node:crypto';
import {
  NO_METADATA,
  type Command,
  type consortium,
  type CrossBankOrder,
  type OwnCommand,
} from '@lastro/core';
import { envelope, type EngineWorld } from '../faults/fixtures/engine-world.ts';

const HASH = 'c0'.repeat(32);
const GENERATION = randomUUID();

/** The leg `test/kim beta/zoe 5`, with a consent. */
function leg(text: string, consent: string | null = null): consortium.Leg {
  const [from = '', to = '', amount = '0'] = text.split(' ');
  const place = (side: string) => {
    const [bank = '', account = ''] = side.split('/');
    return { bank, account };
  };
  return { from: place(from), to: place(to), amount: BigInt(amount), asset: 'BRL/2', consent };
}

function bodyOf(bank: string, ...legs: readonly consortium.Leg[]): consortium.CrossBankTransaction {
  return {
    id: `${bank}/${randomUUID()}`,
    legs,
    decideBy: Date.now() + 60_000,
    generation: GENERATION,
  };
}

const begin = (
  body: consortium.CrossBankTransaction,
  order: CrossBankOrder | null = null,
): Command => ({
  type: 'BeginCrossBank',
  body,
  hash: HASH,
  signature: 'test: yes',
  isLast: true,
  order,
});
const buy = (quantity: bigint): CrossBankOrder => ({
  id: randomUUID(),
  customer: 'alfa/zoe',
  merchant: 'lea',
  lines: [{ sku: 'jar', quantity }],
  total: quantity * 3n,
});
const prepare = (body: consortium.CrossBankTransaction): OwnCommand => ({
  type: 'PrepareShare',
  body,
  hash: HASH,
  signature: 'test: "yes"',
});
const commit = (
  body: consortium.CrossBankTransaction,
  from: 'prepared' | 'absent' | 'in_doubt' = 'prepared',
): OwnCommand => ({
  type: 'CommitShare',
  id: body.id,
  from,
  body,
  hash: HASH,
  yes: consortiumOf(body).map((bank) => ({ bank, signature: `${bank}: yes` })),
  rebuilt: from !== 'prepared',
  transferId: randomUUID(),
});
const abort = (id: string, from: 'prepared' | 'absent' | 'in_doubt' = 'prepared'): OwnCommand => ({
  type: 'AbortShare',
  id,
  from,
  because: [{ bank: 'beta', reason: { code: 'refused', refusal: { code: 'consent_expired' } } }],
});

/** Every bank that a body names, and the one that coordinates it. */
function consortiumOf({ id, legs }: consortium.CrossBankTransaction): readonly string[] {
  const named = legs.flatMap(({ from, to }) => [from.bank, to.bank]);
  return [...new Set([id.slice(0, id.indexOf('/')), ...named])];
}

const account = (id: string): Command => ({
  type: 'OpenAccount',
  account: id,
  asset: 'BRL/2',
  creditLimit: 0n,
  maximumBalance: null,
  metadata: NO_METADATA,
});
const consent = (id: string): Command => ({
  type: 'GrantConsent',
  id,
  account: 'kim',
  bank: 'alfa',
  amount: 500n,
  uses: 'total',
  expiresAt: Date.now() + 3_600_000,
});

/**
 * Shares of cross-bank transactions in every state, each step in a block of its own: as coordinator
 * and as participant, kept, given back, rebuilt and in doubt; with orders; consents and limits of
 * peers.
 */
export async function writeConsortium({ engine }: EngineWorld): Promise<void> {
  const [used, revoked] = [randomUUID(), randomUUID()];
  const out = bodyOf('test', leg('test/kim beta/zoe 30'), leg('test/kim test/lea 4'));
  const undone = bodyOf('test', leg('test/kim beta/zoe 31'));
  const waiting = bodyOf('test', leg('test/kim gama/zoe 7'));
  const arrived = bodyOf('alfa', leg('alfa/zoe test/lea 40'), leg('beta/zoe alfa/zoe 1'));
  const debited = bodyOf('alfa', leg('test/kim alfa/zoe 50', used));
  const refunded = bodyOf('alfa', leg('test/kim alfa/zoe 60', used));
  const promised = bodyOf('beta', leg('beta/zoe test/lea 8'));
  const forgotten = bodyOf('beta', leg('beta/zoe test/lea 9000'), leg('beta/zoe test/mia 1'));
  const doubted = bodyOf('gama', leg('gama/zoe test/lea 3'));
  const cleared = bodyOf('gama', leg('gama/zoe test/lea 3'));
  const dropped = bodyOf('gama', leg('gama/zoe test/lea 3'));
  const payment = (quantity: number) => bodyOf('test', leg(`alfa/zoe test/lea ${3 * quantity}`));
  const [bought, unsold, reserved] = [payment(2), payment(1), payment(3)];
  const steps: readonly (Command | OwnCommand)[] = [
    account('kim'),
    account('lea'),
    { type: 'Deposit', id: randomUUID(), account: 'kim', amount: 1_000n, metadata: NO_METADATA },
    { type: 'SetExposureLimit', bank: 'alfa', asset: 'BRL/2', limit: 900n },
    { type: 'SetExposureLimit', bank: 'beta', asset: 'BRL/2', limit: null },
    { type: 'SetExposureLimit', bank: 'beta', asset: 'BRL/2', limit: 90n },
    consent(used),
    consent(revoked),
    { type: 'RevokeConsent', consent: revoked },
    begin(out),
    commit(out),
    { type: 'SettleShare', id: out.id },
    begin(undone),
    abort(undone.id),
    begin(waiting),
    prepare(arrived),
    commit(arrived),
    prepare(debited),
    commit(debited),
    prepare(refunded),
    abort(refunded.id),
    prepare(promised),
    commit(forgotten, 'absent'),
    abort(`alfa/${randomUUID()}`, 'absent'),
    { type: 'DoubtShare', body: doubted, hash: HASH },
    { type: 'DoubtShare', body: cleared, hash: HASH },
    commit(cleared, 'in_doubt'),
    { type: 'DoubtShare', body: dropped, hash: HASH },
    abort(dropped.id, 'in_doubt'),
    {
      type: 'CreateProduct',
      sku: 'jar',
      name: 'Jar',
      price: 3n,
      asset: 'BRL/2',
      merchant: 'lea',
      stock: 9n,
      transferId: randomUUID(),
    },
    begin(bought, buy(2n)),
    commit(bought),
    begin(unsold, buy(1n)),
    abort(unsold.id),
    begin(reserved, buy(3n)),
  ];
  for (const step of steps) {
    const came = isOwn(step) ? await engine.settle(step) : await engine.submit(envelope(step));
    const isDone =
      came.kind === 'done' || (came.kind === 'settled' && came.fact.type !== 'command.refused');
    if (!isDone) throw new Error(`${step.type} came to ${JSON.stringify(came, textOf)}`);
  }
}

function isOwn(step: Command | OwnCommand): step is OwnCommand {
  return step.type.endsWith('Share');
}

function textOf(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
