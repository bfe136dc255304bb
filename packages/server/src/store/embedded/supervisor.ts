import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { stopPostmaster } from './postmaster.ts';
import type { Cluster, Postmaster } from './postmaster.ts';
import { startServer } from './start-server.ts';
import type { RunningServer } from './start-server.ts';

/** A server that served this long has recovered: its death begins a new count. */
const recoveredMs = 2_000;
/** What may pass (a full disk, a taken port) gets this long; what can't, and everything, gets this many tries. */
const patienceMs = 60_000;
const triesMin = 5;
const backoffFirstMs = 50;
const backoffMaxMs = 5_000;

/** Keeps one PostgreSQL running on one port until it is stopped. */
export class Supervisor {
  readonly port: number;
  /**
   * Resolves when the server died and at least 5 tries in a row didn't bring it back: at once where trying can't help
   * (damaged data), else after 60 s. Never rejects.
   */
  readonly failed: Promise<Error>;

  readonly #cluster: Cluster;
  readonly #stopping = new AbortController();
  readonly #watching: Promise<void>;
  #postmaster: Postmaster;

  constructor(cluster: Cluster, first: RunningServer) {
    this.#cluster = cluster;
    this.port = first.port;
    this.#postmaster = first.postmaster;
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.failed = promise;
    this.#watching = this.#watch(resolve);
  }

  get pid(): number {
    return this.#postmaster.pid;
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the embedded PostgreSQL is being stopped'));
    // A restart under way ends by the signal; what runs then is the last one.
    await Promise.all([stopPostmaster(this.#postmaster), this.#watching]);
  }

  async #watch(giveUp: (error: Error) => void): Promise<void> {
    for (;;) {
      const how = await this.#postmaster.exited;
      if (this.#stopping.signal.aborted) return;
      this.#report(how);
      const error = await this.#restart();
      if (error === undefined) continue;
      if (!this.#stopping.signal.aborted) giveUp(error);
      return;
    }
  }

  /** Starts it again until it has served for a while; returns why it gave up. */
  async #restart(): Promise<Error | undefined> {
    const begin = performance.now();
    let error = new Error('PostgreSQL ended again and again right after its start');
    for (let tries = 1; ; tries += 1) {
      try {
        const { postmaster } = await startServer(this.#cluster, {
          port: this.port,
          signal: this.#stopping.signal,
        });
        this.#postmaster = postmaster;
        if (this.#stopping.signal.aborted) await stopPostmaster(postmaster);
        if (await this.#recovers(postmaster)) return undefined;
      } catch (caught) {
        error = caught instanceof Error ? caught : new Error(String(caught));
        if (this.#stopping.signal.aborted) return error;
        this.#cluster.onLog(`PostgreSQL did not start again: ${error.message}`);
      }
      if (tries >= triesMin && (isLasting(error) || performance.now() - begin >= patienceMs))
        return error;
      const backoff = Math.min(backoffFirstMs * 2 ** tries, backoffMaxMs);
      // Cut short by a stop; the next start sees it too.
      await sleep(backoff * (0.5 + Math.random() / 2), undefined, {
        signal: this.#stopping.signal,
      }).catch(() => {});
    }
  }

  /** Whether the server lives for 2 s (or until we stop it). */
  async #recovers(postmaster: Postmaster): Promise<boolean> {
    const how = await Promise.race([
      postmaster.exited,
      sleep(recoveredMs, undefined, { ref: false }),
    ]);
    if (how === undefined || this.#stopping.signal.aborted) return true;
    this.#report(how);
    return false;
  }

  #report(how: string): void {
    this.#cluster.onLog(
      `PostgreSQL (process ${this.pid}) ended unexpectedly with ${how}; starting it again`,
    );
  }
}

/** Whether time can't heal it. */
function isLasting(error: Error): boolean {
  if (!(error instanceof EmbeddedPostgresError)) return false;
  switch (error.code) {
    case 'postgres_data_damaged':
    case 'postgres_other_major':
    case 'postgres_binaries_missing':
    case 'postgres_no_permission':
      return true;
    case 'postgres_no_space':
    case 'postgres_in_use':
    case 'postgres_start_failed':
      return false;
  }
}
