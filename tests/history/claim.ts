import type { EventAnswer } from '@lastro/contract';
import type { CommandMark } from '@lastro/core';
import { asksOf, inWords, type Ask } from './ask.ts';
import type { History } from './history.ts';
import type { Violation } from './violation.ts';
import { withdrawals, type Withdrawal } from './withdrawals.ts';

/** An event with those who can have brought it about. */
export interface Recorded {
  readonly event: EventAnswer;
  readonly mark: CommandMark;
  /** Asks for this very command that may have had an effect; if none may, all; at least one. */
  readonly asks: readonly Ask[];
  /** When the first of them began. */
  readonly began: number;
  /** When the first answer told that it was settled; Infinity: none did. */
  readonly knownFrom: number;
  /** Of which request for a lease a server took the ticket back; null: it is what was asked for. */
  readonly withdrawn: Withdrawal | null;
}

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
  const unnamed = new Set(asks.filter(({ id }) => id === null));
  const takenBack = withdrawals(asks);
  const byName = new Map<string, Recorded>();
  const byAsk = new Map<Ask, Recorded>();
  const recorded: Recorded[] = [];
  const violations: Violation[] = [];
  const events = history.blocks.flatMap((block) => block.events);
  for (const { seq, command: mark } of events) {
    const event = history.events[seq];
    if (mark === null || event === undefined) continue;
    const told = `event ${seq} (${event.type} ${JSON.stringify(event.data)}) of ${mark.principal}`;
    const name = `${mark.principal} ${mark.id}`;
    const earlier = byName.get(name);
    if (earlier !== undefined) {
      const text = `${told} settles ${mark.id}, which event ${earlier.event.seq} had settled`;
      violations.push({ rule: 'settled twice', text });
      continue;
    }
    const withdrawn = takenBack.get(`${mark.principal} ${mark.hash}`) ?? null;
    if (withdrawn !== null) {
      const { asks: waiting, began } = withdrawn;
      const claimed = { event, mark, asks: waiting, began, knownFrom: Infinity, withdrawn };
      recorded.push(claimed);
      byName.set(name, claimed);
      continue;
    }
    const sameName = named.get(name);
    const one = sameName === undefined ? claimUnnamed(unnamed, mark, event) : undefined;
    const candidates = sameName ?? (one === undefined ? [] : [one]);
    const same = candidates.filter(({ hash }) => hash === mark.hash);
    const possible = same.filter(({ verdict }) => verdict === 'settled' || verdict === 'unknown');
    const [first = same[0]] = possible;
    if (first === undefined) {
      const text = `${told}: nobody sent this command ${mark.id}`;
      violations.push({ rule: 'unasked', text });
      continue;
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
    const claimed: Recorded = {
      event,
      mark,
      asks: possible.length === 0 ? same : possible,
      began: Math.min(...same.map(({ invocation }) => invocation.start)),
      knownFrom: Math.min(...settled.map(({ invocation }) => invocation.end)),
      withdrawn: null,
    };
    recorded.push(claimed);
    if (one === undefined) byName.set(name, claimed);
    else byAsk.set(one, claimed);
  }
  const recordedOf = (ask: Ask) => (ask.id === null ? byAsk.get(ask) : byName.get(keyOf(ask)));
  return { asks, recorded, recordedOf, violations };
}

/**
 * The ask that left its id to the bank and got this event: the one whose answer names what it made,
 * else one of those that never heard.
 */
function claimUnnamed(
  unnamed: Set<Ask>,
  mark: CommandMark,
  { data }: EventAnswer,
): Ask | undefined {
  const same = [...unnamed].filter(
    ({ invocation, hash }) => invocation.principal === mark.principal && hash === mark.hash,
  );
  const isItsAnswer = ({ verdict, code, answer }: Ask) => {
    if (verdict !== 'settled') return false;
    if (code !== null) return code === data['code'];
    const made = (answer?.body ?? {}) as { readonly id?: unknown };
    return made.id === data['id'] || made.id === data['account'];
  };
  const found = same.find(isItsAnswer) ?? same.find(({ verdict }) => verdict === 'unknown');
  if (found !== undefined) unnamed.delete(found);
  return found;
}

export function keyOf({ invocation, id }: Ask): string {
  return `${invocation.principal} ${id}`;
}
