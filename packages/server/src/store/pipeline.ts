import type { Socket } from 'node:net';
import pg from 'pg';

/** How often it is looked whether an answer is overdue. */
const LOOK_EVERY_MS = 500;

/**
 * The queries of one connection, sent without waiting for the answers to those before. When one was
 * sent so long ago and is not answered the connection is cut.
 *
 * The driver's own promise and its own clock for a query (`query_timeout`) keep that query, with all its
 * values, until the next full collection of memory. What a block was written with is the largest thing
 * that a bank makes, so its queries have neither.
 */
export class Pipeline {
  readonly #client: pg.Client;
  readonly #cutIfSilent: () => void;
  #look: NodeJS.Timeout | undefined;
  /** When those were sent that are not answered, by a number in their order; `performance.now()`. */
  readonly #sentAt = new Map<number, number>();
  #sentCount = 0;

  /** `socket`: that of the client. */
  constructor(client: pg.Client, socket: Socket, answerTimeoutMs: number) {
    this.#client = client;
    this.#cutIfSilent = () => {
      const [oldest] = this.#sentAt.values();
      if (oldest !== undefined && performance.now() - oldest > answerTimeoutMs) socket.destroy();
    };
    client.on('end', () => clearInterval(this.#look));
  }

  /** Only once the client is connected. Rejects with what the server or the connection says. */
  send<Row extends object>(query: string | pg.QueryConfig): Promise<pg.QueryResult<Row>> {
    const { promise, resolve, reject } = Promise.withResolvers<pg.QueryResult<Row>>();
    this.#look ??= setInterval(this.#cutIfSilent, LOOK_EVERY_MS).unref();
    const number = this.#sentCount;
    this.#sentCount += 1;
    this.#sentAt.set(number, performance.now());
    const answered = (error: Error | null | undefined, result: pg.QueryResult<Row>) => {
      this.#sentAt.delete(number);
      // The driver says null where its types say undefined.
      if (error === null || error === undefined) resolve(result);
      else reject(error);
    };
    this.#client.query(new pg.Query<Row>(query, answered));
    return promise;
  }
}
