import type { Condition } from './command.ts';
import type { Refusal } from './refusal.ts';

// What the model of the rules writes down, and the questions that it answers by reading all of it.

export interface Opening {
  readonly name: string;
  readonly unit: string;
  readonly overdraft: bigint | null;
  readonly ceiling: bigint | null;
  readonly state: 'open' | 'frozen' | 'closed';
}

export interface Good {
  readonly sku: string;
  readonly name: string;
  readonly price: bigint;
  readonly unit: string;
  readonly seller: string | null;
  readonly edition: number;
}

export interface Route {
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
}

export interface Move extends Route {
  readonly id: string;
  /** The transaction, order, captured group or cancellation that it belongs to. */
  readonly group: string | null;
  /** The earlier move that it takes back. */
  readonly undoes?: string;
}

export interface Purchase {
  readonly id: string;
  readonly refused: boolean;
  readonly paid: bigint;
  /** The group of moves that took it back. */
  readonly undoneBy?: string;
}

export interface Promised {
  readonly id: string;
  readonly routes: readonly Route[];
  readonly until: number;
  /** null: nothing yet. */
  readonly became: 'captured' | 'released' | 'expired' | null;
}

/** Somebody's turn to write an account alone: wished for, had, and over. */
export interface Turn {
  readonly id: string;
  readonly account: string;
  readonly seconds: number;
  readonly patientUntil: number;
  /** Number of the event that let it begin; null: not yet. */
  readonly token: number | null;
  readonly until: number;
  readonly isGivenBack: boolean;
}

/** When a command is answered. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The number that its event gets. */
  readonly seq: number;
}

/** The largest sum on an ordinary account, and on `cash:`. */
export const SUM_MAX = 9007199254740991n;
const CASH_MAX = 4611686018427387904n;

export class Pages {
  readonly openings: Opening[] = [];
  readonly goods: Good[] = [];
  readonly moves: Move[] = [];
  readonly groups: string[] = [];
  readonly purchases: Purchase[] = [];
  readonly promises: Promised[] = [];
  readonly turns: Turn[] = [];
  /** Each time that it changed whose turn it is, or until when: that account. */
  readonly handovers: { readonly account: string; readonly turn: string | null }[] = [];
  /** The name of a place, each time that anything else about it changed but by a move. */
  readonly touched: string[] = [];
  readonly amountMax: bigint;
  moment: Moment = { at: 0, seq: 0 };
  tokens: readonly number[] = [];

  constructor(amountMax: bigint) {
    this.amountMax = amountMax;
  }

  /** Lets everything written since be unwritten. */
  keep(): () => void {
    const undo = this.lists().map((list) => undoing(list));
    return () => undo.forEach((put) => put());
  }

  private lists(): readonly unknown[][] {
    const { openings, goods, moves, groups, purchases } = this;
    const { promises, turns, handovers, touched } = this;
    return [openings, goods, moves, groups, purchases, promises, turns, handovers, touched];
  }

  /** What came in less what went out, in the moves up to and with the one of this index. */
  worth(name: string, last = this.moves.length - 1): bigint {
    return this.moves.reduce((sum, move, index) => {
      if (index > last) return sum;
      if (move.to === name) return sum + move.amount;
      return move.from === name ? sum - move.amount : sum;
    }, 0n);
  }

  /** What open promises will take from the place, or bring to it. */
  promised(name: string, side: 'from' | 'to'): bigint {
    return this.promises
      .filter(({ became }) => became === null)
      .flatMap(({ routes }) => routes)
      .reduce((sum, route) => (route[side] === name ? sum + route.amount : sum), 0n);
  }

  /** Rises with every move and every other change. */
  version(name: string): number {
    const moved = this.moves.filter(({ from, to }) => from === name || to === name);
    const handed = this.handovers.filter(({ account }) => account === name);
    const touched = this.touched.filter((one) => one === name);
    return 1 + moved.length + handed.length + touched.length;
  }

  /** The name of every place where something can lie. */
  places(): readonly string[] {
    const currencies = new Set(this.openings.map(({ unit }) => `cash:${codeOf(unit)}`));
    const shelves = this.goods.flatMap(({ sku }) =>
      ['received', 'stock', 'sold', 'written-off'].map((shelf) => `${shelf}:${sku}`),
    );
    return [...this.openings.map(({ name }) => name), ...currencies, ...shelves];
  }

