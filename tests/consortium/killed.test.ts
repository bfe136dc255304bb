import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CrashPoint } from '../../packages/server/src/store/crash-point.ts';
import { startOwnPostgres, type OwnPostgres } from '../faults/fixtures/own-postgres.ts';
import { note, seededChance, type Chance } from '../faults/fixtures/random.ts';
import { isLong, rounds } from '../faults/fixtures/rounds.ts';
import { isEtcdInstalled, startEtcdCluster, type EtcdCluster } from '../harness/etcd-cluster.ts';
import { eventually } from '../harness/eventually.ts';
import { serverOrSkip } from '../harness/require-server.ts';
import { comeBack, startConsortium, type Consortium } from './consortium.ts';
import { checkConsortium, moneyIn, undecidedIn, type Money } from './consortium-books.ts';
import { startCrossFlood, type CrossFlood } from './cross-flood.ts';
import { dieAt } from './dying.ts';
import { settleTown } from './town.ts';

vi.setConfig({ testTimeout: isLong ? 3_600_000 : 300_000, hookTimeout: 300_000 });

/** Everything in it may be killed: the register's members, the PostgreSQL of all banks, the banks. */
interface World {
  readonly chance: Chance;
  readonly etcd: EtcdCluster;
  readonly postgres: OwnPostgres;
  readonly consortium: Consortium;
  readonly money: Money;
  /** Goes through all of the deaths: at its end every promise of it must have been kept. */
  readonly flood: CrossFlood;
}

async function startWorld(): Promise<World> {
  const chance = seededChance('killed in a consortium');
  const [etcd, postgres] = await Promise.all([startEtcdCluster(), startOwnPostgres()]);
  const consortium = await startConsortium({
    registerUrl: etcd.address('killed'),
    newDatabase: () => postgres.createDatabase(),
  });
  const town = await settleTown(consortium.banks);
  const money = await moneyIn(consortium.banks);
  const flood = startCrossFlood(consortium.banks, town, chance);
  return { chance, etcd, postgres, consortium, money, flood };
}

async function expectKept({ consortium, money, flood, postgres, etcd }: World): Promise<void> {
  await flood.end();
  await checkConsortium(consortium.banks, money);
  await flood.expectTold();
  note(`${flood.settled} settled, ${flood.unknown} tries left open`);
  await consortium.stop();
  await postgres.remove();
  await etcd.remove();
}

/** Payments are carried out, whatever happens to some of them. */
async function expectGoesOn({ flood }: World, count = 30): Promise<void> {
  const moved = flood.answers['moved'] ?? 0;
  await flood.more(count);
  expect(flood.answers['moved'] ?? 0).toBeGreaterThan(moved);
}

/** Dies at this point and stays dead: what it had asked the others to promise, they finish by themselves. */
async function expectFinishedWithout(world: World, point: CrashPoint): Promise<void> {
  const [dead, ...others] = world.consortium.banks;
  if (dead === undefined) throw new Error('no bank');
  await dieAt(dead, point, 1 + world.chance.below(10));
  const promised = await Promise.all(others.map(undecidedIn));
  const orphans = new Set(promised.flat().filter((id) => id.startsWith(`${dead.name}/`)));
  expect(orphans.size).toBeGreaterThan(0);
  await eventually(
    'what it left behind is decided',
    async () => {
      const open = await Promise.all(others.map(undecidedIn));
      return !open.flat().some((id) => orphans.has(id));
    },
    60_000,
  );
  world.flood.avoid(dead.name);
  await expectGoesOn(world);
  await comeBack(dead);
  world.flood.avoid(null);
  await expectGoesOn(world);
}

describe.runIf(serverOrSkip('etcd', isEtcdInstalled()))('three banks, a register in etcd', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });

  afterAll(() => expectKept(world));

  test('a bank dies in the middle of everything, and comes back', async () => {
    const { chance, consortium, flood } = world;
    for (let round = 0; round < rounds(1, 40); round += 1) {
      await flood.more(20 + chance.below(60));
      const bank = chance.pick(consortium.banks);
      await bank.kill();
      await comeBack(bank);
    }
    await expectGoesOn(world);
  });

  test('a member of the register dies, the leader at that, and payments go on', async () => {
    const { etcd, flood } = world;
    for (let round = 0; round < rounds(1, 20); round += 1) {
      await flood.more(20);
      const leader = await etcd.leader();
      await leader.kill('SIGKILL');
      await expectGoesOn(world);
      await leader.start();
    }
  });

  test('PostgreSQL dies under all banks, and comes back', async () => {
    const { chance, postgres, flood } = world;
    for (let round = 0; round < rounds(1, 20); round += 1) {
      await flood.more(20 + chance.below(60));
      postgres.kill();
      await expectGoesOn(world);
    }
  });

  // With the decision in the register, and, in the longer run, also with every yes and no decision:
  // of those there are some in flight, too, when it dies.
  test.each<CrashPoint>(isLong ? ['cross-votes-in', 'cross-decided'] : ['cross-decided'])(
    'a coordinator that dies for good at %s: the others finish',
    (point) => expectFinishedWithout(world, point),
  );
});
