import fc from 'fast-check';
import { SAFE_MAX } from './bounds.ts';
import { NO_LEASE_TOKENS, type Command, type Envelope } from './command.ts';
import { NO_METADATA } from './metadata.ts';
import { mostly, randomCommand } from './random-commands.fixture.ts';
import { fingerprint, type Town } from './town.fixture.ts';

// What happens in a small world, one thing after the other.

/** With which tokens of leases somebody comes. `held`: of all that the named accounts are under. */
type Tokens = 'none' | 'held' | 'old' | 'made up';

/** What happens next: somebody submits something, or the engine gives a command up. */
export interface Step {
  /** Without the tokens: see `begin`. */
  readonly envelope: Envelope;
  readonly fails: boolean;
  /** How long after the step before. */
  readonly seconds: number;
  /** Whether the bank first records what is over. */
  readonly sweeps: boolean;
  readonly tokens: Tokens;
}

/** How a random step gets its envelope. `earlier` picks one of the steps before it. */
interface Plan {
  readonly principal: string;
  readonly identity: 'new' | 'sent again' | 'id reused' | 'id of another';
  readonly earlier: number;
  readonly fails: boolean;
  readonly seconds: number;
  readonly sweeps: boolean;
  readonly tokens: Tokens;
  /** Whether the command is about something that an earlier one made, where it is about anything. */
  readonly isAimed: boolean;
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
  isAimed: mostly(fc.constant(true), fc.constant(false), 5),
  command: randomCommand,
  seconds: mostly(
    mostly(fc.constant(0), fc.constantFrom(1, 2, 5), 3),
    fc.constantFrom(30, 600, 7_776_000),
    15,
  ),
  sweeps: mostly(fc.constant(true), fc.constant(false), 2),
  tokens: mostly<Tokens>(fc.constantFrom('none', 'held'), fc.constantFrom('old', 'made up'), 6),
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
    maximumBalance: null,
    metadata: NO_METADATA,
  })),
  { type: 'Deposit', id: 'first-ana', account: 'ana', amount: 200n, metadata: NO_METADATA },
  { type: 'Deposit', id: 'first-bia', account: 'bia', amount: 90n, metadata: NO_METADATA },
  {
    type: 'PostTransfer',
    id: 'first-gift',
    from: 'ana',
    to: 'caio',
    amount: 40n,
    metadata: NO_METADATA,
    condition: null,
  },
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
  .array(plan, { minLength: 30, maxLength: 90, size: 'max' })
  .map((plans) => {
    const steps: Step[] = BEGINNING.map((wanted, index) => ({
      ...AT_ONCE,
      envelope: envelopeOf('clerk', `beginning-${index}`, wanted),
    }));
    for (const next of plans) steps.push(stepOf(next, steps));
    return steps;
  });

const AT_ONCE = { fails: false, seconds: 0, sweeps: false, tokens: 'none' } as const;

function stepOf(next: Plan, before: readonly Step[]): Step {
  const { principal, identity, earlier, fails, seconds, sweeps, tokens } = next;
  const wanted =
    next.isAimed || next.command.type === 'RequestLease'
      ? aimed(next.command, before, earlier)
      : next.command;
  const model = before[before.length - 1 - (earlier % before.length)]?.envelope;
  if (model === undefined) throw new Error('no step before the first');
  const rest = { fails, seconds, sweeps, tokens };
  switch (identity) {
    case 'new':
      return { ...rest, envelope: envelopeOf(principal, `command-${before.length}`, wanted) };
    case 'sent again':
      return { ...rest, envelope: model };
    case 'id reused':
      return { ...rest, envelope: envelopeOf(model.principal, model.id, wanted) };
    case 'id of another':
      return { ...rest, envelope: envelopeOf(principal, model.id, wanted) };
  }
}

