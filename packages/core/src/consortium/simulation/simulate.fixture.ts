import { coordinatorOf } from '../cross-bank-transaction.ts';
import { removalFloor } from '../removal-floor.ts';
import { unleash } from './chaos.fixture.ts';
import { NO_FAULTS, randomFaults } from './fault-plan.fixture.ts';
import { Random } from './random.fixture.ts';
import { moneyOf } from './referee.fixture.ts';
import { BANKS, PEOPLE, randomLegs, transactionId } from './workload.fixture.ts';
import { World } from './world.fixture.ts';

const CHAOS_MS = 60_000;
/** After healing everything must be decided and applied within this. */
const QUIET_WITHIN_MS = 120_000;
const STEPS_MAX = 50_000;

export interface Run {
  readonly seed: number;
  /** What must never be and was; undefined: the run is clean. */
  readonly foul: string | undefined;
  readonly seen: ReadonlySet<string>;
  readonly steps: number;
}

/** One run: random banks, transactions and faults, then healing, then the last judgement. */
export function simulate(seed: number): Run {
  const random = new Random(seed);
  const names = BANKS.slice(0, random.between(2, BANKS.length));
  const faults = random.chance(0.05) ? NO_FAULTS : randomFaults(random);
  const world = new World(random, names, faults);
  const foul = foulOf(() => play(world));
  return { seed, foul, seen: world.referee.seen, steps: world.steps };
}

function foulOf(run: () => void): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

function play(world: World): void {
  const { agenda, random, banks, referee } = world;
  const money = moneyOf(banks);
  const end = agenda.now + CHAOS_MS;
  // In a few bursts: what meets is what goes wrong.
  const bursts = Array.from({ length: random.between(1, 4) }, () =>
    random.between(0, CHAOS_MS - 10_000),
  );
  for (let number = 1, many = random.between(2, 12); number <= many; number += 1) {
    const at = agenda.now + random.pick(bursts) + random.between(0, 600);
    agenda.at(at, () => beginSome(world, number));
  }
  for (let many = random.between(0, 10); many > 0; many -= 1) {
    agenda.at(agenda.now + random.between(0, CHAOS_MS), () => workLocally(world));
  }
  unleash(world, end);
  agenda.runUntil(end, STEPS_MAX);
  world.heal();
  agenda.runUntil(end + QUIET_WITHIN_MS, STEPS_MAX);
  referee.judgeQuiet(banks);
  removeOld(world);
  if (world.isComingBack) for (const bank of banks) if (bank.isGone) bank.comeBack();
  agenda.runUntil(agenda.now + QUIET_WITHIN_MS, STEPS_MAX);
  referee.judgeQuiet(banks);
  // Whatever is still on its way for days.
  const isAllThere = !banks.some((bank) => bank.isGone);
  if (isAllThere) agenda.runUntil(Number.POSITIVE_INFINITY, STEPS_MAX);
  referee.judgeQuiet(banks);
  if (isAllThere && moneyOf(banks) !== money) {
    throw new Error('I1: there is more or less money than before');
  }
  judgeAlarms(world);
  judgeRegister(world);
}

function beginSome(world: World, number: number): void {
  const { random, banks } = world;
  const coordinator = random.pick(banks);
  const tooFar = world.faults.gone === 'no' && random.chance(0.1) ? 3_600_000 : 0;
  coordinator.begin({
    id: transactionId(coordinator.id, number),
    legs: randomLegs(
      random,
      banks.map(({ id }) => id),
      coordinator.id,
    ),
    decideBy: coordinator.now + random.between(300, 15_000) + tooFar,
    generation: coordinator.pin.generation,
  });
}

function workLocally({ random, banks }: World): void {
  const bank = random.pick(banks);
  if (bank.isUp) {
    bank.ledger.transfer(random.pick(PEOPLE), random.pick(PEOPLE), BigInt(random.between(1, 50)));
  }
}

/** Long after everything was applied everywhere: decisions leave the register, floors rise. */
function removeOld(world: World): void {
  const { agenda, random, banks, settings } = world;
  agenda.runUntil(agenda.now + settings.removalAfterMs, STEPS_MAX);
  for (const bank of banks) {
    if (bank.isGone) continue;
    const own = [...bank.states.values()]
      .filter(({ id }) => coordinatorOf(id) === bank.id)
      .toSorted((one, other) => (one.id < other.id ? -1 : 1));
    const floor = removalFloor(own, settings, bank.now);
    if (floor === null) continue;
    bank.register.removeUpTo(bank.pin.generation, floor);
    world.referee.judgeRemoval(banks, bank.id, floor);
    world.referee.seen.add('old decisions are removed');
    for (const one of banks) if (random.chance(0.5)) one.floors.set(bank.id, floor);
  }
}

/** A register that never went back has never held two decisions under one id. */
function judgeRegister({ register }: World): void {
  if (register.generation !== 'g1') return;
  for (const [id, decisions] of register.history) {
    if (decisions.size > 1) throw new Error(`${id} was decided twice`);
  }
}

/** Alarms that only a cause may explain. */
function judgeAlarms({ referee }: World): void {
  for (const alarm of ['contradiction', 'below_floor'] as const) {
    if (referee.alarms.has(alarm)) throw new Error(`alarm ${alarm} without a cause`);
  }
}
