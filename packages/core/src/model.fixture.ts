import type { Command, Envelope, PlaceOrder, TransferRequest } from './command.ts';
import type { Refusal } from './refusal.ts';

// The rules once more, slow and obvious: a notebook of what happened, in which every question is
// answered by reading all of it. It shares nothing with `decide` and `apply` but the types of what
// is asked and refused. When the two differ, read DESIGN sections 2, 4 and 5 to see who is right.

export interface Opening {
  readonly name: string;
  readonly unit: string;
  readonly overdraft: bigint | null;
}

export interface Good {
  readonly sku: string;
  readonly name: string;
  readonly price: bigint;
  readonly unit: string;
  readonly seller: string | null;
  readonly edition: number;
}

export interface Move {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
  /** The transaction or order that it belongs to. */
  readonly group: string | null;
}

export interface Purchase {
  readonly id: string;
  readonly refused: boolean;
  readonly paid: bigint;
}

interface Settled {
  readonly who: string;
  readonly id: string;
  readonly body: string;
}

export type Answer =
  | { readonly is: 'done' }
  | { readonly is: 'refused'; readonly because: Refusal }
  /** Settled before, as the command of this number, counted from 0. */
  | { readonly is: 'repeated'; readonly number: number }
  | { readonly is: 'reused' };

/** The largest sum on an ordinary account, and on `cash:`. */
const SUM_MAX = 9007199254740991n;
const CASH_MAX = 4611686018427387904n;

export class Notebook {
  readonly openings: Opening[] = [];
  readonly goods: Good[] = [];
  readonly moves: Move[] = [];
  readonly groups: string[] = [];
  readonly purchases: Purchase[] = [];
  readonly settled: Settled[] = [];
  readonly amountMax: bigint;

  constructor(amountMax: bigint) {
    this.amountMax = amountMax;
  }

  answer({ principal, id, hash, command }: Envelope): Answer {
    const number = this.settled.findIndex((one) => one.who === principal && one.id === id);
    const earlier = this.settled[number];
    if (earlier !== undefined) {
      return earlier.body === hash ? { is: 'repeated', number } : { is: 'reused' };
    }
    this.settled.push({ who: principal, id, body: hash });
    const lists = [this.moves, this.groups, this.goods, this.purchases, this.openings];
    const before = lists.map((list) => list.length);
    const isTaken = this.isIdTaken(command);
    const because = this.carryOut(command) ?? (isTaken ? { code: 'id_taken' } : undefined);
    if (because === undefined) return { is: 'done' };
    for (const [index, list] of lists.entries()) list.length = before[index] ?? 0;
    if (command.type === 'PlaceOrder' && because.code !== 'id_taken') {
      this.groups.push(command.id);
      this.purchases.push({ id: command.id, refused: true, paid: 0n });
    }
    return { is: 'refused', because };
  }

  /** A command that broke something: it has its answer and no effect. */
  give({ principal, id, hash }: Envelope): void {
    this.settled.push({ who: principal, id, body: hash });
  }

  /** What came in less what went out, in the moves up to and with the one of this index. */
  worth(name: string, last = this.moves.length - 1): bigint {
    return this.moves.slice(0, last + 1).reduce((sum, move) => {
      if (move.to === name) return sum + move.amount;
      return move.from === name ? sum - move.amount : sum;
    }, 0n);
  }

  /** The name of every place where something can lie. */
  places(): readonly string[] {
    const currencies = new Set(this.openings.map(({ unit }) => `cash:${codeOf(unit)}`));
    const shelves = this.goods.flatMap(({ sku }) =>
      ['received', 'stock', 'sold', 'written-off'].map((shelf) => `${shelf}:${sku}`),
    );
    return [...this.openings.map(({ name }) => name), ...currencies, ...shelves];
  }

  private carryOut(command: Command): Refusal | undefined {
    switch (command.type) {
      case 'OpenAccount': {
        const { account, asset, creditLimit } = command;
        if (ownedByTheBank(account)) return { code: 'system_account', account };
        if (asset.startsWith('sku:')) return { code: 'asset_not_allowed' };
        if (creditLimit !== null && !(creditLimit >= 0n && creditLimit <= SUM_MAX)) {
          return { code: 'amount_out_of_range' };
        }
        if (this.opening(account)) return { code: 'account_exists', account };
        if (this.unitIsOtherwise(asset)) return { code: 'asset_scale_conflict' };
        this.openings.push({ name: account, unit: asset, overdraft: creditLimit });
        return undefined;
      }
      case 'PostTransfer':
        return this.transfer(command, null);
      case 'Deposit':
      case 'Withdraw':
        return this.overTheCounter(command);
      case 'PostTransaction': {
        for (const one of command.transfers) {
          const because = this.transfer(one, command.id);
          if (because) return because;
        }
        this.groups.push(command.id);
        return undefined;
      }
      case 'CreateProduct':
        return this.createGood(command);
      case 'ChangeProduct': {
        const good = this.good(command.sku);
        if (!good) return { code: 'product_not_found', sku: command.sku };
        if (good.edition !== command.version) return { code: 'version_conflict' };
        const price = command.price === null ? good.price : command.price;
        if (price < 0n || price > this.amountMax) return { code: 'amount_out_of_range' };
        const name = command.name === null ? good.name : command.name;
        this.goods[this.goods.indexOf(good)] = { ...good, name, price, edition: good.edition + 1 };
        return undefined;
      }
      case 'ReceiveGoods':
      case 'AdjustGoods':
        return this.restock(command);
      case 'PlaceOrder':
        return this.order(command);
    }
  }

