import { isDeepStrictEqual } from 'node:util';
import type { EventAnswer } from '@lastro/contract';
import { inWords } from './ask.ts';
import { CLOCK_TOLERANCE_MS } from './expected-answer.ts';
import type { Claims } from './claim.ts';
import { accountAt, expectedRead, trialBalanceAt, type SettledCommand } from './expected-read.ts';
import type { Answer, History, Invocation } from './history.ts';
import type { Moments } from './moments.ts';
import type { Replay } from './replay.ts';
import { isRead, type ReadRequest } from './request.ts';
import type { Violation } from './violation.ts';

export interface ReadsWorld {
  readonly history: History;
  readonly claims: Claims;
  readonly replayed: Replay;
  readonly moments: Moments;
  readonly ceiling: (time: number) => number;
}

interface Read {
  readonly invocation: Invocation;
  readonly request: ReadRequest;
}

/** A read, and the numbers between which the newest event that it saw must lie. */
interface Window extends Read {
  readonly answer: Answer;
  readonly low: number;
  readonly high: number;
}

/**
 * Every read shows one moment of the order: no older than anything known when it was sent (answers
 * to commands and other reads), no newer than what was asked for after its answer.
 */
export function checkReads(world: ReadsWorld): readonly Violation[] {
  const violations: Violation[] = [];
  const commands = commandsByPrincipal(world);
  let known = 0;
  const lows = new Map<Invocation, number>();
  for (const step of stepsOf(world)) {
    if (step.is === 'known') known = Math.max(known, step.seq);
    else if (step.is === 'began') lows.set(step.read.invocation, known);
    else {
      const { invocation } = step.read;
      const seen = checkRead(world, commands, step.read, lows.get(invocation) ?? 0);
      if (typeof seen === 'string') {
        violations.push({ rule: 'wrong read', text: `${seen}: ${inWords(invocation)}` });
      } else known = Math.max(known, seen);
    }
  }
  return violations;
}

type Step =
  | { readonly is: 'began' | 'ended'; readonly time: number; readonly read: Read }
  | { readonly is: 'known'; readonly time: number; readonly seq: number };

/** What happens to reads and what becomes known, by the clock; at one time, reads begin first. */
function stepsOf({ history, claims }: ReadsWorld): readonly Step[] {
  const steps: Step[] = claims.recorded
    .filter(({ knownFrom }) => knownFrom < Infinity)
    .map(({ knownFrom: time, event: { seq } }) => ({ is: 'known', time, seq }));
  for (const invocation of history.invocations) {
    const { request, start, end } = invocation;
    if (!isRead(request)) continue;
    const read = { invocation, request };
    steps.push({ is: 'began', time: start, read }, { is: 'ended', time: end, read });
  }
  const rank = ({ is }: Step) => (is === 'began' ? 0 : 1);
  return steps.toSorted((left, right) => left.time - right.time || rank(left) - rank(right));
}

/** The oldest event that the read must have seen; or what is wrong with it. */
function checkRead(
  world: ReadsWorld,
  commands: ReadonlyMap<string, ReadonlyMap<string, SettledCommand>>,
  read: Read,
  low: number,
): number | string {
  const { invocation, request } = read;
  const { answer } = invocation;
  if (answer === null || answer.status === 503) return low;
  if (answer.status !== 200 && answer.status !== 404) return 'no read is answered like that';
  const window = { ...read, answer, low, high: world.ceiling(invocation.end) };
  switch (request.resource) {
    case 'events':
      return checkEvents(world.history.events, request, window);
    case 'trial balance':
      return checkTrialBalance(world, window);
    case 'lease list':
      return checkLeases(world, request, window);
    case 'consistency': {
      const { ok, seq } = answer.body as { ok: boolean; seq: number };
      return ok ? placeOf(world, window, seq) : 'the books are wrong';
    }
    case 'account':
    case 'entries':
    case 'product':
    case 'order':
    case 'transfer':
    case 'transaction':
    case 'command':
    case 'hold':
    case 'hold list':
    case 'order list':
    case 'product list':
    case 'transfer list': {
      const own = commands.get(invocation.principal) ?? new Map<string, SettledCommand>();
      const readWorld = { timeline: world.replayed.timeline, commands: own };
      return findMoment(world.moments, window, (moment) =>
        expectedRead(readWorld, request, moment),
      );
    }
  }
}

/** The first moment in the window at which the expected is what the answer shows. */
function findMoment(
  moments: Moments,
  { answer, low, high }: Window,
  expectedAt: (moment: number) => unknown,
): number | string {
  const shown = shownBy(answer);
  const choices = new Set<string>();
  for (const moment of moments.between(low, high)) {
    const expected = expectedAt(moment);
    if (isDeepStrictEqual(expected, shown)) return moment;
    choices.add(JSON.stringify(expected ?? null));
  }
  return `between events ${low} and ${high} it was ${[...choices].join(' or ')}`;
}

