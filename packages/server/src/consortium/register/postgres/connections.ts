import pg from 'pg';
import { describeFault } from '../../../store/database-error.ts';
import type { Attempt } from '../home.ts';
import { RegisterSetupError } from '../register-setup-error.ts';
import { untilAborted } from '../until-aborted.ts';

/** Changes stand in one row's queue anyway; the rest are reads. */
const CONNECTIONS_MAX = 4;
const CONNECT_TIMEOUT_MS = 2_000;

/** A bound for what a client leaves behind: its own deadline is nearer. */
const SETTINGS = [
  'TimeZone=UTC',
  'statement_timeout=5000',
  'lock_timeout=5000',
  'idle_in_transaction_session_timeout=5000',
  'tcp_user_timeout=5000',
  'client_connection_check_interval=1000',
  // The functions' statements must each see what was committed before them.
  'default_transaction_isolation=read\\ committed',
];

/** A bounded pool, whose waits all end with a signal. */
export class Connections {
  readonly #pool: pg.Pool;

  constructor(url: string) {
    this.#pool = new pg.Pool({
      connectionString: url,
      options: SETTINGS.map((setting) => `-c ${setting}`).join(' '),
      max: CONNECTIONS_MAX,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'lastro register',
    });
    // Idle connections that end are replaced; whoever uses one is told by its own statement.
    this.#pool.on('error', () => undefined);
  }

  /**
   * Runs `use` on a connection. An error of the database becomes an attempt that had no effect; a
   * connection that was lost, or the signal, one whose effect is unknown.
   */
  async attempt<Result>(
    signal: AbortSignal,
    use: (client: pg.PoolClient) => Promise<Attempt<Result>>,
  ): Promise<Attempt<Result>> {
    const connected = await this.#connect(signal);
    if (connected instanceof Error) {
      return { kind: 'away', effect: 'none', reason: `PostgreSQL: ${describeFault(connected)}` };
    }
    return useUntil(connected, signal, use);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #connect(signal: AbortSignal): Promise<pg.PoolClient | Error> {
    if (signal.aborted) return new Error('no time left');
    const connecting = this.#pool.connect();
    try {
      const first = await untilAborted<pg.PoolClient | 'late'>(connecting, signal, 'late');
      if (first !== 'late') return first;
      connecting.then(
        (client) => client.release(),
        () => undefined,
      );
      return new Error('no connection in time');
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}

async function useUntil<Result>(
  client: pg.PoolClient,
  signal: AbortSignal,
  use: (client: pg.PoolClient) => Promise<Attempt<Result>>,
): Promise<Attempt<Result>> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(new Error('no answer in time'));
  const onError = () => undefined;
  client.on('error', onError);
  signal.addEventListener('abort', onAbort, { once: true });
  let broken: Error | undefined;
  try {
    if (signal.aborted) return { kind: 'away', effect: 'none', reason: 'no time left' };
    const using = use(client);
    // When the signal wins, what the connection says afterwards interests nobody.
    using.catch(() => undefined);
    return await Promise.race([using, promise]);
  } catch (error) {
    if (error instanceof RegisterSetupError) {
      return { kind: 'away', effect: 'none', reason: error.message, isLasting: true };
    }
    const isAnswer = error instanceof pg.DatabaseError && error.severity === 'ERROR';
    if (!isAnswer) broken = error instanceof Error ? error : new Error(String(error));
    const reason = `PostgreSQL: ${describeFault(error)}`;
    return { kind: 'away', effect: isAnswer ? 'none' : 'unknown', reason };
  } finally {
    signal.removeEventListener('abort', onAbort);
    client.off('error', onError);
    client.release(broken);
  }
}
