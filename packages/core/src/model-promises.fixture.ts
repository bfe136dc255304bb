import type { Command, Expiry } from './command.ts';
import type { Pages, Promised } from './notebook.fixture.ts';
import type { Refusal } from './refusal.ts';

// The model's rules of holds and of what takes something back.

type CommandOf<Type extends Command['type']> = Extract<Command, { type: Type }>;

export function promise(pages: Pages, command: CommandOf<'PlaceHold'>): Refusal | undefined {
  const { id, transfers } = command;
  const until = momentOf(pages, command.expiry);
  if (until === null) return { code: 'expiry_out_of_range' };
  const routes: Promised['routes'][number][] = [];
  pages.promises.push({ id, routes, until, became: null });
  for (const { from, to, amount, condition } of transfers) {
    const because =
      pages.unusable(from) ??
      pages.unusable(to) ??
      pages.badAmount({ amount }) ??
      pages.reason({ from, to, amount }, condition);
    if (because) return because;
    routes.push({ from, to, amount });
    pages.touched.push(from, to);
  }
  pages.groups.push(id);
  return undefined;
}

export function capture(pages: Pages, command: CommandOf<'CaptureHold'>): Refusal | undefined {
  const { hold, amount, transferId } = command;
  const found = open(pages, hold);
  if ('code' in found) return found;
  const [only, second] = found.routes;
  if (amount !== null && only !== undefined) {
    if (second !== undefined) return { code: 'amount_not_allowed' };
    if (amount < 1n) return { code: 'amount_out_of_range' };
    if (amount > only.amount) return { code: 'amount_exceeded', remaining: only.amount };
  }
  replace(pages, found, { ...found, became: 'captured' });
  const group = second === undefined ? null : hold;
  for (const [index, route] of found.routes.entries()) {
    // What was promised is posted, whatever came since.
    pages.moves.push({
      ...route,
      amount: amount ?? route.amount,
      id: following(transferId, index),
      group,
    });
  }
  return undefined;
}

export function release(pages: Pages, hold: string): Refusal | undefined {
  const found = open(pages, hold);
  if ('code' in found) return found;
  end(pages, found, 'released');
  return undefined;
}

export function extend(pages: Pages, command: CommandOf<'ExtendHold'>): Refusal | undefined {
  const found = open(pages, command.hold);
  if ('code' in found) return found;
  const until = momentOf(pages, command.expiry);
  if (until === null || until <= found.until) return { code: 'expiry_out_of_range' };
  replace(pages, found, { ...found, until });
  return undefined;
}

/** Ends what nobody captured in time, or the one of it that is named; those that it were, in order. */
export function expire(pages: Pages, named?: string): readonly string[] {
  const late = pages.promises.filter(
    ({ id, became, until }) =>
      became === null && until <= pages.moment.at && (named === undefined || id === named),
  );
  for (const one of late) end(pages, one, 'expired');
  return late.map(({ id }) => id);
}

function end(pages: Pages, promised: Promised, became: 'released' | 'expired'): void {
  replace(pages, promised, { ...promised, became });
  for (const { from, to } of promised.routes) pages.touched.push(from, to);
}

function open(pages: Pages, hold: string): Promised | Refusal {
  const found = pages.promises.find(({ id }) => id === hold);
  if (!found) return { code: 'hold_not_found' };
  if (found.became !== null) return { code: 'hold_ended', state: found.became };
  return pages.moment.at < found.until ? found : { code: 'hold_ended', state: 'expired' };
}

function replace(pages: Pages, before: Promised, after: Promised): void {
  pages.promises[pages.promises.indexOf(before)] = after;
}

function momentOf(pages: Pages, expiry: Expiry): number | null {
  const { at } = pages.moment;
  const until = 'at' in expiry ? expiry.at : at + 1_000 * expiry.ttl;
  const days = (until - at) / 86_400_000;
  return days > 0 && days <= 90 ? until : null;
}

