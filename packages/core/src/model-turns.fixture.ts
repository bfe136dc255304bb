import type { Command } from './command.ts';
import type { Pages, Turn } from './notebook.fixture.ts';
import type { Refusal } from './refusal.ts';

// The model's rules of leases: whose turn it is to write an account, as at a bakery's counter.

type CommandOf<Type extends Command['type']> = Extract<Command, { type: Type }>;

export function askForTurn(pages: Pages, command: CommandOf<'RequestLease'>): Refusal | undefined {
  const { id, account, ttl, wait } = command;
  const because = pages.unusable(account);
  if (because) return because;
  const others = waiting(pages, account).length + (pages.turn(account) ? 1 : 0);
  if (others >= 1_000) return { code: 'lease_queue_full', account };
  if (standing(pages, account).some((one) => one.id === id)) return { code: 'id_taken' };
  if (wait === 0 && others > 0) return { code: 'account_leased', account };
  // Who doesn't wait has the turn at once or is gone.
  const patientUntil = pages.moment.at + Math.max(wait * 1_000, 1);
  const asked = { id, account, seconds: ttl, patientUntil, token: null, until: 0 };
  pages.turns.push({ ...asked, isGivenBack: false });
  callNext(pages, account);
  return undefined;
}

export function renewTurn(pages: Pages, command: CommandOf<'RenewLease'>): Refusal | undefined {
  const { account, lease, ttl } = command;
  const turn = pages.turn(account);
  if (turn?.id !== lease) return { code: 'lease_not_found' };
  const until = pages.moment.at + 1_000 * ttl;
  pages.turns[pages.turns.indexOf(turn)] = { ...turn, until };
  note(pages, account);
  return undefined;
}

export function giveTurnBack(
  pages: Pages,
  command: CommandOf<'ReleaseLease'>,
): Refusal | undefined {
  const { account, lease, ifWaiting = false } = command;
  const turn = standing(pages, account).find((one) => one.id === lease);
  if (!turn || (ifWaiting && turn.token !== null)) return { code: 'lease_not_found' };
  pages.turns[pages.turns.indexOf(turn)] = { ...turn, isGivenBack: true };
  callNext(pages, account);
  return undefined;
}

/** Calls whoever waited longest for an account that nobody has; the accounts where somebody came. */
export function callAll(pages: Pages): readonly string[] {
  const accounts = [...new Set(pages.turns.map(({ account }) => account))].toSorted();
  return accounts.filter((account) => {
    const isCalled = call(pages, account);
    if (isCalled) pages.moment = { ...pages.moment, seq: pages.moment.seq + 1 };
    return isCalled;
  });
}

/** Calls whoever waited longest for this account; whether nobody had it and somebody came. */
export function call(pages: Pages, account: string): boolean {
  const isCalled = !pages.turn(account) && waiting(pages, account).length > 0;
  if (isCalled) callNext(pages, account);
  return isCalled;
}

/** Who has the account, and who waits for it. */
function standing(pages: Pages, account: string): readonly Turn[] {
  const turn = pages.turn(account);
  return turn ? [turn, ...waiting(pages, account)] : waiting(pages, account);
}

/** Who waits, in the order in which they asked. */
function waiting(pages: Pages, wanted: string): readonly Turn[] {
  const { at } = pages.moment;
  return pages.turns.filter(
    ({ account, token, patientUntil, isGivenBack }) =>
      account === wanted && token === null && !isGivenBack && at < patientUntil,
  );
}

function callNext(pages: Pages, account: string): void {
  const { at, seq } = pages.moment;
  const [next] = waiting(pages, account);
  if (!pages.turn(account) && next) {
    const until = at + 1_000 * next.seconds;
    pages.turns[pages.turns.indexOf(next)] = { ...next, token: seq, until };
  }
  note(pages, account);
}

function note(pages: Pages, account: string): void {
  const has = pages.turn(account);
  const turn = has ? `${has.token} until ${has.until}` : null;
  const last = pages.handovers.findLast((one) => one.account === account)?.turn ?? null;
  if (turn !== last) pages.handovers.push({ account, turn });
}
