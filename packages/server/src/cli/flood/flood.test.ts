import { LastroError, type CallOptions } from '@lastro/client';
import { expect, test, vi } from 'vitest';
import { chanceOf } from './chance.ts';
import { drawOrder, type Market } from './draw-order.ts';
import { drawTransfer } from './draw-transfer.ts';
import { showFlood } from './flood-progress.ts';
import { floodTextsIn } from './flood-texts.ts';
import { runFlood, type Send } from './run-flood.ts';
import { Tally } from './tally.ts';

const bounds = { firstDeadlineMs: 10, deadlineMs: 20, patienceMs: 60_000, pauseMs: 1 };
const impatient = { ...bounds, patienceMs: 60 };
const never = new AbortController().signal;

function failure(kind: LastroError['kind'], code: string, status?: number): LastroError {
  return new LastroError({ kind, code, message: code, tries: 1, status });
}

/** A flood whose n-th command does what `act(n, try)` says. */
function flood(
  count: number,
  concurrency: number,
  act: (command: number, tries: number) => Promise<unknown>,
  signal = never,
  within = bounds,
) {
  const tally = new Tally();
  let commands = 0;
  const next = (): Send => {
    commands += 1;
    const command = commands;
    let tries = 0;
    return () => act(command, (tries += 1));
  };
  return { tally, ended: runFlood({ count, concurrency, next, tally, signal, bounds: within }) };
}

test('every command is begun once, no more at once than asked, and counted by what became of it', async () => {
  let underWay = 0;
  let most = 0;
  const { tally, ended } = flood(100, 7, async (command) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await Promise.resolve();
    underWay -= 1;
    if (command % 4 === 0) throw failure('refused', 'insufficient_stock', 422);
    if (command % 10 === 1) throw failure('refused', 'internal_error', 500);
  });
  expect(await ended).toBeUndefined();
  expect(most).toBe(7);
  expect(tally).toMatchObject({ begun: 100, accepted: 65, decided: 100, unanswered: 0 });
  expect(Object.fromEntries(tally.refused)).toEqual({ insufficient_stock: 25, internal_error: 10 });
  expect(tally.latenciesMs.count).toBe(100);
});

test('what stays open is asked again under the same command until it is decided', async () => {
  const send = vi
    .fn<(options: CallOptions) => Promise<unknown>>()
    .mockRejectedValueOnce(failure('outcome_unknown', 'answer_missing'))
    .mockRejectedValueOnce(failure('unavailable', 'database_unavailable', 503))
    .mockResolvedValue(undefined);
  const tally = new Tally();
  const next = () => send;
  await runFlood({ count: 1, concurrency: 5, next, tally, signal: never, bounds });
  expect(send.mock.calls.map(([options]) => options.deadlineMs)).toEqual([10, 20, 20]);
  expect(tally).toMatchObject({ begun: 1, accepted: 1, unknownSettled: 1 });
});

test('a command that was never taken is no unknown', async () => {
  const { tally, ended } = flood(1, 1, async (_, tries) => {
    if (tries === 1) throw failure('unavailable', 'overloaded', 503);
  });
  await ended;
  expect(tally).toMatchObject({ accepted: 1, unknownSettled: 0 });
});

test('a bank that stays silent ends the flood, and the commands without an answer are counted', async () => {
  const silence = failure('unavailable', 'bank_unreachable');
  const { tally, ended } = flood(1_000, 3, () => Promise.reject(silence), never, impatient);
  expect(await ended).toBe(silence);
  expect(tally).toMatchObject({ begun: 3, decided: 0, unanswered: 3 });
});

test('a refusal of the caller and not of the command ends the flood at once', async () => {
  const forbidden = failure('refused', 'forbidden', 403);
  const { tally, ended } = flood(1_000, 2, () => Promise.reject(forbidden));
  expect(await ended).toBe(forbidden);
  expect(tally).toMatchObject({ begun: 2, decided: 0 });
});

