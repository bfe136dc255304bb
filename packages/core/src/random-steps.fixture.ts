import fc from 'fast-check';
import { SAFE_MAX } from './bounds.ts';
import type { Command, Envelope, TransferRequest } from './command.ts';
import { NO_METADATA } from './metadata.ts';
import { fingerprint } from './town.fixture.ts';

// Random commands in so small a world that they meet: few accounts, skus and ids, small amounts and
// the bounds themselves.

/** What happens next: somebody submits something, or the engine gives a command up. */
export interface Step {
  readonly envelope: Envelope;
  readonly fails: boolean;
}

const CLIENT_ACCOUNTS = ['ana', 'bia', 'caio', 'dora', 'shop', 'mill'];
const STRANGE_ACCOUNTS = ['usd', 'ghost'];
const SYSTEM_ACCOUNTS = ['cash:BRL', 'stock:tea', 'received:tea'];

/** Mostly `usual`, now and then `rare`. */
function mostly<T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>, weight = 12): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: rare });
}

const account = mostly(
  fc.constantFrom(...CLIENT_ACCOUNTS),
  fc.constantFrom(...STRANGE_ACCOUNTS, ...STRANGE_ACCOUNTS, ...SYSTEM_ACCOUNTS),
  8,
);
const sku = mostly(fc.constantFrom('tea', 'pen'), fc.constantFrom('import', 'book'), 3);
const newSku = fc.constantFrom('tea', 'import', 'book', 'cup', 'hat');
const transferId = fc.nat(300).map((number) => `transfer-${number}`);
const groupId = fc.nat(60).map((number) => `group-${number}`);
const amount = mostly(
  fc.bigInt(1n, 60n),
  fc.constantFrom(0n, -1n, 1_000n, 1_001n, SAFE_MAX - 41n, SAFE_MAX, SAFE_MAX + 1n),
);
const quantity = mostly(
  fc.bigInt(1n, 6n),
  fc.constantFrom(0n, -1n, 1_000n, 1_001n, SAFE_MAX - 20n, SAFE_MAX),
);
const asset = mostly(
  fc.constantFrom('BRL/2', 'BRL/2', 'USD/2'),
  fc.constantFrom('BRL/3', 'sku:tea/0', 'EUR/2'),
  3,
);
const name = fc.constantFrom('Tea', 'Green tea', 'Pen', 'Chá "verde" 🍵');
const metadata = mostly(
  fc.constant(NO_METADATA),
  fc.constantFrom({ note: 'lunch' }, { b: '\u2028', a: '"' }),
);
const request: fc.Arbitrary<TransferRequest> = fc.record({
  id: transferId,
  from: account,
  to: account,
  amount,
  metadata,
});

const overTheCounter = fc.record({ id: transferId, account, amount, metadata });

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('OpenAccount'),
      account: mostly(fc.constantFrom('ghost', 'eva', 'rui', 'lia'), account, 3),
      asset,
      creditLimit: fc.constantFrom(0n, 0n, 50n, null, -1n, SAFE_MAX, SAFE_MAX + 1n),
      metadata,
    }),
  },
  { weight: 6, arbitrary: request.map((wanted): Command => ({ type: 'PostTransfer', ...wanted })) },
  {
    weight: 3,
    arbitrary: overTheCounter.map((wanted): Command => ({ type: 'Deposit', ...wanted })),
  },
  {
    weight: 2,
    arbitrary: overTheCounter.map((wanted): Command => ({ type: 'Withdraw', ...wanted })),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('PostTransaction'),
      id: groupId,
      transfers: fc.array(request, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('CreateProduct'),
      sku: newSku,
      name,
      price: mostly(fc.bigInt(0n, 9n), amount),
      asset,
      merchant: fc.option(account),
      stock: mostly(fc.bigInt(0n, 20n), amount),
      transferId,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('ChangeProduct'),
      sku,
      version: fc.constantFrom(1, 1, 2, 3),
      name: fc.option(name),
      price: fc.option(mostly(fc.bigInt(0n, 9n), amount)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('ReceiveGoods'), sku, quantity, transferId }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('AdjustGoods'),
      sku,
      quantity: fc.tuple(quantity, fc.constantFrom(1n, -1n)).map(([size, sign]) => size * sign),
      reason: fc.constantFrom('counted', 'broken', ''),
      transferId,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('PlaceOrder'),
      id: groupId,
      customer: account,
      merchant: mostly(fc.constant('shop'), account, 2),
      lines: fc.array(fc.record({ sku, quantity }), { minLength: 1, maxLength: 3 }),
      expectedTotal: mostly(fc.constant(null), fc.bigInt(0n, 30n), 4),
      transferIds: fc.uniqueArray(transferId, { minLength: 4, maxLength: 6 }),
    }),
  },
);

