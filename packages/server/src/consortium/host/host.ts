import { consortium } from '@lastro/core';
import { describeFault } from '../../store/database-error.ts';
import { readPatiently } from '../../store/read-patiently.ts';
import type {
  BeginAnswer,
  BeginRequest,
  CrossBankHost,
  CrossBankView,
} from '../../http/cross-bank-host.ts';
import { viewOf } from '../../http/cross-bank/view.ts';
import type { Nonce } from '../messages/nonces.ts';
import type { PeerDirectory } from '../peers/peer-directory.ts';
import type { Clients } from './clients.ts';
import type { Driver } from './driver.ts';
import { encodeMessages, type Envelope, type ReportsWanted } from './envelope.ts';
import type { Exchange } from './exchange.ts';
import type { HostStatistics } from './host-statistics.ts';
import type { JournalPlaces } from './journal-places.ts';
import type { HostLimits } from './limits.ts';
import type { Addressed } from './message-text.ts';
import type { PeerLanes } from './peer-lanes.ts';
import type { QueuedRequests } from './queued-requests.ts';
import { reportsFor, type Reconciliation } from './reconciliation.ts';
import { pagesOf, type Records } from './records.ts';
import type { RegisterGuard } from './register-guard.ts';
import type { Removal } from './removal.ts';
import type { Reply } from './track.ts';
import { verifiedMessage, type IsYes } from './verified.ts';
import { within } from './within.ts';
import type { Promised } from './yes-signature.ts';

export interface BankHostParts {
  readonly bank: string;
  readonly driver: Driver;
  readonly lanes: PeerLanes;
  readonly clients: Clients;
  readonly queue: Pick<QueuedRequests, 'has'>;
  readonly exchange: Exchange;
  readonly places: JournalPlaces;
  readonly register: RegisterGuard;
  readonly reconciliation: Reconciliation;
  readonly removal: Removal;
  readonly records: Records;
  readonly peers: PeerDirectory;
  /** This bank's yes to each. */
  readonly signYeses: (promised: readonly Promised[]) => readonly string[];
  readonly isYes: IsYes;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly limits: HostLimits;
  readonly statistics: HostStatistics;
  readonly onAlarm: (message: string) => void;
}

const SAVE_PLACES_MS = 1_000;

/** One bank's side of every cross-bank transaction. */
export class BankHost implements CrossBankHost {
  readonly statistics: HostStatistics;
  readonly #parts: BankHostParts;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #jobs = new Set<Promise<void>>();
  #isStarted = false;
  #isStopped = false;
  #leaveOnline: (() => void) | undefined;
  readonly #seqListeners = new Set<(bank: string, seq: number) => void>();

  constructor(parts: BankHostParts) {
    this.#parts = parts;
    this.statistics = parts.statistics;
  }

  /** Whether it knows what it must know of peers before it listens to any. */
  get isReady(): boolean {
    return this.#isStarted && !this.#isStopped;
  }

  /** Transactions in hand. */
  get openCount(): number {
    return this.#parts.driver.tracks.size;
  }

  begin(request: BeginRequest): Promise<BeginAnswer> {
    return this.#parts.clients.begin(request);
  }

  isQueued(principal: string, command: string): Promise<boolean> {
    return this.#parts.queue.has(principal, command);
  }