test('asked to stop, it begins nothing new and waits for what is under way', async () => {
  const stop = new AbortController();
  const { tally, ended } = flood(
    1_000,
    4,
    async (command) => {
      if (command === 10) stop.abort();
      await Promise.resolve();
    },
    stop.signal,
  );
  expect(await ended).toBeUndefined();
  expect(tally.begun).toBeLessThan(20);
  expect(tally.decided).toBe(tally.begun);
});

test('an error that is no answer of a bank is not swallowed', async () => {
  const { ended } = flood(5, 1, () => Promise.reject(new TypeError('a mistake of ours')));
  await expect(ended).rejects.toThrow('a mistake of ours');
});

const rich = ['cliente:1', 'cliente:2'];
const tea = { sku: 'tea', merchant: 'loja', stock: 9, customers: rich };
const coffee = { sku: 'coffee', merchant: 'loja', stock: 3, customers: rich };
const gold = { sku: 'gold', merchant: 'ourives', stock: 3, customers: ['ana'] };
const market: Market = { goods: [tea, coffee, gold], hot: tea };

test('orders ask the product’s own merchant for one unit each, and never for a product twice', () => {
  const chance = chanceOf(1);
  const orders = Array.from({ length: 500 }, () => drawOrder(market, chance, 0));
  const skus = orders.map(({ lines }) => lines.map(({ sku }) => sku).join('+'));
  expect(new Set(skus)).toEqual(new Set(['tea', 'coffee', 'gold', 'tea+coffee', 'coffee+tea']));
  for (const { customer, merchant, lines } of orders) {
    const isGold = lines.some(({ sku }) => sku === 'gold');
    expect(merchant).toBe(isGold ? 'ourives' : 'loja');
    expect(isGold ? ['ana'] : rich).toContain(customer);
    expect(lines.map(({ quantity }) => quantity)).toEqual(lines.map(() => 1));
  }
});

test('a share of the orders asks for the hot product, and a seed draws the same again', () => {
  const drawn = (seed: number, share: number) => {
    const chance = chanceOf(seed);
    return Array.from({ length: 1_000 }, () => drawOrder(market, chance, share));
  };
  const first = drawn(7, 1).map(({ lines }) => lines[0]?.sku);
  expect(new Set(first)).toEqual(new Set(['tea']));
  const hot = drawn(7, 0.7).filter(({ lines }) => lines[0]?.sku === 'tea').length;
  expect(hot).toBeGreaterThan(750);
  expect(hot).toBeLessThan(850);
  expect(drawn(7, 0.5)).toEqual(drawn(7, 0.5));
  expect(drawn(7, 0.5)).not.toEqual(drawn(8, 0.5));
});

test('transfers go between two different accounts, all of them', () => {
  const chance = chanceOf(3);
  const accounts = ['a', 'b', 'c'];
  const transfers = Array.from({ length: 300 }, () => drawTransfer(accounts, chance));
  expect(new Set(transfers.map(({ from, to }) => from + to)).size).toBe(6);
  for (const { from, to, amount } of transfers) {
    expect(from).not.toBe(to);
    expect(amount).toBeGreaterThanOrEqual(1);
    expect(amount).toBeLessThanOrEqual(10_000);
  }
});

test('progress: a bar that is drawn over on a terminal, at most a line per second elsewhere', () => {
  vi.useFakeTimers();
  try {
    const tally = new Tally();
    const written: string[] = [];
    const texts = floodTextsIn('en');
    const write = (text: string) => written.push(text);
    let stop = showFlood({ write }, texts, tally, 2_000);
    tally.decide(undefined, 1, false);
    tally.decide('insufficient_stock', 1, false);
    vi.advanceTimersByTime(3_500);
    stop();
    expect(written).toHaveLength(3);
    expect(written[0]).toMatch(/^2 of 2,000, [\d,.]+\/s, 1 refused\n$/);

    written.length = 0;
    stop = showFlood({ write, isTTY: true, columns: 100 }, texts, tally, 4);
    vi.advanceTimersByTime(300);
    stop();
    expect(written).toHaveLength(5);
    expect(written[1]).toContain(`\r\u001B[2K${'█'.repeat(12)}${'░'.repeat(12)} 2 of 4, `);
    expect(written.at(-1)).toBe('\r\u001B[2K');
  } finally {
    vi.useRealTimers();
  }
});
