import type { Consent, CrossBankRecord } from '@lastro/core';
import type { ConsortiumRows, StoredNonce } from '../store/row-types.ts';
import { presentIn, type LoadedFacts } from './loaded-facts.ts';
import type { RowCache } from './row-cache.ts';

/** A nonce is used once by each key. A key's id has no space in it. */
export function nonceKey({ keyId, value }: Pick<StoredNonce, 'keyId' | 'value'>): string {
  return `${keyId} ${value}`;
}

/** What one block sees and changes of cross-bank transactions, consents and nonces. */
export class BlockConsortium {
  readonly #facts: LoadedFacts;
  readonly #cache: RowCache;
  readonly #spentBefore: ReadonlySet<string>;
  readonly #crossBanks = new Map<string, CrossBankRecord>();
  readonly #consents = new Map<string, Consent>();
  readonly #nonces = new Map<string, StoredNonce>();

  constructor(facts: LoadedFacts, cache: RowCache, spentBefore: ReadonlySet<string>) {
    this.#facts = facts;
    this.#cache = cache;
    this.#spentBefore = spentBefore;
  }

  crossBank(id: string): CrossBankRecord | undefined {
    return this.#crossBanks.get(id) ?? this.#crossBankBefore(id);
  }

  consent(id: string): Consent | undefined {
    const inBlock = this.#consents.get(id);
    if (inBlock !== undefined) return inBlock;
    const known = this.#facts.consents.get(id);
    if (known === undefined) throw new Error(`the consent ${id} was not loaded`);
    return presentIn(known);
  }

  putCrossBank(record: CrossBankRecord): void {
    this.#crossBanks.set(record.id, record);
  }

  putConsent(consent: Consent): void {
    this.#consents.set(consent.id, consent);
  }

  isSpent(nonce: StoredNonce): boolean {
    const key = nonceKey(nonce);
    return this.#nonces.has(key) || this.#spentBefore.has(key);
  }

  spend(nonce: StoredNonce): void {
    this.#nonces.set(nonceKey(nonce), nonce);
  }

  /** The records that the block made or moved on. */
  get changed(): Iterable<CrossBankRecord> {
    return this.#crossBanks.values();
  }

  rows(): ConsortiumRows {
    const begun: CrossBankRecord[] = [];
    const moved: CrossBankRecord[] = [];
    const settled: CrossBankRecord[] = [];
    for (const record of this.#crossBanks.values()) {
      const before = this.#crossBankBefore(record.id);
      if (before === undefined) begun.push(record);
      else if (isSettledSince(before, record)) settled.push(record);
      else moved.push(record);
    }
    return {
      begun,
      moved,
      settled,
      consents: [...this.#consents.values()],
      nonces: [...this.#nonces.values()],
    };
  }

  #crossBankBefore(id: string): CrossBankRecord | undefined {
    const known = this.#cache.crossBanks.get(id) ?? this.#facts.crossBanks.get(id);
    if (known === undefined) throw new Error(`the transaction ${id} was not loaded`);
    return presentIn(known);
  }
}

/** What was decided before can only become settled. */
function isSettledSince(before: CrossBankRecord, { durable }: CrossBankRecord): boolean {
  return before.durable.is === durable.is && 'settled' in durable && durable.settled;
}
