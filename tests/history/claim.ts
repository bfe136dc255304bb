import { asksOf, inWords, type Ask } from './ask.ts';
import { claimUnnamed, type Unclaimed } from './claim-unnamed.ts';
import type { History } from './history.ts';
import { toldOf, type Recorded, type Settling } from './recorded.ts';
import type { Violation } from './violation.ts';
import { withdrawals, type Withdrawal } from './withdrawals.ts';

export interface Claims {
  readonly asks: readonly Ask[];
  /** In the bank's order. */
  readonly recorded: readonly Recorded[];
  /** What became of the command of an ask: of its id, whatever it was asked with. */
  readonly recordedOf: (ask: Ask) => Recorded | undefined;
  readonly violations: readonly Violation[];
}

/** Finds for every event of the journal who asked for it. */
export function claim(history: History): Claims {
  const asks = history.invocations.flatMap(asksOf);
  const named = Map.groupBy(
    asks.filter(({ id }) => id !== null),
    keyOf,
  );
  const unnamed = Map.groupBy(
    asks.filter(({ id }) => id === null),
    ({ invocation, hash }) => `${invocation.principal} ${hash}`,
  );
  const takenBack = withdrawals(asks);
  const byName = new Map<string, Recorded>();
  const unclaimed: Unclaimed[] = [];
  const violations: Violation[] = [];
  for (const settling of settlingsOf(history)) {
    const { mark } = settling;
    const name = `${mark.principal} ${mark.id}`;
    const earlier = byName.get(name);
    if (earlier !== undefined) {
      const text = `${toldOf(settling)} settles ${mark.id}, which event ${earlier.event.seq} had settled`;
      violations.push({ rule: 'settled twice', text });
      continue;
    }
    const request = `${mark.principal} ${mark.hash}`;
    const withdrawn = takenBack.get(request);
    const sameName = named.get(name);
    if (withdrawn === undefined && sameName === undefined) {
      unclaimed.push({ ...settling, asks: unnamed.get(request) ?? [] });
      continue;
    }
    const claimed =
      withdrawn === undefined
        ? claimNamed(settling, sameName ?? [], violations)
        : claimWithdrawal(settling, withdrawn);
    if (claimed !== undefined) byName.set(name, claimed);
  }
  const rest = claimUnnamed([...byName.values()], unclaimed, history.events.length);
  violations.push(...rest.violations);
  const recorded = [...byName.values(), ...rest.byAsk.values()].toSorted(
    (left, right) => left.event.seq - right.event.seq,
  );
  const recordedOf = (ask: Ask) => (ask.id === null ? rest.byAsk.get(ask) : byName.get(keyOf(ask)));
  return { asks, recorded, recordedOf, violations };
}

function settlingsOf({ blocks, events }: History): readonly Settling[] {
  return blocks
    .flatMap((block) => block.events)
    .flatMap(({ seq, command: mark }) => {
      const event = events[seq];
      return mark === null || event === undefined ? [] : [{ event, mark }];
    });
}

function claimWithdrawal(settling: Settling, withdrawn: Withdrawal): Recorded {
  const { asks, began } = withdrawn;
  return { ...settling, asks, began, knownFrom: Infinity, withdrawn };
}

/** By those who sent the command under the event's id. */
function claimNamed(
  settling: Settling,
  sameName: readonly Ask[],
  violations: Violation[],
): Recorded | undefined {
  const { mark } = settling;
  const told = toldOf(settling);
  const same = sameName.filter(({ hash }) => hash === mark.hash);
  const possible = same.filter(({ verdict }) => verdict === 'settled' || verdict === 'unknown');
  const [first = same[0]] = possible;
  if (first === undefined) {
    const text = `${told}: nobody sent this command ${mark.id}`;
    violations.push({ rule: 'unasked', text });
    return undefined;
  }
  if (possible.length === 0) {
    const text = `${told}: ${inWords(first.invocation)}`;
    violations.push({ rule: 'refused with effect', text });
  }
  if (possible.some(({ identity }) => identity !== first.identity)) {
    const text = `${told}: different requests have its hash: ${possible.map(({ identity }) => identity).join(' and ')}`;
    violations.push({ rule: 'journal', text });
  }
  const settled = possible.filter(({ verdict }) => verdict === 'settled');
  return {
    ...settling,
    asks: possible.length === 0 ? same : possible,
    began: Math.min(...same.map(({ invocation }) => invocation.start)),
    knownFrom: Math.min(...settled.map(({ invocation }) => invocation.end)),
    withdrawn: null,
  };
}

export function keyOf({ invocation, id }: Ask): string {
  return `${invocation.principal} ${id}`;
}
