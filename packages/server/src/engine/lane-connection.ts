import { describeFault } from '../store/database-error.ts';
import type { Writer } from '../store/writer.ts';

/** How soon a clock that went off, or a PostgreSQL that was set read-only, is noticed. */
const CLOCK_CHECK_EVERY_MS = 5_000;

export interface LaneConnectionParts {
  /** Connects the writer; rejects when the database is away. */
  readonly connect: () => Promise<Writer>;
  readonly limits: { readonly clockSkewMaxMs: number };
  readonly onAlarm: (message: string) => void;
}

/** The connection that a lane writes on: made when it is needed, and anew once it is lost. */
export class LaneConnection {
  readonly #parts: LaneConnectionParts;
  readonly #onNew: () => void;
  #writer: Writer | undefined;
  #clockCheckedAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  /** `onNew`: nothing that was read on an earlier connection is worth anything. */
  constructor(parts: LaneConnectionParts, onNew: () => void) {
    this.#parts = parts;
    this.#onNew = onNew;
  }

  /** Rejects when the database is away. */
  async open(): Promise<Writer> {
    if (this.#writer?.isOpen === true) return this.#writer;
    await this.drop();
    this.#onNew();
    this.#clockCheckedAt = Number.NEGATIVE_INFINITY;
    if (this.#isClosed) throw new Error('the lane was closed');
    const writer = await this.#parts.connect();
    this.#writer = writer;
    if (this.#isClosed) {
      await this.drop();
      throw new Error('the lane was closed');
    }
    return writer;
  }

  /** The next one is made anew. */
  async drop(): Promise<void> {
    const writer = this.#writer;
    this.#writer = undefined;
    if (writer === undefined) return;
    try {
      await writer.close();
    } catch (error) {
      this.#parts.onAlarm(`closing the writer failed: ${describeFault(error)}`);
    }
  }

  /** For good: one that is being made is closed as soon as it stands. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.drop();
  }

  /** Ends a transaction that wrote nothing; where that fails, its connection ends with it. */
  async rollBack(writer: Writer): Promise<void> {
    try {
      await writer.rollback();
    } catch {
      await this.drop();
    }
  }

  /** Whether the database's clock and ours are too far apart; looks every 5 s. Rejects where it is read-only. */
  async isClockOff(writer: Writer): Promise<boolean> {
    const now = performance.now();
    if (now - this.#clockCheckedAt < CLOCK_CHECK_EVERY_MS) return false;
    await Promise.all([writer.refuseReadOnly(), writer.forgetPlans()]);
    const skewMs = await writer.clockSkewMs();
    if (Math.abs(skewMs) > this.#parts.limits.clockSkewMaxMs) {
      this.#parts.onAlarm(`the database's clock is ${skewMs} ms ahead of this process's`);
      return true;
    }
    this.#clockCheckedAt = now;
    return false;
  }
}
