import type { Account } from '@lastro/core';
import type { StoredAccount } from '../store/row-types.ts';
import {
  createGenerationalCache,
  type Generation,
  type GenerationalCache,
} from './generational-cache.ts';
import type { Known } from './row-cache.ts';

/** What seldom changes and is the same for many accounts: kept once for all of them. */
type Form = Omit<Account, 'id' | keyof Sums | 'version' | 'createdAt'>;

type Sums = Pick<Account, 'debitsPosted' | 'creditsPosted' | 'debitsPending' | 'creditsPending'>;

/** In place of a row. */
const ABSENT = -1;

const SUMS = 4;
const COUNTS = 3;
const PLACES_FIRST = 1_024;

/** With how many forms an account is compared before it gets one of its own. */
const FORMS_COMPARED = 4;

/** Rows of accounts; every look makes a new object. */
export function createAccountCache(
  generationSize: number,
): GenerationalCache<Known<StoredAccount>> {
  return createGenerationalCache(generationSize, () => new PackedAccounts());
}

/**
 * What stands in a row is numbers in plain memory. A row that every block replaces would be an object
 * that the collector moves about and soon finds dead; here it is written over, and hundreds of
 * thousands of rows are nothing that a collection has to look at.
 */
class PackedAccounts implements Generation<Known<StoredAccount>> {
  readonly #places = new Map<string, number>();
  #forms: Form[] = [];
  #sums = new BigInt64Array(PLACES_FIRST * SUMS);
  /** Version, internal number, and when it was opened. */
  #counts = new Float64Array(PLACES_FIRST * COUNTS);
  /** The newest first. */
  #recent: readonly Form[] = [];

  get size(): number {
    return this.#places.size;
  }

  has(id: string): boolean {
    return this.#places.has(id);
  }

  get(id: string): Known<StoredAccount> | undefined {
    const place = this.#places.get(id);
    if (place === undefined) return undefined;
    return place === ABSENT ? 'absent' : this.#read(id, place);
  }

  set(id: string, value: Known<StoredAccount>): void {
    if (value === 'absent') {
      this.#places.set(id, ABSENT);
      return;
    }
    const known = this.#places.get(id) ?? ABSENT;
    const place = known === ABSENT ? this.#forms.length : known;
    if (place !== known) this.#places.set(id, place);
    this.#write(place, value);
  }

  /** Keeps its memory: the next one needs as much. */
  clear(): void {
    this.#places.clear();
    this.#forms = [];
    this.#recent = [];
  }

  #read(id: string, place: number): StoredAccount {
    const sums = this.#sums;
    const sum = place * SUMS;
    const counts = this.#counts;
    const count = place * COUNTS;
    const form = this.#forms[place];
    if (form === undefined) throw new Error(`account ${id} has a place and no form`);
    return {
      number: whole(counts[count + 1]),
      account: {
        id,
        asset: form.asset,
        debitsPosted: sums[sum] ?? 0n,
        creditsPosted: sums[sum + 1] ?? 0n,
        debitsPending: sums[sum + 2] ?? 0n,
        creditsPending: sums[sum + 3] ?? 0n,
        creditLimit: form.creditLimit,
        maximumBalance: form.maximumBalance,
        status: form.status,
        leaseToken: form.leaseToken,
        leaseUntil: form.leaseUntil,
        isRebuilt: form.isRebuilt,
        version: whole(counts[count]),
        createdAt: counts[count + 2] ?? 0,
        metadata: form.metadata,
      },
    };
  }

  #write(place: number, { number, account }: StoredAccount): void {
    this.#makeRoomFor(place);
    this.#sums[place * SUMS] = account.debitsPosted;
    this.#sums[place * SUMS + 1] = account.creditsPosted;
    this.#sums[place * SUMS + 2] = account.debitsPending;
    this.#sums[place * SUMS + 3] = account.creditsPending;
    this.#counts[place * COUNTS] = account.version;
    this.#counts[place * COUNTS + 1] = number;
    this.#counts[place * COUNTS + 2] = account.createdAt;
    const before = this.#forms[place];
    if (before === undefined || !isLike(before, account)) {
      this.#forms[place] = this.#formOf(account);
    }
  }

  #makeRoomFor(place: number): void {
    if ((place + 1) * SUMS <= this.#sums.length) return;
    const [sums, counts] = [this.#sums, this.#counts];
    this.#sums = new BigInt64Array(sums.length * 2);
    this.#sums.set(sums);
    this.#counts = new Float64Array(counts.length * 2);
    this.#counts.set(counts);
  }

  #formOf(account: Account): Form {
    const alike = this.#recent.find((form) => isLike(form, account));
    if (alike !== undefined) return alike;
    const { asset, creditLimit, maximumBalance, status, leaseToken, leaseUntil } = account;
    const { isRebuilt, metadata } = account;
    const limits = { creditLimit, maximumBalance };
    const form: Form = { asset, ...limits, status, leaseToken, leaseUntil, isRebuilt, metadata };
    this.#recent = [form, ...this.#recent].slice(0, FORMS_COMPARED);
    return form;
  }
}

function isLike(form: Form, account: Account): boolean {
  return (
    form.asset === account.asset &&
    form.creditLimit === account.creditLimit &&
    form.maximumBalance === account.maximumBalance &&
    form.status === account.status &&
    form.leaseToken === account.leaseToken &&
    form.leaseUntil === account.leaseUntil &&
    form.isRebuilt === account.isRebuilt &&
    form.metadata === account.metadata
  );
}

/** A small whole number is none that needs a place of its own in memory, if V8 is told so. */
function whole(count = 0): number {
  const small = count | 0;
  return small === count ? small : count;
}
