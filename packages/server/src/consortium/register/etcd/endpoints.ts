import { Pool } from 'undici';
import { isUnsent } from '../../is-unsent.ts';
import type { RegisterTls } from '../register-tls.ts';
import { connectFaultOf, connectorOf } from './connector.ts';

const CONNECTIONS_MAX = 4;
/** A page of the largest entries in base64, and room. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

const HEADERS = {
  'content-type': 'application/json',
  // Without it a member may take its own certificate's name for the user's.
  accept: 'application/json',
  // A member without a leader answers at once instead of waiting for one.
  'grpc-metadata-hasleader': 'true',
};

export type Exchange =
  | { readonly kind: 'answered'; readonly status: number; readonly text: string }
  /** Nothing reached the member; `isLasting` as of an attempt. */
  | { readonly kind: 'unsent'; readonly reason: string; readonly isLasting?: boolean }
  /** It may have been read, but no whole answer came. */
  | { readonly kind: 'cut'; readonly reason: string };

/** The members of the cluster: one at a time is asked, until it fails; then the next. */
export class Endpoints {
  readonly #pools: readonly { readonly origin: string; readonly pool: Pool }[];
  #current = 0;

  /** @param origins at least one, like `https://10.0.0.1:2379` */
  constructor(origins: readonly string[], tls: RegisterTls) {
    this.#pools = origins.map((origin) => ({
      origin,
      pool: new Pool(origin, {
        connections: CONNECTIONS_MAX,
        pipelining: 1,
        connect: connectorOf(tls),
        allowH2: false,
        // The signal of each call covers these two.
        headersTimeout: 0,
        bodyTimeout: 0,
        maxResponseSize: ANSWER_BYTES_MAX,
      }),
    }));
  }

  /**
   * Asks the member that answered last. Never rejects: what goes wrong is a value.
   * @param token of a login, where the cluster wants one
   */
  async post(
    path: string,
    body: string,
    signal: AbortSignal,
    token: string | null = null,
  ): Promise<Exchange> {
    const asked = this.#current;
    const member = this.#pools[asked % this.#pools.length];
    if (member === undefined) throw new Error('an etcd cluster without members');
    if (signal.aborted) return { kind: 'unsent', reason: `${member.origin}: no time left` };
    try {
      const answer = await member.pool.request({
        method: 'POST',
        path,
        headers: token === null ? HEADERS : { ...HEADERS, authorization: token },
        body,
        signal,
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 500) this.#leave(asked);
      return { kind: 'answered', status: answer.statusCode, text };
    } catch (thrown) {
      this.#leave(asked);
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const fault = connectFaultOf(error);
      const reason = `${member.origin}: ${fault ?? describe(error)}`;
      return { kind: fault !== undefined || isUnsent(error) ? 'unsent' : 'cut', reason };
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#pools.map(({ pool }) => pool.destroy()));
  }

  /** Of many calls that met the same fault only the first moves on. */
  #leave(asked: number): void {
    if (this.#current === asked) this.#current = asked + 1;
  }
}

function describe(error: Error): string {
  return error.name === 'AbortError' ? 'no answer in time' : error.message || error.name;
}