/** The command, about one of the things that earlier commands may have made. */
function aimed(command: Command, before: readonly Step[], earlier: number): Command {
  const pick = (...types: readonly Command['type'][]): Command | undefined => {
    const made = before.map((step) => step.envelope.command);
    const found = made.filter(({ type }) => types.includes(type));
    return found[found.length - 1 - (earlier % Math.min(found.length, 4))];
  };
  // The bank draws these ids, so no two are the same.
  if (command.type === 'RequestLease') return { ...command, id: `lease-${before.length}` };
  if ('hold' in command) return { ...command, hold: idOf(pick('PlaceHold')) ?? command.hold };
  if (command.type === 'CancelOrder')
    return { ...command, order: idOf(pick('PlaceOrder')) ?? command.order };
  if (command.type === 'ReverseTransaction') {
    const made = pick('PostTransaction', 'PlaceHold', 'ReverseTransaction', 'CancelOrder');
    const isAgain = made?.type === 'ReverseTransaction' && earlier % 3 > 0;
    if (isAgain) return { ...command, reverses: made.reverses };
    return { ...command, reverses: idOf(made) ?? command.reverses };
  }
  if (command.type === 'ReverseTransfer') {
    const made = pick('PostTransfer', 'Deposit', 'CaptureHold', 'PlaceOrder', 'ReverseTransfer');
    return { ...command, reverses: transferOf(made) ?? command.reverses };
  }
  if (command.type === 'RenewLease' || command.type === 'ReleaseLease') {
    const made = pick('RequestLease');
    if (made?.type !== 'RequestLease') return command;
    return { ...command, account: made.account, lease: made.id };
  }
  if (command.type === 'UnfreezeAccount' || command.type === 'ReopenAccount') {
    const made = pick(command.type === 'ReopenAccount' ? 'CloseAccount' : 'FreezeAccount');
    return { ...command, account: made && 'account' in made ? made.account : command.account };
  }
  return command;
}

function idOf(command: Command | undefined): string | undefined {
  return command !== undefined && 'id' in command ? command.id : undefined;
}

/** One of the transfers that the command makes. */
function transferOf(command: Command | undefined): string | undefined {
  if (command?.type === 'PlaceOrder') return command.transferIds[0];
  return command?.type === 'CaptureHold' ? command.transferId : idOf(command);
}

function envelopeOf(principal: string, id: string, wanted: Command): Envelope {
  const hash = fingerprint(wanted);
  return { principal, id, hash, command: wanted, leaseTokens: NO_LEASE_TOKENS };
}

/** Moves time on for the step and gives its envelope with the tokens that its sender has by now. */
export function begin(step: Step, town: Town): Envelope {
  town.pass(step.seconds);
  return { ...step.envelope, leaseTokens: tokensOf(step, town) };
}

function tokensOf({ tokens, envelope }: Step, town: Town): readonly number[] {
  const accounts = [...town.ledger.accounts.values()];
  switch (tokens) {
    case 'none':
      return NO_LEASE_TOKENS;
    case 'made up':
      return [1];
    case 'old':
      return oldTokens(town).slice(-1);
    case 'held': {
      const names = JSON.stringify(envelope.command, (_, value: unknown) =>
        typeof value === 'bigint' ? null : value,
      );
      return accounts
        .filter(({ id }) => names.includes(`"${id}"`))
        .flatMap(({ leaseToken }) => (leaseToken === null ? [] : [leaseToken]));
    }
  }
}

/** Numbers of events that granted a lease which nobody holds any more. */
function oldTokens({ ledger, journal }: Town): readonly number[] {
  const held = [...ledger.accounts.values()].map(({ leaseToken }) => leaseToken);
  return journal
    .filter(({ event: { fact } }) => 'granted' in fact && fact.granted !== null)
    .map(({ event }) => event.seq)
    .filter((seq) => !held.includes(seq));
}

/** The amounts that a bank may be set to. */
export const randomRules = fc.constantFrom({ amountMax: 1_000n }, { amountMax: SAFE_MAX });
