import { Pace } from '../pace.ts';
import { BATCH, type Claim, type Standing } from './home.ts';
import type { RegisterLimits } from './limits.ts';
import type { Creation, RegisterAnswer, RegisterUnavailable } from './register.ts';

type Answer = RegisterAnswer<Creation>;
type SendBatch = (
  claims: readonly Claim[],
  endsAt: number,
) => Promise<RegisterAnswer<readonly Standing[]>>;

interface Waiting {
  readonly claim: Claim;
  readonly endsAt: number;
  readonly settle: (answer: Answer) => void;
  readonly timer: NodeJS.Timeout;
  /** Not sent yet: a deadline that passes now has no effect to fear. */
  isQueued: boolean;
}

/** For each transaction of the register the bank keeps its position in a transaction of its own. */
const CADENCE = { longestMs: 60, times: 3, few: 1, many: 8, plenty: 64 };

/**
 * Gathers creates that come while others are under way into one transaction, as the engine gathers a
 * block: alone a create travels at once, under load they keep a distance and many travel together.
 */
export class CreateLane {
  readonly #send: SendBatch;
  readonly #limits: RegisterLimits;
  #queue: Waiting[] = [];
  #queueBytes = 0;
  #batches = 0;
  readonly #pace = new Pace(CADENCE);

  constructor(send: SendBatch, limits: RegisterLimits) {
    this.#send = send;
    this.#limits = limits;
  }

  /** Settles by `endsAt` (on the clock of `performance.now()`). */
  submit(claim: Claim, endsAt: number): Promise<Answer> {
    const bytes = bytesOf(claim);
    const isFull =
      this.#queue.length >= this.#limits.queueClaimsMax ||
      this.#queueBytes + bytes > this.#limits.queueBytesMax;
    if (isFull) {
      return Promise.resolve(unavailable('none', 'too many creates wait for the register'));
    }
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const timer = setTimeout(() => this.#expire(waiting), Math.max(0, endsAt - performance.now()));
    const waiting: Waiting = { claim, endsAt, settle: resolve, timer, isQueued: true };
    this.#queue.push(waiting);
    this.#queueBytes += bytes;
    // What is submitted in this same turn travels along.
    queueMicrotask(() => this.#sendNext());
    return promise;
  }

  #expire(waiting: Waiting): void {
    if (waiting.isQueued) {
      this.#queue = this.#queue.filter((other) => other !== waiting);
      this.#queueBytes -= bytesOf(waiting.claim);
    }
    const effect = waiting.isQueued ? 'none' : 'unknown';
    waiting.settle(unavailable(effect, 'the register did not answer by the deadline'));
  }

  #sendNext(): void {
    while (this.#queue.length > 0 && this.#batches < this.#limits.batchesMax) {
      if (!this.#pace.mayStart(this.#queue.length, () => this.#sendNext())) return;
      const batch = this.#takeBatch();
      this.#batches += 1;
      this.#sendBatch(batch, this.#pace.start(batch.length));
    }
  }

  /** A transaction of etcd can put a key only once: a second claim of it waits for the next batch. */
  #takeBatch(): readonly Waiting[] {
    const keys = new Set<string>();
    const batch: Waiting[] = [];
    let bytes = 0;
    const left: Waiting[] = [];
    for (const waiting of this.#queue) {
      const { key } = waiting.claim;
      const fits =
        batch.length < BATCH.claimsMax && bytes + bytesOf(waiting.claim) <= BATCH.bytesMax;
      if (!fits || keys.has(key)) {
        left.push(waiting);
        continue;
      }
      keys.add(key);
      bytes += bytesOf(waiting.claim);
      waiting.isQueued = false;
      batch.push(waiting);
    }
    this.#queue = left;
    this.#queueBytes -= bytes;
    return batch;
  }

  #sendBatch(batch: readonly Waiting[], end: () => void): void {
    const claims = batch.map(({ claim }) => claim);
    const endsAt = Math.max(...batch.map((waiting) => waiting.endsAt));
    // The batch ends by then itself, and knows why; only the more impatient need their own clock.
    for (const waiting of batch) if (waiting.endsAt === endsAt) clearTimeout(waiting.timer);
    const settle = (answer: RegisterAnswer<readonly Standing[]>) => {
      end();
      this.#settleBatch(batch, answer);
    };
    // A rejection is a defect; yet no caller may wait for ever.
    this.#send(claims, endsAt).then(settle, (error: unknown) =>
      settle(unavailable('unknown', String(error))),
    );
  }

  #settleBatch(batch: readonly Waiting[], answer: RegisterAnswer<readonly Standing[]>): void {
    for (const [index, waiting] of batch.entries()) {
      clearTimeout(waiting.timer);
      waiting.settle(answerFor(waiting.claim, answer, index));
    }
    this.#batches -= 1;
    this.#sendNext();
  }
}

function answerFor(
  claim: Claim,
  answer: RegisterAnswer<readonly Standing[]>,
  index: number,
): Answer {
  if (answer.kind !== 'answered') return answer;
  const standing = answer.result[index];
  if (standing === undefined) return unavailable('unknown', 'an answer without this claim');
  return { ...answer, result: creationOf(claim, standing) };
}

function creationOf(claim: Claim, standing: Standing): Creation {
  if (standing.kind === 'below_floor') return standing;
  const { tag, key, value, revision } = standing.entry;
  return { kind: tag === claim.tag ? 'created' : 'stands', entry: { key, value, revision } };
}

function bytesOf({ key, value }: Claim): number {
  return 2 * key.length + value.length + 256;
}

function unavailable(effect: 'none' | 'unknown', reason: string): RegisterUnavailable {
  return { kind: 'register_unavailable', effect, reason };
}
