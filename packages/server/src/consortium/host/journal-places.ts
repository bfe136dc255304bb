import type { Head } from '../../store/row-types.ts';
import type { Reads } from '../../store/reads.ts';
import type { JournalPlace } from './envelope.ts';

// A bank that is put back from an old copy has forgotten promises, and does not know it. Its peers
// do: each remembers how far the others' journals were, and tells them with every message. Whoever
// hears of a place that its own journal does not have was put back.

interface KnownLife {
  place: JournalPlace;
  /** Milliseconds since 1970: when the place was heard of. */
  at: number;
  isSaved: boolean;
  readonly formerEpochs: Set<string>;
}

/** When a peer last remembered nothing of this bank that it doesn't have. */
interface Agreement {
  /** Milliseconds since 1970, by this bank's clock. */
  readonly at: number;
  readonly savedAt: number;
}

export interface JournalPlacesParts {
  readonly reads: Reads;
  /** Of this process; undefined before its first block. */
  readonly head: () => Head | undefined;
  readonly newEpoch: () => string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** An older agreement is as good: only more would be told than was forgotten. */
const AGREEMENT_SAVED_EVERY_MS = 60_000;

/**
 * What is signed after a place became known may still name an older one: it was written before that, and its
 * signature says only the second. And the clocks of two banks may be half a minute apart.
 */
const OVERTAKEN_MS = 60_000;

export type Heard = 'went_on' | 'went_back';

/** Where this bank's journal is, and where those of its peers are said to be. */
export class JournalPlaces {
  readonly #parts: JournalPlacesParts;
  readonly #lives = new Map<string, KnownLife>();
  /** Of this bank, the newest last. */
  #epochs: string[] = [];
  /** As the database had it when it was last asked: other processes of this bank write, too. */
  #standing: Pick<Head, 'block' | 'hash' | 'seq'> = { block: 0, hash: '', seq: 0 };
  /** Peers that were found to know nothing that this journal doesn't have; it only grows while we run. */
  readonly #agreed = new Map<string, Promise<boolean>>();
  readonly #agreements = new Map<string, Agreement>();

  constructor(parts: JournalPlacesParts) {
    this.#parts = parts;
  }

  /** Reads what was remembered; begins this bank's first life where there is none. */
  async load(): Promise<void> {
    const { reads, clock } = this.#parts;
    await this.#readHead();
    const lives = await reads.rows<{ bank: string; epoch: string; block: bigint; hash: Buffer }>(
      'select bank, epoch::text, block, hash from peer_life order by first_heard_at, epoch',
    );
    const agreements = await reads.rows<{ bank: string; at: number }>(
      'select bank, at from peer_agreement',
    );
    const epochs = await reads.rows<{ epoch: string }>(
      'select epoch::text from bank_life order by number',
    );
    for (const { bank, epoch, block, hash } of lives) {
      const place = { epoch, block: Number(block), hash: hash.toString('hex') };
      // It was heard at some time before now; what is on its way since then proves nothing.
      this.#remember(bank, place, clock(), true);
    }
    for (const { bank, at } of agreements) this.#agreements.set(bank, { at, savedAt: at });
    this.#epochs = epochs.map(({ epoch }) => epoch);
    if (this.#epochs.length === 0) await this.beginLife();
  }

  /** Another life of this journal: from now on peers expect nothing of the one before. */
  async beginLife(): Promise<void> {
    const epoch = this.#parts.newEpoch();
    await this.#parts.reads.inTransaction((change) =>
      change.rows(
        `insert into bank_life (epoch, number)
         select $1, coalesce(max(number), 0) + 1 from bank_life`,
        [epoch],
      ),
    );
    this.#epochs.push(epoch);
  }

