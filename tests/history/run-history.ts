import { randomUUID } from 'node:crypto';
import type { Chance } from '../faults/fixtures/random.ts';
import type { TestBank } from '../harness/bank-in-process.ts';
import { eventually } from '../harness/eventually.ts';
import { asksOf } from './ask.ts';
import type { History, Invocation } from './history.ts';
import { createCallers } from './callers.ts';
import { randomPlan, type Step } from './random-plan.ts';
import { bringBack, letTimeEnd } from './last-steps.ts';
import { BEGINNING, type CallerName } from './small-world.ts';
import { readAllBlocks, readAllEvents } from './read-journal.ts';
import { Recorder, type Caller } from './recorder.ts';

export interface HistoryRun {
  readonly chance: Chance;
  /** Servers of one bank, on one database. */
  readonly servers: readonly TestBank[];
  readonly clients: number;
  /** Steps of each client at least, and at most while faults last. */
  readonly steps: readonly [number, number];
  /** Does harm while the clients are at work; they go on until it is done. */
  readonly faults?: (progress: Progress) => Promise<void>;
}

/** How far the clients are. */
export interface Progress {
  readonly inFlight: number;
  /** Waits until so many more requests were answered. */
  more(count: number): Promise<void>;
  /** Waits until so many are on their way at once. */
  busy(count: number): Promise<void>;
}

/** Accounts that clients move money on. */
const CLIENTS = ['ana', 'bia', 'caio', 'dora', 'shop', 'mill', 'usd', 'eva', 'rui'];

const READY_TIMEOUT_MS = 40_000;
const SETTLE_TRIES_MAX = 50;

/** Lets random clients loose on a bank, settles what stayed unknown, and reads the journal. */
export async function runHistory(run: HistoryRun): Promise<History> {
  const { chance, servers, clients, faults } = run;
  const [least, most] = run.steps;
  const [bank] = servers;
  if (bank === undefined) throw new Error('a history needs a bank');
  const callers = await createCallers(bank);
  const recorder = new Recorder(
    servers.map(({ url }) => url),
    callers,
  );
  try {
    const plan = randomPlan(chance, clients, most, least);
    for (const request of BEGINNING) await recorder.send('admin', request, { server: 0 });
    let isHarmed = faults !== undefined;
    const harm = faults?.(progressOf(recorder)).finally(() => {
      isHarmed = false;
    });
    const goesOn = (done: number) => isHarmed || done < least;
    let isOutOfSteps = false;
    const followed = plan.clients.map((own) => follow(recorder, servers.length, own, goesOn));
    const work = Promise.all(followed).then(() => {
      isOutOfSteps = isHarmed;
    });
    await Promise.all([work, harm]).catch((error: unknown) => {
      if (!isOutOfSteps) throw error;
      throw new Error('the clients had no more steps while faults lasted', { cause: error });
    });
    await settle(recorder, callers);
    await bringBack(recorder);
    for (const { caller, request } of plan.provoking) {
      await recorder.send(caller, request, { server: 0 });
    }
    await letTimeEnd(recorder);
    await quieten(recorder, servers.length);
    await readFinally(recorder);
    const [events, blocks] = [await readAllEvents(bank), await readAllBlocks(bank)];
    return { seed: chance.seed, invocations: recorder.invocations, events, blocks };
  } finally {
    await recorder.close();
  }
}

/**
 * One client: a step after the other, each to another server where nobody takes the connection, with
 * a pause only where no server can take anything.
 */
