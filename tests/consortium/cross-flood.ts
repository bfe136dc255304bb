import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Chance } from '../faults/fixtures/random.ts';
import type { BankProcess } from '../harness/bank-process.ts';
import { createCaller, type AnyBody, type HttpCaller, type Reply } from '../harness/http-caller.ts';
import { query } from '../harness/postgres.ts';
import { bankOf, drawRequest, type Movement, type WrittenRequest } from './cross-requests.ts';
import type { Town } from './town.ts';

/** Clients of all banks that go on whatever happens, and remember what they were told. */
export interface CrossFlood {
  /** Definite answers so far. */
  readonly settled: number;
  /** Answers that left an outcome open, and calls that got none, so far. */
  readonly unknown: number;
  /** How often each definite answer came: `moved`, or the code of a refusal. */
  readonly answers: Readonly<Record<string, number>>;
  /** Waits until `count` more definite answers came; rejects when they don't. */
  more(count: number): Promise<void>;
  /** From now on nothing is asked that this bank has a part in; null: everything again. */
  avoid(bank: string | null): void;
  /** Begins nothing new, and sends every open request until its answer is definite. */
  end(): Promise<void>;
  /** Every account of the town has what the definite answers say, to the centavo. */
  expectTold(): Promise<void>;
}

interface Told extends WrittenRequest {
  /** `moved`, or the code of a refusal. */
  readonly word: string;
}

export interface FloodOptions {
  readonly clients?: number;
  /** Asked for each new request; any of the kinds otherwise. */
  readonly draw?: () => WrittenRequest;
}

const CLIENTS = 9;
/** Requests whose outcome is open, put aside while their bank is away; then clients wait for it. */
const OPEN_MAX = 100;
const OPEN_AGAIN = 0.3;
/** Of one call: what is late is unknown and is sent again. */
const CALL_TIMEOUT_MS = 20_000;
const PROGRESS_DEADLINE_MS = 240_000;

export function startCrossFlood(
  banks: readonly BankProcess[],
  town: Town,
  chance: Chance,
  options: FloodOptions = {},
): CrossFlood {
  const callers = new Map(
    banks.map(({ name, url, adminKey }) => [name, createCaller(url, adminKey)]),
  );
  const draw = options.draw ?? (() => drawRequest(town, chance));
  const told: Told[] = [];
  const answers: Record<string, number> = {};
  let unknown = 0;
  const ending = new AbortController();
  const open: WrittenRequest[] = [];
  let avoided: string | null = null;
  const isWanted = (request: WrittenRequest) => avoided === null || !concerns(request, avoided);
  const next = () => {
    const isOldOne = open.length >= OPEN_MAX || ending.signal.aborted || chance.next() < OPEN_AGAIN;
    const at = isOldOne ? open.findIndex(isWanted) : -1;
    const [old] = at < 0 ? [] : open.splice(at, 1);
    let request = old ?? draw();
    while (!isWanted(request)) request = draw();
    return request;
  };
  const sendOnce = async (request: WrittenRequest) => {
    const word = await ask(callers.get(request.bank), request);
    if (word === undefined) {
      unknown += 1;
      open.push(request);
      await sleep(10 + chance.below(50));
      return;
    }
    told.push({ ...request, word });
    answers[word] = (answers[word] ?? 0) + 1;
  };
  const client = async () => {
    while (!ending.signal.aborted || open.length > 0) await sendOnce(next());
  };
  const clients = Promise.all(Array.from({ length: options.clients ?? CLIENTS }, client));
  clients.catch(() => undefined);
  return {
    get settled() {
      return told.length;
    },
    get unknown() {
      return unknown;
    },
    answers,
    async more(count) {
      const wanted = told.length + count;
      const end = performance.now() + PROGRESS_DEADLINE_MS;
      while (told.length < wanted) {
        if (performance.now() > end) throw new Error(`stuck after ${told.length} answers`);
        await Promise.race([sleep(5), clients]);
      }
    },
    avoid: (bank) => void (avoided = bank),
    async end() {
      avoided = null;
      ending.abort();
      await clients;
      await Promise.all([...callers.values()].map((caller) => caller.close()));
    },
    async expectTold() {
      expect(await balancesIn(banks)).toMatchObject(balancesAfter(town, told));
    },
  };
}

function concerns({ moves }: WrittenRequest, bank: string): boolean {
  return moves.some(({ from, to }) => bankOf(from) === bank || bankOf(to) === bank);
}

/** The definite answer in a word; undefined: the outcome is open, and the same request is to be sent again. */
async function ask(
  caller: HttpCaller | undefined,
  { path, body }: WrittenRequest,
): Promise<string | undefined> {
  if (caller === undefined) throw new Error('a request to nobody');
  try {
    const asked = caller.call('POST', path, body);
    asked.catch(() => undefined);
    const late = sleep(CALL_TIMEOUT_MS, undefined, { ref: false });
    return wordOf(await Promise.race([asked, late]));
  } catch {
    return undefined;
  }
}

function wordOf(reply: Reply<AnyBody> | undefined): string | undefined {
  if (reply === undefined || [202, 429].includes(reply.status) || reply.status >= 500) {
    return undefined;
  }
  if (reply.status === 201) return 'moved';
  const { code, reason } = reply.body;
  return [code, reason].filter((word) => typeof word === 'string').join(' ');
}

type Balances = Readonly<Record<string, bigint>>;

function balancesAfter(town: Town, told: readonly Told[]): Balances {
  const balances: Record<string, bigint> = {};
  for (const place of town.places) balances[place] = BigInt(town.funds);
  const move = ({ from, to, amount }: Movement) => {
    balances[from] = (balances[from] ?? 0n) - BigInt(amount);
    balances[to] = (balances[to] ?? 0n) + BigInt(amount);
  };
  for (const { word, moves } of told) if (word === 'moved') moves.forEach(move);
  return balances;
}

async function balancesIn(banks: readonly BankProcess[]): Promise<Balances> {
  const balances = await Promise.all(
    banks.map(async ({ name, databaseUrl }) => {
      const rows = await query<{ id: string; balance: string }>(
        databaseUrl,
        'select id, credits_posted - debits_posted as balance from account',
      );
      return rows.map(({ id, balance }) => [`${name}/${id}`, BigInt(balance)] as const);
    }),
  );
  return Object.fromEntries(balances.flat());
}