/** How a random step gets its envelope. `earlier` picks one of the steps before it. */
interface Plan {
  readonly principal: string;
  readonly identity: 'new' | 'sent again' | 'id reused' | 'id of another';
  readonly earlier: number;
  readonly fails: boolean;
  readonly command: Command;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  principal: fc.constantFrom('ana-phone', 'bia-phone'),
  identity: mostly(
    fc.constant('new'),
    fc.constantFrom('sent again', 'id reused', 'id of another'),
    8,
  ),
  earlier: fc.nat(),
  fails: mostly(fc.constant(false), fc.constant(true), 40),
  command,
});

/** The commands that every sequence begins with, so that there is something to move. */
const BEGINNING: readonly Command[] = [
  ...(
    [
      ['ana', 'BRL/2', 0n],
      ['bia', 'BRL/2', 0n],
      ['caio', 'BRL/2', 50n],
      ['dora', 'BRL/2', SAFE_MAX - 40n],
      ['shop', 'BRL/2', 0n],
      ['mill', 'BRL/2', null],
      ['usd', 'USD/2', 0n],
    ] as const
  ).map(([id, unit, creditLimit]): Command => ({
    type: 'OpenAccount',
    account: id,
    asset: unit,
    creditLimit,
    metadata: NO_METADATA,
  })),
  { type: 'Deposit', id: 'first-ana', account: 'ana', amount: 200n, metadata: NO_METADATA },
  { type: 'Deposit', id: 'first-bia', account: 'bia', amount: 90n, metadata: NO_METADATA },
  create('tea', 3n, 'BRL/2', 'shop', 20n),
  create('pen', 0n, 'BRL/2', null, 5n),
  create('import', 2n, 'USD/2', null, 5n),
];

function create(
  id: string,
  price: bigint,
  unit: string,
  merchant: string | null,
  stock: bigint,
): Command {
  const transfer = `first-${id}`;
  return {
    type: 'CreateProduct',
    sku: id,
    name: id,
    price,
    asset: unit,
    merchant,
    stock,
    transferId: transfer,
  };
}

/** Sequences of steps: the same beginning, then anything. */
export const randomSteps: fc.Arbitrary<readonly Step[]> = fc
  .array(plan, { minLength: 1, maxLength: 60, size: 'max' })
  .map((plans) => {
    const steps: Step[] = BEGINNING.map((wanted, index) => ({
      fails: false,
      envelope: envelopeOf('clerk', `beginning-${index}`, wanted),
    }));
    for (const next of plans) steps.push(stepOf(next, steps));
    return steps;
  });

function stepOf(next: Plan, before: readonly Step[]): Step {
  const { principal, identity, earlier, fails, command: wanted } = next;
  const model = before[before.length - 1 - (earlier % before.length)]?.envelope;
  if (model === undefined) throw new Error('no step before the first');
  switch (identity) {
    case 'new':
      return { fails, envelope: envelopeOf(principal, `command-${before.length}`, wanted) };
    case 'sent again':
      return { fails, envelope: model };
    case 'id reused':
      return { fails, envelope: envelopeOf(model.principal, model.id, wanted) };
    case 'id of another':
      return { fails, envelope: envelopeOf(principal, model.id, wanted) };
  }
}

function envelopeOf(principal: string, id: string, wanted: Command): Envelope {
  return { principal, id, hash: fingerprint(wanted), command: wanted };
}

/** The amounts that a bank may be set to. */
export const randomRules = fc.constantFrom({ amountMax: 1_000n }, { amountMax: SAFE_MAX });
