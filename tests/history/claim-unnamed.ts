import type { Ask } from './ask.ts';
import { createBounds, type Bounds } from './real-time.ts';
import { toldOf, type Recorded, type Settling } from './recorded.ts';
import type { Violation } from './violation.ts';

/** An event of a command whose id the bank chose, and who sent that very request. */
export interface Unclaimed extends Settling {
  readonly asks: readonly Ask[];
}

export interface UnnamedClaims {
  readonly byAsk: ReadonlyMap<Ask, Recorded>;
  readonly violations: readonly Violation[];
}

/**
 * Gives events whose command nobody named to asks, one each. Sure is only one whose answer names what
 * was made. A refusal names nothing: of several that say the same, whoever asked for which is open,
 * and any of them may be somebody's who never heard. So those are matched last, within the bounds of
 * time that everything sure sets to their places in the order, and each is dated by what holds
 * however they are matched.
 */
export function claimUnnamed(
  named: readonly Recorded[],
  unclaimed: readonly Unclaimed[],
  eventCount: number,
): UnnamedClaims {
  const byAsk = new Map<Ask, Recorded>();
  const ambiguous: Unclaimed[] = [];
  for (const one of unclaimed) {
    const ask = one.asks.find((asked) => isMadeFor(asked, one));
    if (ask === undefined) ambiguous.push(one);
    else byAsk.set(ask, recordedOf(one, ask, ask.invocation.start, ask.invocation.end));
  }
  const boundsAt = createBounds([...named, ...byAsk.values()], eventCount);
  const matched = match(ambiguous, boundsAt);
  const violations: Violation[] = [];
  for (const alike of Map.groupBy(ambiguous, groupOf).values()) {
    const dates = datesOf(alike);
    for (const [place, one] of alike.entries()) {
      const ask = matched.get(one);
      if (ask === undefined) {
        const text = `${toldOf(one)}: nobody sent this command ${one.mark.id}`;
        violations.push({ rule: 'unasked', text });
        continue;
      }
      const { began = ask.invocation.start, knownFrom = Infinity } = dates[place] ?? {};
      byAsk.set(ask, recordedOf(one, ask, began, knownFrom));
    }
  }
  return { byAsk, violations };
}

function recordedOf(
  { event, mark }: Settling,
  ask: Ask,
  began: number,
  knownFrom: number,
): Recorded {
  return { event, mark, asks: [ask], began, knownFrom, withdrawn: null };
}

/** Its answer names what the event made. */
function isMadeFor({ verdict, code, answer }: Ask, { event: { data } }: Settling): boolean {
  if (verdict !== 'settled' || code !== null) return false;
  const { id } = (answer?.body ?? {}) as { readonly id?: unknown };
  return typeof id === 'string' && (id === data['id'] || id === data['account']);
}

/** Its answer is a refusal that says what the event says. */
function isRefusedBy({ verdict, code, answer }: Ask, { event: { data } }: Settling): boolean {
  if (verdict !== 'settled' || code === null || code !== data['code']) return false;
  const body = (answer?.body ?? {}) as Readonly<Record<string, unknown>>;
  // A problem's own status is that of HTTP.
  const shared = Object.keys(data).filter((name) => name in body && name !== 'status');
  return shared.every((name) => String(body[name]) === String(data[name]));
}

function isUnheard({ verdict }: Ask): boolean {
  return verdict === 'unknown';
}

/** Events that an answer doesn't tell from one another. */
function groupOf({ event, mark }: Unclaimed): string {
  return `${mark.principal} ${mark.hash} ${event.type} ${JSON.stringify(event.data)}`;
}

/**
 * In the bank's order, each place goes to the answer that came first of those that fit there, else to
 * whoever asked first and never heard. As bounds only rise from place to place, no other way matches
 * more (Glover 1967, maximum matching in a convex bipartite graph). What fits nowhere is matched
 * without bounds, for the rule of order to find.
 */
function match(
  ambiguous: readonly Unclaimed[],
  boundsAt: (seq: number) => Bounds,
): ReadonlyMap<Unclaimed, Ask> {
  const matched = new Map<Unclaimed, Ask>();
  const taken = new Set<Ask>();
  const anyTime: Bounds = { from: -Infinity, until: Infinity };
  for (const isBounded of [true, false]) {
    for (const one of ambiguous) {
      if (matched.has(one)) continue;
      const bounds = isBounded ? boundsAt(one.event.seq) : anyTime;
      const free = one.asks.filter((ask) => !taken.has(ask));
      const ask =
        earliest(
          free.filter((asked) => isRefusedBy(asked, one) && isWithin(asked, bounds)),
          'end',
        ) ??
        earliest(
          free.filter((asked) => isUnheard(asked) && isWithin(asked, bounds)),
          'start',
        );
      if (ask === undefined) continue;
      matched.set(one, ask);
      taken.add(ask);
    }
  }
  return matched;
}

/** It began before the place was passed and, if it was answered, was so after the place was reached. */
function isWithin(ask: Ask, { from, until }: Bounds): boolean {
  const { start, end } = ask.invocation;
  return start <= until && (isUnheard(ask) || end >= from);
}

function earliest(asks: readonly Ask[], by: 'start' | 'end'): Ask | undefined {
  return asks.toSorted((left, right) => left.invocation[by] - right.invocation[by])[0];
}

/**
 * For each of these like events, in their order, what holds however they are matched: before so many
 * had begun, so many can't have stood; once so many answers had come, so many stood.
 */
function datesOf(alike: readonly Unclaimed[]): readonly Pick<Recorded, 'began' | 'knownFrom'>[] {
  const [first] = alike;
  if (first === undefined) return [];
  const ascending = (left: number, right: number) => left - right;
  const refused = first.asks.filter((ask) => isRefusedBy(ask, first));
  const begins = [...refused, ...first.asks.filter(isUnheard)].map(
    ({ invocation }) => invocation.start,
  );
  const ends = refused.map(({ invocation }) => invocation.end).toSorted(ascending);
  const sorted = begins.toSorted(ascending);
  return alike.map((_, place) => ({
    began: sorted[place] ?? Infinity,
    knownFrom: ends[place] ?? Infinity,
  }));
}