  async transaction(id: string): Promise<CrossBankView | undefined> {
    const record = await this.#parts.records.one(id);
    if (record === undefined) return undefined;
    return viewOf(this.#parts.bank, record, this.#parts.driver.tracks.get(id)?.state?.memory);
  }

  /** Takes up everything unfinished, in slices; resolves when that is under way. */
  async start(): Promise<void> {
    const { removal, places, reconciliation, register, peers, lanes, limits } = this.#parts;
    await Promise.all([readPatiently(() => removal.load()), readPatiently(() => places.load())]);
    await register.start();
    await readPatiently(() => reconciliation.load());
    this.#isStarted = true;
    this.#leaveOnline = peers.onOnline((bank) => lanes.sendAgain(bank));
    this.#every(SAVE_PLACES_MS, () => places.save());
    this.#every(limits.sweepEveryMs, () => this.#takeUp(limits.sweepEveryMs));
    this.#every(limits.removeEveryMs, async () => void (await removal.run()));
    this.#every(limits.queueLookMs, () => this.#parts.clients.takeUpQueued());
    this.#do(() => this.#takeUp(0));
    this.#do(() => this.#parts.clients.takeUpQueued());
    this.#do(() => this.#greet());
  }

  /** Before the engine stops: begins nothing, lets go of whoever waits, and sends nothing more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const { clients, driver, lanes, reconciliation, register, places } = this.#parts;
    for (const timer of this.#timers) clearInterval(timer);
    this.#leaveOnline?.();
    clients.stop();
    lanes.close();
    const closing = register.stop();
    await driver.stop();
    await Promise.all([closing, reconciliation.stop(), ...this.#jobs]);
    await places.save().catch((error: unknown) => this.#complain('saving places', error));
  }

  /**
   * Takes what a peer certainly said, and gives what answers it; what takes too long is sent later. The
   * nonce rides in the block of the first effect.
   */
  async receive(
    from: string,
    batch: readonly Addressed[],
    nonce: Nonce,
  ): Promise<readonly Addressed[]> {
    this.#parts.statistics.messagesReceived += batch.length;
    const reply: Reply = { bank: from, messages: [], isOpen: true, nonce };
    const taken = this.#takeAll(from, batch, reply);
    await within(this.#parts.limits.answerWithinMs, taken);
    reply.isOpen = false;
    this.#parts.statistics.messagesSent += reply.messages.length;
    return reply.messages;
  }

  /** A page of what a peer must hear that was put back. */
  async reports(
    peer: string,
    wanted: ReportsWanted,
  ): Promise<{ readonly messages: readonly Addressed[]; readonly next: string | null }> {
    return reportsFor(this.#parts.records, peer, wanted);
  }

  /**
   * Calls the listener with the number of a peer's newest event whenever the peer says it, before what
   * it says with it has an effect here. Returns what ends it.
   */
  onPeerSeq(listener: (bank: string, seq: number) => void): () => void {
    this.#seqListeners.add(listener);
    return () => this.#seqListeners.delete(listener);
  }

  heardSeq(bank: string, seq: number): void {
    for (const listener of this.#seqListeners) listener(bank, seq);
  }

  /** Sends to a peer what waits in its lane, and takes what it answers. */
  async send(bank: string, messages: readonly string[]): Promise<boolean> {
    const answer = await this.#parts.exchange.request(bank, messages);
    if (answer === undefined) return false;
    this.#hear(bank, answer);
    return true;
  }

  /** Whether all that a peer said is taken up and durable. */
  async takeReports(from: string, messages: readonly Addressed[]): Promise<boolean> {
    return !(await this.#takeAll(from, messages, null)).includes(false);
  }

  #hear(bank: string, { messages }: Envelope): void {
    this.#parts.statistics.messagesReceived += messages.length;
    this.#takeAll(bank, messages, null).catch((error: unknown) =>
      this.#complain(`what ${bank} answered`, error),
    );
  }

  #takeAll(
    from: string,
    batch: readonly Addressed[],
    reply: Reply | null,
  ): Promise<readonly boolean[]> {
    const yeses = this.#parts.signYeses(batch.flatMap(promisedBy)).values();
    return Promise.all(
      batch.map((addressed) => {
        const [promised] = promisedBy(addressed);
        const yes = promised === undefined ? undefined : yeses.next().value;
        return this.#takeOne(from, addressed, yes ?? '', reply);
      }),
    );
  }

  #takeOne(
    from: string,
    { id, message }: Addressed,
    signature: string,
    reply: Reply | null,
  ): Promise<boolean> {
    const { driver, isYes, statistics } = this.#parts;
    const proven = verifiedMessage(from, id, message, isYes);
    if (proven === undefined) {
      statistics.forged += 1;
      this.#parts.onAlarm(`${id}: the vote of ${from} is not signed by it`);
      return Promise.resolve(true);
    }
    const isFirst = proven.type === 'prepare';
    const { promise, resolve } = Promise.withResolvers<boolean>();
    driver.take(id, {
      event: (now) => ({ type: 'message', now, from, message: proven, signature }),
      reply,
      isFirst,
      done: resolve,
    });
    return promise;
  }

  /**
   * Takes up what nobody has in hand: everything unfinished after a start, in slices; later what was
   * recorded longer ago, for another process of this bank has its own in hand.
   */
  async #takeUp(leastAgeMs: number): Promise<void> {
    const { bank, records, driver, peers, clock, limits } = this.#parts;
    const before = clock() - leastAgeMs;
    for await (const page of pagesOf((after) => records.unfinished(after, limits.takeUpMax))) {
      const missing = page.filter(({ id, at }) => at <= before && !driver.tracks.has(id));
      for (const { id, durable } of missing) {
        const isMine = consortium.coordinatorOf(id) === bank;
        if (isMine && durable.is === 'prepared') peers.readmit(id, durable.body.legs);
      }
      await Promise.all(missing.map(({ id }) => this.#wake(id)));
      if (this.#isStopped || !driver.hasRoom) return;
    }
  }

  #wake(id: string): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#parts.driver.wake(id, resolve);
    return promise;
  }

  /** Shows every peer that this bank is there, and hears what they remember of it. */
  async #greet(): Promise<void> {
    const { peers, exchange } = this.#parts;
    await Promise.all(peers.all().map(({ bank }) => exchange.request(bank, encodeMessages([]))));
  }

  #every(ms: number, job: () => Promise<void>): void {
    let isBusy = false;
    const timer = setInterval(() => {
      if (isBusy) return;
      isBusy = true;
      this.#do(() =>
        job().finally(() => {
          isBusy = false;
        }),
      );
    }, ms);
    timer.unref();
    this.#timers.add(timer);
  }

  #do(job: () => Promise<void>): void {
    if (this.#isStopped) return;
    const running = job()
      .catch((error: unknown) => this.#complain('a job of the consortium', error))
      .finally(() => this.#jobs.delete(running));
    this.#jobs.add(running);
  }

  #complain(what: string, error: unknown): void {
    if (!this.#isStopped) this.#parts.onAlarm(`${what} failed: ${describeFault(error)}`);
  }
}

/** What a message asks this bank to promise. */
function promisedBy({ id, message }: Addressed): readonly Promised[] {
  return message.type === 'prepare' ? [{ id, hash: message.hash }] : [];
}