/** The id that comes so many places after this one, as a number in its last twelve digits. */
export function following(first: string, places: number): string {
  const digits = /[0-9a-f]{12}$/.exec(first)?.[0];
  if (digits === undefined) {
    if (places === 0) return first;
    throw new Error(`${first} is not the first of several ids`);
  }
  const next = (BigInt(`0x${digits}`) + BigInt(places)) & 0xffffffffffffn;
  return first.slice(0, first.length - 12) + next.toString(16).padStart(12, '0');
}

/** What was taken back of a move so far. */
function takenBack(pages: Pages, id: string): bigint {
  return pages.moves
    .filter(({ undoes }) => undoes === id)
    .reduce((sum, { amount }) => sum + amount, 0n);
}

/** What a group of moves is, for whoever wants one of them back. */
function ownerOf(pages: Pages, group: string): Refusal {
  const bought = pages.purchases.find(({ id, undoneBy }) => id === group || undoneBy === group);
  if (bought) return { code: 'part_of', owner: 'order', id: bought.id };
  const isHold = pages.promises.some(({ id }) => id === group);
  return { code: 'part_of', owner: isHold ? 'hold' : 'transaction', id: group };
}

export function takeBack(pages: Pages, command: CommandOf<'ReverseTransfer'>): Refusal | undefined {
  const { id, reverses, mayMoveCash } = command;
  const moved = pages.moves.find((move) => move.id === reverses);
  if (!moved) return { code: 'transfer_not_found' };
  if (moved.group !== null) return ownerOf(pages, moved.group);
  for (const name of [moved.from, moved.to]) {
    const because = mayMoveCash && name.startsWith('cash:') ? undefined : pages.unusable(name);
    if (because) return because;
  }
  const remaining = moved.amount - takenBack(pages, reverses);
  if (command.amount !== null && command.amount < 1n) return { code: 'amount_out_of_range' };
  const amount = command.amount === null ? remaining : command.amount;
  if (remaining === 0n || amount > remaining) return { code: 'amount_exceeded', remaining };
  const { from, to } = moved;
  return pages.move({ id, from: to, to: from, amount, group: null, undoes: reverses });
}

export function takeAllBack(
  pages: Pages,
  command: CommandOf<'ReverseTransaction'>,
): Refusal | undefined {
  const moved = pages.moves.filter(({ group }) => group === command.reverses);
  if (moved.length === 0) return { code: 'transaction_not_found' };
  const owner = ownerOf(pages, command.reverses);
  if (owner.code === 'part_of' && owner.owner === 'order') return owner;
  if (moved.some(({ id }) => takenBack(pages, id) > 0n)) return { code: 'already_reversed' };
  moved.reverse();
  for (const [index, { id: undoes, from, to, amount }] of moved.entries()) {
    const id = following(command.transferId, index);
    const because = pages.move({ id, from: to, to: from, amount, group: command.id, undoes });
    if (because) return because;
  }
  pages.groups.push(command.id);
  return undefined;
}

export function takeOrderBack(
  pages: Pages,
  command: CommandOf<'CancelOrder'>,
): Refusal | undefined {
  const bought = pages.purchases.find(({ id }) => id === command.order);
  if (!bought) return { code: 'order_not_found' };
  if (bought.refused) return { code: 'order_not_completed', status: 'refused' };
  if (bought.undoneBy !== undefined) return { code: 'order_not_completed', status: 'cancelled' };
  const moved = pages.moves.filter(({ group }) => group === bought.id);
  for (const [index, { from, to, amount }] of moved.entries()) {
    const id = following(command.transferId, index);
    const because = pages.move({ id, from: to, to: from, amount, group: command.id });
    if (because) return because;
  }
  pages.groups.push(command.id);
  pages.purchases[pages.purchases.indexOf(bought)] = { ...bought, undoneBy: command.id };
  return undefined;
}
