import type { Refusal } from '../../refusal.ts';
import type { LocalTransfer } from '../local-transfers.ts';

interface SmallAccount {
  balance: bigint;
  debitsPending: bigint;
  creditsPending: bigint;
  /** How far below zero the available amount may go. */
  readonly creditLimit: bigint;
  readonly balanceMax: bigint;
  /** Written below a limit because a promise had been forgotten; from then on nothing is claimed. */
  isFlagged: boolean;
}

/** As much of a bank's ledger as the protocol needs: accounts with limits, and holds with owners. */
export class SmallLedger {
  readonly accounts = new Map<string, SmallAccount>();
  readonly holds = new Map<string, readonly LocalTransfer[]>();

  open(id: string, balance: bigint, creditLimit: bigint, balanceMax: bigint): void {
    this.accounts.set(id, {
      balance,
      debitsPending: 0n,
      creditsPending: 0n,
      creditLimit,
      balanceMax,
      isFlagged: false,
    });
  }

  copy(): SmallLedger {
    const copy = new SmallLedger();
    for (const [id, account] of this.accounts) copy.accounts.set(id, { ...account });
    for (const [owner, transfers] of this.holds) copy.holds.set(owner, transfers);
    return copy;
  }

  /** Places all or none; undefined when they stand. */
  hold(owner: string, transfers: readonly LocalTransfer[]): Refusal | 'funds_held' | undefined {
    if (this.holds.has(owner)) throw new Error(`${owner} holds already`);
    const refusal = this.#refusalOf(transfers);
    if (refusal !== undefined) return refusal;
    for (const { from, to, amount } of transfers) {
      this.#account(from).debitsPending += amount;
      this.#account(to).creditsPending += amount;
    }
    this.holds.set(owner, transfers);
    return undefined;
  }

  capture(owner: string): void {
    this.#post(this.#unhold(owner));
  }

  release(owner: string): void {
    this.#unhold(owner);
  }

  /** Without asking for limits. */
  post(transfers: readonly LocalTransfer[]): void {
    this.#post(transfers);
    for (const { from, to } of transfers) {
      this.#account(from).isFlagged = true;
      this.#account(to).isFlagged = true;
    }
  }

  /** Local work that no other bank hears of. */
  transfer(from: string, to: string, amount: bigint): void {
    const transfer = { leg: 0, from, to, amount, asset: '', consent: null };
    if (this.#refusalOf([transfer]) === undefined) this.#post([transfer]);
  }

  /** What I2 doesn't allow; undefined when all is well. */
  brokenLimit(): string | undefined {
    for (const [id, account] of this.accounts) {
      const { balance, debitsPending, creditsPending, creditLimit, balanceMax } = account;
      if (debitsPending < 0n || creditsPending < 0n) return `${id} has negative pendings`;
      if (account.isFlagged) continue;
      if (balance - debitsPending + creditLimit < 0n) return `${id} is below its limit`;
      if (balance + creditsPending > balanceMax) return `${id} is promised more than it may have`;
    }
    return undefined;
  }

  #refusalOf(transfers: readonly LocalTransfer[]): Refusal | 'funds_held' | undefined {
    const debits = new Map<string, bigint>();
    const credits = new Map<string, bigint>();
    for (const { from, to, amount } of transfers) {
      debits.set(from, (debits.get(from) ?? 0n) + amount);
      credits.set(to, (credits.get(to) ?? 0n) + amount);
    }
    let isHeld = false;
    for (const [id, amount] of debits) {
      const account = this.accounts.get(id);
      if (account === undefined) return { code: 'account_not_found', account: id };
      const posted = account.balance + account.creditLimit;
      if (posted < amount) return { code: 'insufficient_funds', account: id };
      if (posted - account.debitsPending < amount) isHeld = true;
    }
    for (const [id, amount] of credits) {
      const account = this.accounts.get(id);
      if (account === undefined) return { code: 'account_not_found', account: id };
      if (account.balance + account.creditsPending + amount > account.balanceMax) {
        return { code: 'balance_out_of_range', account: id };
      }
    }
    return isHeld ? 'funds_held' : undefined;
  }

  #unhold(owner: string): readonly LocalTransfer[] {
    const transfers = this.holds.get(owner);
    if (transfers === undefined) throw new Error(`${owner} holds nothing`);
    this.holds.delete(owner);
    for (const { from, to, amount } of transfers) {
      this.#account(from).debitsPending -= amount;
      this.#account(to).creditsPending -= amount;
    }
    return transfers;
  }

  #post(transfers: readonly LocalTransfer[]): void {
    for (const { from, to, amount } of transfers) {
      this.#account(from).balance -= amount;
      this.#account(to).balance += amount;
    }
  }

  #account(id: string): SmallAccount {
    const account = this.accounts.get(id);
    if (account === undefined) throw new Error(`no account ${id}`);
    return account;
  }
}
