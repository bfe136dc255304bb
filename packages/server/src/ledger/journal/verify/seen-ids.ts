import { hash } from 'node:crypto';

const SHARDS = 256;
const SHARD_SLOTS_MIN = 64;
const FILL_MAX = 0.75;

/**
 * Remembers tens of millions of ids in 64 bits each: the first eight bytes of their SHA-256. It never
 * misses a repetition; that two of 10^7 different ids look alike happens once in 300 000 runs.
 */
export class SeenIds {
  readonly #shards = Array.from({ length: SHARDS }, () => new Shard());

  /** False when the id was added before. */
  add(id: string): boolean {
    const digest = hash('sha256', id, 'buffer');
    const shard = this.#shards[digest[8] ?? 0];
    // Zero marks a free slot.
    const fingerprint = digest.readBigUInt64LE(0) || 1n;
    return shard?.add(fingerprint, digest.readUInt32LE(0)) ?? false;
  }
}

/** An open-addressing table that doubles; growing one of 256 copies little at a time. */
class Shard {
  #slots = new BigUint64Array(SHARD_SLOTS_MIN);
  #count = 0;

  add(fingerprint: bigint, start: number): boolean {
    if (this.#count >= this.#slots.length * FILL_MAX) this.#grow();
    const index = slotOf(this.#slots, fingerprint, start);
    if (this.#slots[index] === fingerprint) return false;
    this.#slots[index] = fingerprint;
    this.#count += 1;
    return true;
  }

  #grow(): void {
    const larger = new BigUint64Array(this.#slots.length * 2);
    for (const fingerprint of this.#slots) {
      if (fingerprint === 0n) continue;
      const start = Number(fingerprint & 0xffff_ffffn);
      larger[slotOf(larger, fingerprint, start)] = fingerprint;
    }
    this.#slots = larger;
  }
}

/** Where the fingerprint stands, or the free slot for it. The length is a power of two. */
function slotOf(slots: BigUint64Array, fingerprint: bigint, start: number): number {
  const mask = slots.length - 1;
  let index = start & mask;
  while (slots[index] !== 0n && slots[index] !== fingerprint) index = (index + 1) & mask;
  return index;
}
