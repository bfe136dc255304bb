import { setTimeout as sleep } from 'node:timers/promises';
import { startBankProcess, type BankProcess, type BankProcessOptions } from './bank-process.ts';
import type { ReadyMessage } from './bank-messages.ts';

const backoffFirstMs = 500;
const backoffMaxMs = 10_000;
const triesMax = 6;
/** A bank that served this long has recovered: its end begins a new count. However often it is killed, it comes back. */
const recoveredMs = 2_000;

export interface BankKeeperEvents {
  /** It ended by itself, `how` is `signal SIGKILL` or the like, and is started again. */
  readonly onEnd: (bank: string, how: string) => void;
  readonly onReady: (bank: string, ready: ReadyMessage) => void;
}

/** Keeps one bank's process running until it is stopped. */
export class BankKeeper {
  /** Resolves when it ended and could not be brought back. Never rejects. */
  readonly failed: Promise<Error>;
  readonly #options: BankProcessOptions;
  readonly #events: BankKeeperEvents;
  readonly #stopping = new AbortController();
  readonly #watching: Promise<void>;
  #process: BankProcess;

  private constructor(first: BankProcess, options: BankProcessOptions, events: BankKeeperEvents) {
    this.#process = first;
    this.#options = options;
    this.#events = events;
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.failed = promise;
    this.#watching = this.#watch(resolve);
  }

  /** Starts the bank; one that can't start the first time is not tried again. Rejects as `startBankProcess` does. */
  static async start(
    options: BankProcessOptions,
    events: BankKeeperEvents,
    signal: AbortSignal,
  ): Promise<BankKeeper> {
    return new BankKeeper(await startBankProcess(options, signal), options, events);
  }

  get bank(): string {
    return this.#options.bank;
  }

  get ready(): ReadyMessage {
    return this.#process.ready;
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('asked to stop'));
    await this.#process.stop();
    await this.#watching;
  }

  kill(): void {
    this.#stopping.abort(new Error('asked to stop'));
    this.#process.kill();
  }

  async #watch(giveUp: (error: Error) => void): Promise<void> {
    const { signal } = this.#stopping;
    let tries = 0;
    for (;;) {
      const begin = performance.now();
      const how = await this.#process.ended;
      if (signal.aborted) return;
      if (performance.now() - begin > recoveredMs) tries = 0;
      this.#events.onEnd(this.#options.bank, how);
      const error = await this.#restart(() => (tries += 1));
      if (signal.aborted) {
        // It may have come up in the very moment of the stop.
        if (error === undefined) await this.#process.stop();
        return;
      }
      if (error !== undefined) {
        giveUp(error);
        return;
      }
      this.#events.onReady(this.#options.bank, this.#process.ready);
    }
  }

  /** Tries until the bank is ready again; returns why it gave up. */
  async #restart(count: () => number): Promise<Error | undefined> {
    const { signal } = this.#stopping;
    let error = new Error(`it ended ${triesMax} times in a row`);
    for (let tries = count(); tries <= triesMax; tries = count()) {
      const backoffMs = Math.min(backoffFirstMs * 2 ** (tries - 1), backoffMaxMs);
      try {
        await sleep(backoffMs * (0.5 + Math.random() / 2), undefined, { signal });
        this.#process = await startBankProcess(this.#options, signal);
        return undefined;
      } catch (caught) {
        error = caught instanceof Error ? caught : new Error(String(caught));
        if (signal.aborted) return error;
      }
    }
    return error;
  }
}
