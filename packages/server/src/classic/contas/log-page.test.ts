import { beforeAll, expect, it } from 'vitest';
import { abandonDatabase, createBankDatabase } from '../../../../../tests/harness/postgres.ts';
import { openContas, type RunningContas } from './fixtures/contas-world.ts';
import { KnownHeads } from './known-heads.ts';
import { readLogPage } from './log-page.ts';

let contas: RunningContas;

beforeAll(async () => {
  const databaseUrl = await createBankDatabase();
  contas = await openContas(databaseUrl);
  // Many at once, so that blocks have several events.
  const ids = Array.from({ length: 30 }, (_, index) => `c-${index}`);
  await Promise.all(ids.map((id) => contas.ask('POST', '/contas', { id_conta: id, saldo: 1 })));
  await Promise.all(ids.map((id) => contas.ask('POST', `/contas/${id}/saque`, { valor: 2 })));
  return async () => {
    await contas.stop();
    await abandonDatabase(databaseUrl);
  };
});

const partsWith = (heads: KnownHeads) => ({
  reads: contas.reads,
  ownBank: 'alfa',
  otherBanks: () => ['beta'],
  heads,
});

/** All pages together, oldest first. */
async function all(limit: number, windowEvents: number, windowsMax: number): Promise<string[]> {
  let lines: string[] = [];
  let before: number | undefined;
  do {
    const bounds = { windowEvents, windowsMax };
    const page = await readLogPage(partsWith(new KnownHeads()), before, limit, bounds);
    expect(page.lines.length).toBeLessThanOrEqual(limit);
    lines = [...page.lines, ...lines];
    before = page.olderThan;
  } while (before !== undefined);
  return lines;
}

it('is the same whole in pages and windows of any size', async () => {
  const whole = await all(1_000, 20_000, 10);
  // Not a fixed number: a busy machine gives commands back.
  expect(whole.length).toBeGreaterThan(10);
  for (const [limit, windowEvents, windowsMax] of [
    [1, 7, 1],
    [7, 3, 2],
    [1_000, 1, 1],
    [13, 20_000, 10],
  ] as const) {
    expect(await all(limit, windowEvents, windowsMax)).toEqual(whole);
  }
});

it('shows of the other bank what was known before each event', async () => {
  const heads = new KnownHeads();
  const seqOf = (line: string) => Number(/alfa:(\d+)/.exec(line)?.[1]);
  const whole = await all(1_000, 20_000, 10);
  const middle = seqOf(whole[5] ?? '');
  heads.learn('beta', 77, middle);
  const { lines } = await readLogPage(partsWith(heads), undefined, 1_000);
  for (const line of lines) {
    expect(line).toMatch(seqOf(line) > middle ? / beta:77\]$/ : / beta:-\]$/);
  }
});