  opening(account: string): Opening | undefined {
    return this.openings.find(({ name }) => name === account);
  }

  good(wanted: string): Good | undefined {
    return this.goods.find(({ sku }) => sku === wanted);
  }

  /** Whose turn it is; undefined: nobody's. */
  turn(account: string): Turn | undefined {
    const { at } = this.moment;
    return this.turns.find(
      (one) => one.account === account && one.token !== null && !one.isGivenBack && at < one.until,
    );
  }

  /** Writes the move down if it may be. */
  move(move: Move, condition: Condition | null = null): Refusal | undefined {
    const because = this.reason(move, condition);
    if (because === undefined) this.moves.push(move);
    return because;
  }

  /** Why so much may not go this way. */
  reason(route: Route, condition: Condition | null = null): Refusal | undefined {
    const { from, to } = route;
    const { version = null, balanceAtLeast = null } = condition ?? {};
    if (version !== null && version !== this.version(from)) {
      return { code: 'condition_failed', condition: 'ifVersion' };
    }
    if (balanceAtLeast !== null && this.worth(from) < balanceAtLeast) {
      return { code: 'condition_failed', condition: 'ifBalanceAtLeast' };
    }
    if (from === to) return { code: 'same_account' };
    const units = [from, to].map((name) => this.opening(name)?.unit);
    if (units.every((unit) => unit !== undefined) && units[0] !== units[1]) {
      return { code: 'asset_mismatch' };
    }
    return this.reasonToStay(route) ?? this.reasonToStayAway(route);
  }

  private reasonToStay({ from, amount }: Route): Refusal | undefined {
    if (this.opening(from)?.state === 'frozen') return { code: 'account_frozen', account: from };
    const because = this.reasonForBoth(from);
    if (because) return because;
    const left = this.worth(from) - this.promised(from, 'from') - amount;
    const overdraft = this.overdraft(from);
    if (overdraft === null) {
      return left < -most(from) ? { code: 'balance_out_of_range', account: from } : undefined;
    }
    return left < -overdraft ? { code: 'insufficient_funds', account: from } : undefined;
  }

  private reasonToStayAway({ to, amount }: Route): Refusal | undefined {
    const because = this.reasonForBoth(to);
    if (because) return because;
    return this.worth(to) + this.promised(to, 'to') + amount > this.room(to)
      ? { code: 'balance_out_of_range', account: to }
      : undefined;
  }

  private reasonForBoth(name: string): Refusal | undefined {
    if (this.opening(name)?.state === 'closed') return { code: 'account_closed', account: name };
    const turn = this.turn(name);
    if (turn === undefined || this.tokens.some((token) => token === turn.token)) return undefined;
    return { code: 'account_leased', account: name };
  }

  /** How high the worth of a place may get. */
  room(name: string): bigint {
    const highest = most(name) - (this.overdraft(name) ?? 0n);
    const ceiling = this.opening(name)?.ceiling ?? highest;
    return ceiling < highest ? ceiling : highest;
  }

  overdraft(name: string): bigint | null {
    if (name.startsWith('cash:') || name.startsWith('received:')) return null;
    const opening = this.opening(name);
    return opening === undefined ? 0n : opening.overdraft;
  }

  unusable(account: string): Refusal | undefined {
    if (ownedByTheBank(account)) return { code: 'system_account', account };
    return this.opening(account) ? undefined : { code: 'account_not_found', account };
  }

  badAmount({ amount }: { amount: bigint }): Refusal | undefined {
    if (amount < 1n || amount > this.amountMax) return { code: 'amount_out_of_range' };
    return undefined;
  }

  moveTaken(wanted: string): boolean {
    return this.moves.some(({ id }) => id === wanted);
  }

  groupTaken(wanted: string): boolean {
    return this.groups.includes(wanted) || this.purchases.some(({ id }) => id === wanted);
  }
}

function undoing(list: unknown[]): () => void {
  const before = [...list];
  return () => void list.splice(0, list.length, ...before);
}

function most(name: string): bigint {
  return name.startsWith('cash:') ? CASH_MAX : SUM_MAX;
}

export function codeOf(unit: string): string {
  return unit.split('/')[0] ?? '';
}

export function ownedByTheBank(account: string): boolean {
  const [owner] = account.split(':');
  return account.includes(':') && owner !== undefined && OWNED.includes(owner);
}

const OWNED = ['cash', 'peer', 'stock', 'sold', 'received', 'written-off', 'adjustment'];