  private transfer(asked: TransferRequest, group: string | null): Refusal | undefined {
    for (const account of [asked.from, asked.to]) {
      const because = this.unusable(account);
      if (because) return because;
    }
    return this.badAmount(asked) ?? this.move({ ...asked, group });
  }

  private overTheCounter(
    command: Extract<Command, { type: 'Deposit' | 'Withdraw' }>,
  ): Refusal | undefined {
    const { id, account, amount } = command;
    const because = this.unusable(account) ?? this.badAmount(command);
    if (because) return because;
    const till = `cash:${codeOf(this.opening(account)?.unit ?? '')}`;
    return command.type === 'Deposit'
      ? this.move({ id, from: till, to: account, amount, group: null })
      : this.move({ id, from: account, to: till, amount, group: null });
  }

  private createGood(command: Extract<Command, { type: 'CreateProduct' }>): Refusal | undefined {
    const { sku, name, price, asset, merchant, stock, transferId } = command;
    if (asset.startsWith('sku:')) return { code: 'asset_not_allowed' };
    if ([price, stock].some((amount) => amount < 0n || amount > this.amountMax)) {
      return { code: 'amount_out_of_range' };
    }
    if (this.good(sku)) return { code: 'product_exists', sku };
    if (this.unitIsOtherwise(asset)) return { code: 'asset_scale_conflict' };
    if (!this.openings.some(({ unit }) => unit === asset)) return { code: 'asset_unknown' };
    const because = merchant === null ? undefined : this.unusable(merchant);
    if (because) return because;
    if (merchant !== null && this.opening(merchant)?.unit !== asset) {
      return { code: 'asset_mismatch' };
    }
    this.goods.push({ sku, name, price, unit: asset, seller: merchant, edition: 1 });
    return stock > 0n ? this.shelve(sku, transferId, 'received', 'stock', stock) : undefined;
  }

  private restock(
    command: Extract<Command, { type: 'ReceiveGoods' | 'AdjustGoods' }>,
  ): Refusal | undefined {
    const { type, sku, quantity, transferId } = command;
    const size = type === 'AdjustGoods' && quantity < 0n ? -quantity : quantity;
    if (size < 1n || size > this.amountMax) return { code: 'amount_out_of_range' };
    if (!this.good(sku)) return { code: 'product_not_found', sku };
    if (quantity > 0n) return this.shelve(sku, transferId, 'received', 'stock', size);
    if (this.worth(`stock:${sku}`) < size) return { code: 'insufficient_stock', sku };
    return this.shelve(sku, transferId, 'stock', 'written-off', size);
  }

  private order(command: PlaceOrder): Refusal | undefined {
    const { id, customer, merchant, expectedTotal } = command;
    const skus = [...new Set(command.lines.map(({ sku }) => sku))];
    const wanted = (sku: string) =>
      command.lines.reduce((sum, one) => (one.sku === sku ? sum + one.quantity : sum), 0n);
    const ids = command.transferIds.filter((_, index) => index <= skus.length);
    if (this.groupTaken(id)) return { code: 'id_taken' };
    const because = this.unusable(customer) ?? this.unusable(merchant);
    if (because) return because;
    if (customer === merchant) return { code: 'same_account' };
    const unit = this.opening(merchant)?.unit;
    if (this.opening(customer)?.unit !== unit) return { code: 'asset_mismatch' };
    let total = 0n;
    for (const sku of skus) {
      if (wanted(sku) < 1n || wanted(sku) > this.amountMax) return { code: 'amount_out_of_range' };
      const good = this.good(sku);
      if (!good) return { code: 'product_not_found', sku };
      if (good.seller !== null && good.seller !== merchant) {
        return { code: 'merchant_mismatch', sku };
      }
      if (good.unit !== unit) return { code: 'asset_mismatch' };
      total += good.price * wanted(sku);
    }
    if (total > this.amountMax) return { code: 'amount_out_of_range' };
    if (expectedTotal !== null && expectedTotal !== total) return { code: 'price_changed' };
    for (const sku of skus) {
      if (this.worth(`stock:${sku}`) < wanted(sku)) return { code: 'insufficient_stock', sku };
    }
    const [moneyId = '', ...goodsIds] = ids;
    const unpaid =
      total > 0n
        ? this.move({ id: moneyId, from: customer, to: merchant, amount: total, group: id })
        : undefined;
    if (unpaid) return unpaid;
    for (const [index, sku] of skus.entries()) {
      this.shelve(sku, goodsIds[index] ?? '', 'stock', 'sold', wanted(sku), id);
    }
    this.groups.push(id);
    this.purchases.push({ id, refused: false, paid: total });
    return undefined;
  }