async function follow(
  recorder: Recorder,
  servers: number,
  steps: readonly Step[],
  goesOn: (done: number) => boolean,
): Promise<void> {
  for (const [done, step] of steps.entries()) {
    if (!goesOn(done)) return;
    const { caller, request, copies, cut, server } = step;
    const sent = Array.from({ length: copies }, async (_, copy) => {
      const options = { cut: copy === 0 ? cut : null, isReversed: copy > 0 };
      let invocation: Invocation | undefined;
      for (let tried = 0; tried < servers && invocation === undefined; tried += 1) {
        invocation = await recorder.send(caller, request, {
          server: server + copy + tried,
          ...options,
        });
      }
      return invocation;
    });
    const invocations = await Promise.all(sent);
    const isAway = invocations.some((one) => one === undefined || one.answer?.status === 503);
    if (isAway) {
      await eventually('a server is ready', () => recorder.isReady(), READY_TIMEOUT_MS);
    }
  }
}

function progressOf(recorder: Recorder): Progress {
  return {
    get inFlight() {
      return recorder.inFlight;
    },
    async more(count) {
      const wanted = recorder.invocations.length + count;
      await eventually(
        `${count} more requests are answered`,
        () => recorder.invocations.length >= wanted,
        READY_TIMEOUT_MS,
      );
    },
    async busy(count) {
      await eventually(
        `${count} requests are on their way`,
        () => recorder.inFlight >= count,
        READY_TIMEOUT_MS,
      );
    },
  };
}

/** Sends what nobody heard of again, with its id, until it is told what became of it. */
async function settle(recorder: Recorder, callers: ReadonlyMap<CallerName, Caller>): Promise<void> {
  const names = new Map([...callers].map(([name, { principal }]) => [principal, name]));
  const unknown = recorder.invocations.filter(isToBeSettled);
  for (const invocation of unknown) {
    const { request, principal } = invocation;
    const name = names.get(principal);
    if (name === undefined) throw new Error(`nobody is ${principal}`);
    for (let tries = 1; ; tries += 1) {
      const again = await recorder.send(name, request, { server: tries, isReversed: true });
      if (again !== undefined && !isOpen(again)) break;
      if (tries === SETTLE_TRIES_MAX)
        throw new Error(
          `${JSON.stringify(request)} never settled: ${JSON.stringify(again?.answer)}`,
        );
      await eventually('a server is ready', () => recorder.isReady(), READY_TIMEOUT_MS);
    }
  }
}

/** Of a command whose id the bank chose, sending it again would make another one. */
function isToBeSettled(invocation: Invocation): boolean {
  return asksOf(invocation).some(
    ({ verdict, id, request }) => verdict === 'unknown' && id !== null && request.flaw === null,
  );
}

function isOpen(invocation: Invocation): boolean {
  const isUntaken = invocation.answer?.status === 503;
  return (
    isUntaken ||
    asksOf(invocation).some(
      ({ verdict, code }) => verdict === 'unknown' || code === 'database_unavailable',
    )
  );
}

/** What a cut connection left on its way is through once something that came after it is. */
async function quieten(recorder: Recorder, servers: number): Promise<void> {
  for (let server = 0; server < servers; server += 1) {
    const body = { id: randomUUID(), account: 'ana', amount: 1 };
    const request = { resource: 'deposits', body, key: null, flaw: null } as const;
    const done = await recorder.send('admin', request, { server });
    if (done?.answer?.status !== 201) throw new Error('the bank is not well after the run');
  }
}

/** Looks at everything once more, when all is still. */
async function readFinally(recorder: Recorder): Promise<void> {
  const accounts = [...CLIENTS, 'keep', 'let', 'ice', 'gone', 'cash:BRL', 'stock:tea'];
  for (const id of accounts) {
    await recorder.send('eye', { resource: 'account', id }, { server: 0 });
    await recorder.send('eye', { resource: 'entries', id }, { server: 0 });
  }
  for (const id of [...CLIENTS, 'let']) {
    await recorder.send('eye', { resource: 'lease list', id }, { server: 0 });
  }
  for (const resource of ['order list', 'transfer list', 'product list', 'hold list'] as const) {
    await recorder.send('eye', { resource, limit: 1000 }, { server: 0 });
  }
  for (const resource of ['trial balance', 'consistency'] as const) {
    await recorder.send('eye', { resource }, { server: 0 });
  }
}
