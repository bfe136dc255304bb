import { coordinatorOf } from '../cross-bank-transaction.ts';
import type { OldCopy, SimulatedBank } from './simulated-bank.fixture.ts';
import type { World } from './world.fixture.ts';

const SECOND_MS = 1_000;

/** Lets go wrong what isn't tied to a message or a step, every second until `end`. */
export function unleash(world: World, end: number): void {
  const { agenda } = world;
  const everySecond = (): void => {
    if (agenda.now >= end) return;
    cutSomeLink(world);
    const { random, faults, register, banks } = world;
    if (random.chance(faults.pause)) random.pick(banks).pause(random.between(500, 60_000));
    if (!register.isAway && random.chance(faults.registerAway)) {
      register.isAway = true;
      world.referee.seen.add('the register is away');
      agenda.after(random.between(500, 25_000), () => {
        register.isAway = false;
      });
    }
    agenda.after(SECOND_MS, everySecond);
  };
  everySecond();
  putSomethingBack(world, end);
  if (world.faults.gone !== 'no') {
    const bank = world.random.pick(world.banks);
    agenda.at(agenda.now + world.random.between(0, end - agenda.now), () => {
      bank.leave();
      world.referee.seen.add('a bank is gone');
    });
  }
}

function cutSomeLink(world: World): void {
  const { random, faults, network, agenda, banks } = world;
  if (!random.chance(faults.cut)) return;
  const one = random.pick(banks).id;
  const other = random.pick([...banks.map(({ id }) => id), 'register']);
  const links = random.chance(0.5) ? [`${one}>${other}`] : [`${one}>${other}`, `${other}>${one}`];
  for (const link of links) network.cuts.add(link);
  world.referee.seen.add(links.length === 1 ? 'a link is cut one way' : 'a link is cut both ways');
  agenda.after(random.between(500, 40_000), () => {
    for (const link of links) network.cuts.delete(link);
  });
}

/** An old copy is taken and later put in the place of what has become of it. */
function putSomethingBack(world: World, end: number): void {
  const { random, faults, agenda, register, banks } = world;
  if (faults.putBack === 'nothing') return;
  const takenAt = agenda.now + random.between(0, end - agenda.now);
  const backAt = random.between(takenAt, end);
  if (faults.putBack === 'register') {
    if (random.chance(0.5)) {
      agenda.at(takenAt, () => putRegisterBackAt(world, backAt));
      return;
    }
    register.beforeCommit = (id) => {
      if (!random.chance(0.5)) return;
      register.beforeCommit = undefined;
      isolate(world, coordinatorOf(id));
      if (random.chance(0.5)) {
        world.answerDelaysMs.set(coordinatorOf(id), random.between(1_000, 20_000));
      }
      putRegisterBackAt(world, agenda.now + random.between(1, 2_000));
    };
    return;
  }
  if (random.chance(0.5)) {
    const bank = random.pick(banks);
    agenda.at(takenAt, () => putBankBackAt(world, bank, backAt));
    return;
  }
  agenda.at(takenAt, () => {
    const copies = new Map(banks.map((bank) => [bank, bank.copy()]));
    register.beforeCommit = (id) => {
      register.beforeCommit = undefined;
      const bank = world.bank(coordinatorOf(id));
      const copy = copies.get(bank);
      if (copy === undefined) return;
      agenda.after(random.between(1, 1_500), () => putBankBack(world, bank, copy));
    };
  });
}

/** To what it is now. */
function putBankBackAt(world: World, bank: SimulatedBank, backAt: number): void {
  const copy = bank.copy();
  world.agenda.at(backAt, () => putBankBack(world, bank, copy));
}

function putBankBack(world: World, bank: SimulatedBank, copy: OldCopy): void {
  const peers = world.banks.filter((peer) => peer !== bank).map(({ id }) => id);
  bank.putBack(copy, peers);
  world.referee.forgets(bank.id);
  world.referee.seen.add('a bank goes back');
}

/** To what it is now. */
function putRegisterBackAt(world: World, backAt: number): void {
  const { register, agenda, banks } = world;
  const copy = register.copy();
  agenda.at(backAt, () => {
    register.putBack(copy);
    world.referee.seen.add('the register goes back');
    for (const bank of banks) probe(world, bank);
  });
}

/** No other bank hears of it for a while, but the register does. */
function isolate(world: World, one: string): void {
  const links = world.banks
    .filter(({ id }) => id !== one)
    .flatMap(({ id }) => [`${one}>${id}`, `${id}>${one}`]);
  for (const link of links) world.network.cuts.add(link);
  world.agenda.after(world.random.between(5_000, 40_000), () => {
    for (const link of links) world.network.cuts.delete(link);
  });
}

/** Until the bank has noticed and settled on what the register is now. */
function probe(world: World, bank: SimulatedBank): void {
  if (bank.pin.generation === world.register.generation) return;
  bank.probeRegister();
  world.agenda.after(2 * SECOND_MS, () => probe(world, bank));
}