  private shelve(
    sku: string,
    id: string,
    from: string,
    to: string,
    amount: bigint,
    group: string | null = null,
  ): Refusal | undefined {
    return this.move({ id, from: `${from}:${sku}`, to: `${to}:${sku}`, amount, group });
  }

  private badAmount({ amount }: { amount: bigint }): Refusal | undefined {
    if (amount < 1n || amount > this.amountMax) return { code: 'amount_out_of_range' };
    return undefined;
  }

  /** Writes the move down if it may be. */
  private move({ id, from, to, amount, group }: Move): Refusal | undefined {
    if (from === to) return { code: 'same_account' };
    const units = [from, to].map((name) => this.opening(name)?.unit);
    if (units.every((unit) => unit !== undefined) && units[0] !== units[1]) {
      return { code: 'asset_mismatch' };
    }
    const left = this.worth(from) - amount;
    const most = (name: string) => (name.startsWith('cash:') ? CASH_MAX : SUM_MAX);
    const overdraft = this.overdraft(from);
    if (overdraft === null && left < -most(from)) {
      return { code: 'balance_out_of_range', account: from };
    }
    if (overdraft !== null && left < -overdraft) {
      return { code: 'insufficient_funds', account: from };
    }
    if (this.worth(to) + amount + (this.overdraft(to) ?? 0n) > most(to)) {
      return { code: 'balance_out_of_range', account: to };
    }
    this.moves.push({ id, from, to, amount, group });
    return undefined;
  }

  private overdraft(name: string): bigint | null {
    if (name.startsWith('cash:') || name.startsWith('received:')) return null;
    const opening = this.opening(name);
    return opening === undefined ? 0n : opening.overdraft;
  }

  private unusable(account: string): Refusal | undefined {
    if (ownedByTheBank(account)) return { code: 'system_account', account };
    return this.opening(account) ? undefined : { code: 'account_not_found', account };
  }

  private opening(account: string): Opening | undefined {
    return this.openings.find(({ name }) => name === account);
  }

  private good(wanted: string): Good | undefined {
    return this.goods.find(({ sku }) => sku === wanted);
  }

  /** Whether an id that the command would give away is somebody's; a taken order is judged at once. */
  private isIdTaken(command: Command): boolean {
    switch (command.type) {
      case 'PostTransfer':
      case 'Deposit':
      case 'Withdraw':
        return this.moveTaken(command.id);
      case 'PostTransaction': {
        const ids = command.transfers.map(({ id }) => id);
        const repeats = ids.some((id, index) => ids.indexOf(id) !== index);
        return repeats || this.groupTaken(command.id) || ids.some((id) => this.moveTaken(id));
      }
      case 'CreateProduct':
        return command.stock > 0n && this.moveTaken(command.transferId);
      case 'ReceiveGoods':
      case 'AdjustGoods':
        return this.moveTaken(command.transferId);
      case 'PlaceOrder': {
        const skus = new Set(command.lines.map(({ sku }) => sku));
        return command.transferIds.slice(0, skus.size + 1).some((id) => this.moveTaken(id));
      }
      case 'OpenAccount':
      case 'ChangeProduct':
        return false;
    }
  }

  private moveTaken(wanted: string): boolean {
    return this.moves.some(({ id }) => id === wanted);
  }

  private groupTaken(wanted: string): boolean {
    return this.groups.includes(wanted) || this.purchases.some(({ id }) => id === wanted);
  }

  private unitIsOtherwise(asset: string): boolean {
    return this.openings.some(({ unit }) => codeOf(unit) === codeOf(asset) && unit !== asset);
  }
}

function codeOf(unit: string): string {
  return unit.split('/')[0] ?? '';
}

function ownedByTheBank(account: string): boolean {
  const [owner] = account.split(':');
  return account.includes(':') && owner !== undefined && OWNED.includes(owner);
}

const OWNED = ['cash', 'peer', 'stock', 'sold', 'received', 'written-off', 'adjustment'];
