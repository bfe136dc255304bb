import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { note, seededChance, type Chance } from '../faults/fixtures/random.ts';
import { isLong, rounds } from '../faults/fixtures/rounds.ts';
import { startConsortium, type Consortium } from './consortium.ts';
import { checkConsortium, moneyIn } from './consortium-books.ts';
import { startCrossFlood } from './cross-flood.ts';
import { ROUGH, weather } from './fates.ts';
import { allOnline } from './peering.ts';
import { settleTown, type Town } from './town.ts';

vi.setConfig({ testTimeout: isLong ? 3_600_000 : 300_000, hookTimeout: 300_000 });

let chance: Chance;
let consortium: Consortium;
let town: Town;

beforeAll(async () => {
  chance = seededChance('rough network');
  consortium = await startConsortium();
  town = await settleTown(consortium.banks);
});

afterAll(() => consortium.stop());

test('letters lost, answered in vain, repeated, late and overtaken, banks cut off one way and both', async () => {
  const { network, banks, names } = consortium;
  const money = await moneyIn(banks);
  const flood = startCrossFlood(banks, town, chance);
  for (let round = 0; round < rounds(4, 100); round += 1) {
    network.decideBy(weather(chance, ROUGH));
    await flood.more(20 + chance.below(60));
    const [one, other] = pair(names, chance);
    network.cut(one, other);
    if (chance.next() < 0.5) network.cut(other, one);
    await flood.more(chance.below(30));
    network.heal();
  }
  await allOnline(banks);
  await flood.more(20);
  await flood.end();
  await checkConsortium(banks, money);
  await flood.expectTold();
  note(`seed ${chance.seed}: ${flood.settled} settled, ${flood.unknown} tries left open`);
  note(`letters ${JSON.stringify(network.counts)}, answers ${JSON.stringify(flood.answers)}`);
  expect(Object.entries(network.counts).filter(([, count]) => count === 0)).toEqual([]);
  expect(flood.answers['moved'] ?? 0).toBeGreaterThan(0);
});

/** Two different banks. */
function pair(names: readonly string[], lots: Chance): readonly [string, string] {
  const one = lots.pick(names);
  return [one, lots.pick(names.filter((name) => name !== one))];
}
