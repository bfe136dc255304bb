import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startOwnPostgres, type OwnPostgres } from '../faults/fixtures/own-postgres.ts';
import { note, seededChance, type Chance } from '../faults/fixtures/random.ts';
import { isLong, rounds } from '../faults/fixtures/rounds.ts';
import { isEtcdInstalled, startEtcdCluster, type EtcdCluster } from '../harness/etcd-cluster.ts';
import { eventually } from '../harness/eventually.ts';
import { serverOrSkip } from '../harness/require-server.ts';
import { startConsortium, type Consortium } from './consortium.ts';
import { checkConsortium, moneyIn, undecidedIn, type Money } from './consortium-books.ts';
import { startCrossFlood, type CrossFlood } from './cross-flood.ts';
import { settleTown } from './town.ts';

vi.setConfig({ testTimeout: isLong ? 3_600_000 : 120_000, hookTimeout: 120_000 });

/** Everything in it may be killed: the register's members, the PostgreSQL of all banks, the banks. */
describe.runIf(serverOrSkip('etcd', isEtcdInstalled()))('three banks and a register in etcd', () => {
  let chance: Chance;
  let etcd: EtcdCluster;
  let postgres: OwnPostgres;
  let consortium: Consortium;
  let money: Money;
  let flood: CrossFlood;

  beforeAll(async () => {
    chance = seededChance('killed in a consortium');
    [etcd, postgres] = await Promise.all([startEtcdCluster(), startOwnPostgres()]);
    consortium = await startConsortium({
      registerUrl: etcd.address('killed'),
      newDatabase: () => postgres.createDatabase(),
    });
    const town = await settleTown(consortium.banks);
    money = await moneyIn(consortium.banks);
    flood = startCrossFlood(consortium.banks, town, chance);
  });

  // One flood goes through all of these deaths: at its end every promise of it must have been kept.
  afterAll(async () => {
    await flood.end();
    await checkConsortium(consortium.banks, money);
    await flood.expectTold();
    note(`${flood.settled} settled, ${flood.unknown} tries left open`);
    await consortium.stop();
    await postgres.remove();
    await etcd.remove();
  });

  test('a bank dies in the middle of everything, and comes back', async () => {
    for (let round = 0; round < rounds(2, 40); round += 1) {
      await flood.more(20 + chance.below(60));
      const bank = chance.pick(consortium.banks);
      await bank.kill();
      await bank.restart();
    }
    await flood.more(20);
  });

  test('a member of the register dies, the leader too, and payments go on', async () => {
    for (let round = 0; round < rounds(1, 20); round += 1) {
      await flood.more(20);
      const leader = await etcd.leader();
      await leader.kill('SIGKILL');
      await flood.more(40);
      await leader.start();
    }
  });

  test('PostgreSQL dies under all banks, and comes back', async () => {
    for (let round = 0; round < rounds(1, 20); round += 1) {
      await flood.more(20 + chance.below(60));
      postgres.kill();
      await flood.more(40);
    }
  });

  test.each(['cross-votes-in', 'cross-decided'])(
    'a coordinator that dies for good at %s: the others finish',
    async (point) => {
      const [dead, ...others] = consortium.banks;
      if (dead === undefined) throw new Error('no bank');
      const at = `${point}:${1 + chance.below(10)}`;
      await dead.restart({ LASTRO_CRASH_AT: at }).catch(() => undefined);
      expect(await dead.exited).toEqual({ code: null, signal: 'SIGKILL' });
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
      await flood.more(20);
      await dead.restart({});
      await flood.more(20);
    },
  );
});