  own(): JournalPlace {
    const { block, hash } = this.#newest();
    return { epoch: this.#epochs.at(-1) ?? '', block, hash };
  }

  /** Number of this bank's newest event. */
  ownSeq(): number {
    return this.#newest().seq;
  }

  /** The newest place of a peer's journal that this bank has heard of. */
  seenOf(bank: string): JournalPlace | null {
    return this.#lives.get(bank)?.place ?? null;
  }

  /**
   * Takes note of where a peer says its journal is. Messages overtake each other: only what was signed well
   * after a later place was known can show that it went back.
   * @param signedAt undefined where it doesn't say: then it can't show that
   * @param now milliseconds since 1970
   */
  async hear(
    bank: string,
    place: JournalPlace,
    signedAt: number | undefined,
    now: number,
  ): Promise<Heard> {
    const known = this.#lives.get(bank);
    if (known?.formerEpochs.has(place.epoch) === true) return 'went_back';
    if (known === undefined || known.place.epoch !== place.epoch) {
      this.#remember(bank, place, now, false);
      await this.#save(bank, place);
      return 'went_on';
    }
    const { block, hash } = known.place;
    if (place.block > block) {
      known.place = place;
      known.at = now;
      known.isSaved = false;
      return 'went_on';
    }
    if (place.block === block) return place.hash === hash ? 'went_on' : 'went_back';
    return signedAt !== undefined && signedAt > known.at + OVERTAKEN_MS ? 'went_back' : 'went_on';
  }

  /** Whether this journal has the place that a peer remembers of it. */
  hasBeenAt(bank: string, seen: JournalPlace | null): Promise<boolean> {
    if (seen === null) return Promise.resolve(true);
    if (seen.epoch !== this.#epochs.at(-1)) {
      // Of a life that is over: the message was on its way when this one began.
      return Promise.resolve(this.#epochs.includes(seen.epoch));
    }
    let agreed = this.#agreed.get(bank);
    if (agreed === undefined) {
      agreed = this.#hasBlock(seen);
      this.#agreed.set(bank, agreed);
    }
    return agreed.then(
      (hasIt) => {
        if (hasIt) this.#agree(bank);
        else this.#agreed.delete(bank);
        return hasIt;
      },
      (error: unknown) => {
        this.#agreed.delete(bank);
        throw error;
      },
    );
  }

  /**
   * From when on a peer may know something that this bank has forgotten: before, its memory of this
   * journal was in this journal. Milliseconds since 1970; 0: never.
   */
  agreedAt(bank: string): number {
    return this.#agreements.get(bank)?.at ?? 0;
  }

  #agree(bank: string): void {
    const savedAt = this.#agreements.get(bank)?.savedAt ?? Number.NEGATIVE_INFINITY;
    this.#agreements.set(bank, { at: this.#parts.clock(), savedAt });
  }

  /** Writes down what was heard since the last time, and reads what other processes wrote. */
  async save(): Promise<void> {
    await this.#readHead();
    for (const [bank, life] of this.#lives) {
      if (life.isSaved) continue;
      life.isSaved = true;
      try {
        await this.#save(bank, life.place);
      } catch (error) {
        life.isSaved = false;
        throw error;
      }
    }
    for (const [bank, { at, savedAt }] of this.#agreements) {
      if (at - savedAt < AGREEMENT_SAVED_EVERY_MS) continue;
      await this.#saveAgreement(bank, at);
      this.#agreements.set(bank, { at, savedAt: at });
    }
  }

  async #saveAgreement(bank: string, at: number): Promise<void> {
    await this.#parts.reads.inTransaction((change) =>
      change.rows(
        `insert into peer_agreement (bank, at) values ($1, $2)
         on conflict (bank) do update set at = excluded.at`,
        [bank, new Date(at).toISOString()],
      ),
    );
  }

  #newest(): Pick<Head, 'block' | 'hash' | 'seq'> {
    const own = this.#parts.head();
    return own !== undefined && own.block >= this.#standing.block ? own : this.#standing;
  }

  async #readHead(): Promise<void> {
    const [head] = await this.#parts.reads.rows<{ block: bigint; hash: Buffer; seq: bigint }>(
      'select block, hash, seq from head',
    );
    if (head === undefined) return;
    const { block, hash, seq } = head;
    this.#standing = { block: Number(block), hash: hash.toString('hex'), seq: Number(seq) };
  }

  #remember(bank: string, place: JournalPlace, at: number, isSaved: boolean): void {
    const known = this.#lives.get(bank);
    const formerEpochs = known?.formerEpochs ?? new Set<string>();
    if (known !== undefined) formerEpochs.add(known.place.epoch);
    this.#lives.set(bank, { place, at, isSaved, formerEpochs });
  }

  async #hasBlock({ block, hash }: JournalPlace): Promise<boolean> {
    const [row] = await this.#parts.reads.rows<{ hash: Buffer }>(
      'select hash from block where block = $1',
      [block],
    );
    return row?.hash.toString('hex') === hash;
  }

  async #save(bank: string, { epoch, block, hash }: JournalPlace): Promise<void> {
    await this.#parts.reads.inTransaction((change) =>
      change.rows(
        `insert into peer_life (bank, epoch, block, hash) values ($1, $2, $3, $4)
         on conflict (bank, epoch) do update set block = excluded.block, hash = excluded.hash
         where peer_life.block < excluded.block`,
        [bank, epoch, block, Buffer.from(hash, 'hex')],
      ),
    );
  }
}