/** The body of a read as `expectedRead` gives it: undefined when it is not found. */
function shownBy({ status, body }: Answer): unknown {
  if (status === 404) return undefined;
  if (typeof body !== 'object' || body === null || !('next' in body)) return body;
  return { ...body, next: body.next !== null };
}

/** The leases of an account; what is over by the server’s clock is left out, be it recorded or not. */
function checkLeases(
  { moments, replayed: { timeline } }: ReadsWorld,
  { id }: Extract<ReadRequest, { readonly resource: 'lease list' }>,
  window: Window,
): number | string {
  const shown = shownBy(window.answer);
  const latest = performance.timeOrigin + window.invocation.end + CLOCK_TOLERANCE_MS;
  for (const moment of moments.between(window.low, window.high)) {
    const isOpen = accountAt(timeline, id, moment) !== undefined;
    const standing = timeline.queues.at(id, moment);
    const over = standing.map(({ until }) => until).filter((until) => until <= latest);
    const possible = [0, ...over].map((now) => ({
      data: standing.filter(({ until }) => until > now).map(({ entry }) => entry),
    }));
    const isShown = possible.some((one) => isDeepStrictEqual(one, shown));
    if (isOpen ? isShown : shown === undefined) return moment;
  }
  const last = timeline.queues.at(id, window.high).map(({ entry }) => entry);
  return `at event ${window.high} it was ${JSON.stringify(last)}`;
}

function checkEvents(
  events: readonly EventAnswer[],
  { after, limit }: Extract<ReadRequest, { readonly resource: 'events' }>,
  { answer, low, high }: Window,
): number | string {
  const { data, next } = answer.body as { data: readonly EventAnswer[]; next: number };
  const expected = events.slice(after + 1, after + 1 + data.length);
  if (!isDeepStrictEqual(data, expected)) return 'the page is not what the journal has there';
  const last = after + data.length;
  if (next !== last) return `next should be ${last}`;
  if (data.length > 0 && last > high) return `event ${last} was asked for after the answer`;
  if (data.length < limit && last < low) return `event ${low} was known when it was sent`;
  return data.length === 0 ? low : Math.max(low, last);
}

function checkTrialBalance(world: ReadsWorld, window: Window): number | string {
  const { seq, assets } = window.answer.body as { seq: number; assets: readonly unknown[] };
  const expected = trialBalanceAt(world.replayed.timeline, seq);
  if (!isDeepStrictEqual(assets, expected)) {
    return `at event ${seq} the model has ${JSON.stringify(expected)}`;
  }
  return placeOf(world, window, seq);
}

/** The number that a read says it was taken at is the end of its block and within the window. */
function placeOf(world: ReadsWorld, { answer, low, high }: Window, seq: number): number | string {
  const { block } = answer.body as { block: number };
  if (world.history.blocks[block]?.header.lastSeq !== seq) {
    return `event ${seq} is not the last of block ${block}`;
  }
  return seq >= low && seq <= high ? seq : `it can only be between events ${low} and ${high}`;
}

/** What `GET /v1/commands/:id` should know, by principal and id. */
function commandsByPrincipal({
  claims,
  replayed,
}: ReadsWorld): ReadonlyMap<string, ReadonlyMap<string, SettledCommand>> {
  const all = new Map<string, Map<string, SettledCommand>>();
  for (const { mark, event } of claims.recorded) {
    const settlement = replayed.settlements.get(event.seq);
    if (settlement === undefined) continue;
    const own = all.get(mark.principal) ?? new Map<string, SettledCommand>();
    all.set(mark.principal, own);
    const code = settlement.refusal?.code ?? null;
    own.set(mark.id, { seq: event.seq, code, resource: resourceOf(event) });
  }
  return all;
}

function resourceOf({ type, data }: EventAnswer): string | null {
  switch (type) {
    case 'account.opened':
    case 'account.changed':
    case 'account.frozen':
    case 'account.unfrozen':
    case 'account.closed':
    case 'account.reopened':
      return `/v1/accounts/${encodeURIComponent(String(data['account']))}`;
    case 'lease.requested':
    case 'lease.renewed':
    case 'lease.released':
      return `/v1/accounts/${encodeURIComponent(String(data['account']))}/leases`;
    case 'hold.placed':
      return `/v1/holds/${String(data['id'])}`;
    case 'hold.captured':
    case 'hold.released':
    case 'hold.extended':
      return `/v1/holds/${String(data['hold'])}`;
    case 'order.cancelled':
      return `/v1/orders/${String(data['order'])}`;
    case 'transfer.reversed':
      return `/v1/transfers/${String((data['transfer'] as { id: unknown }).id)}`;
    case 'transaction.reversed':
    case 'transaction.posted':
      return `/v1/transactions/${String(data['id'])}`;
    case 'transfer.posted':
      return `/v1/transfers/${String(data['id'])}`;
    case 'order.completed':
      return `/v1/orders/${String(data['id'])}`;
    default:
      return 'sku' in data ? `/v1/products/${encodeURIComponent(String(data['sku']))}` : null;
  }
}
