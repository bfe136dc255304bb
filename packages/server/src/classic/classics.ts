import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Engine } from '../engine/engine.ts';
import { listen } from '../http/listen.ts';
import type { Reads } from '../store/reads.ts';
import { createContas, type ContasConsortium, type ContasPeer } from './contas/index.ts';
import { createDados, DEFAULT_TOKENS } from './dados/index.ts';
import { createNegocio, openBusinessLog } from './negocio/index.ts';
import { createPedidos, startFeed } from './pedidos/index.ts';
import type { OperationLog } from './operation-log.ts';
import type { ClassicOption, ClassicSurface } from './surfaces.ts';

export interface RunningClassic {
  readonly surface: ClassicSurface;
  readonly port: number;
  /** null where the port was taken: that surface stays off. */
  readonly url: string | null;
}

export interface ClassicsParts {
  readonly engine: Engine;
  readonly reads: Reads;
  readonly log: Logger;
  readonly bank: string;
  readonly version: string;
  readonly logFolder: string;
  readonly dadosTokens: readonly string[] | undefined;
  readonly lockSeconds: number | undefined;
  /** Where the other banks serve `contas`. */
  readonly contasPeers: readonly ContasPeer[];
  /** Undefined: this bank is alone. */
  readonly consortium: ContasConsortium | undefined;
}

export interface FeedOption {
  readonly url: string;
  readonly everySeconds: number;
}

const LOOPBACK = '127.0.0.1';

/** How long a lock of `dados` lasts without its owner, unless given. */
const LOCK_SECONDS = 30;

/** One that is built, whether it listens or not. */
interface Surface {
  readonly app: FastifyInstance;
  /** Stops accepting and answers what was received. */
  readonly close: () => Promise<void>;
}

/** The classic surfaces of one bank; each is an adapter over its engine and holds nothing. */
export class Classics {
  readonly running: RunningClassic[] = [];
  readonly #parts: ClassicsParts;
  readonly #surfaces: Surface[] = [];
  #receive:
    | ((orderId: string) => ReturnType<ReturnType<typeof createPedidos>['receive']>)
    | undefined;
  #feed: ReturnType<typeof startFeed> | undefined;
  #dados: Surface | undefined;
  #dadosUrl: string | undefined;
  #businessLog: OperationLog | undefined;

  constructor(parts: ClassicsParts) {
    this.#parts = parts;
  }

  /** Starts them in their order; the engine must run. A port that is taken leaves its surface off. */
  async start(options: readonly ClassicOption[]): Promise<void> {
    for (const option of options) {
      const { surface, port, host = LOOPBACK, mustListen = false } = option;
      const built = await this.#build(option);
      this.#surfaces.push(built);
      const url = mustListen
        ? await listen(built.app, host, port)
        : await this.#listenIfFree(built.app, host, port);
      this.running.push({ surface, port, url });
    }
  }

  /** Each new reading is an order of `pedidos`, which was started. */
  startFeed(feed: FeedOption): void {
    const receive = this.#receive;
    if (receive === undefined) throw new Error('a feed without pedidos');
    this.#feed = startFeed({ ...feed, receive, log: this.#parts.log });
  }

  async close(): Promise<void> {
    await this.#feed?.stop();
    await Promise.all(this.#surfaces.map(({ close }) => close()));
    await this.#businessLog?.close();
  }

  async #build({ surface, port, host = LOOPBACK }: ClassicOption): Promise<Surface> {
    const { log, logFolder, bank } = this.#parts;
    switch (surface) {
      case 'pedidos':
        return this.#buildPedidos();
      case 'dados':
        return (this.#dados = await createDados({
          ...this.#parts,
          tokens: this.#parts.dadosTokens ?? DEFAULT_TOKENS,
          leaseSeconds: this.#parts.lockSeconds ?? LOCK_SECONDS,
          logFile: join(logFolder, 'data_server.log'),
        }));
      case 'negocio':
        return createNegocio({
          dataUrl: await this.#dataUrl(),
          log,
          operations: await this.#businessOperations(),
        });
      case 'contas':
        return createContas({ ...this.#parts, own: { bank, host, port } });
    }
  }

  #buildPedidos(): Surface {
    const { engine, reads, log } = this.#parts;
    const pedidos = createPedidos({ engine, reads, log, asset: 'BRL/2', merchant: 'loja' });
    this.#receive = (orderId) => pedidos.receive(orderId);
    return {
      app: pedidos.app,
      async close() {
        await pedidos.app.close();
        await pedidos.drain();
      },
    };
  }

  /**
   * Of the data server that was started before. Where somebody else has its port, it listens on another
   * one of loopback: its business servers go on, and send their tokens to no stranger.
   */
  async #dataUrl(): Promise<string> {
    const dados = this.#dados;
    if (dados === undefined) throw new Error('negocio without dados');
    const given = this.running.find(({ surface }) => surface === 'dados')?.url;
    this.#dadosUrl ??= given ?? (await listen(dados.app, LOOPBACK, 0));
    return this.#dadosUrl;
  }

  async #businessOperations(): Promise<OperationLog> {
    const { log, logFolder } = this.#parts;
    this.#businessLog ??= await openBusinessLog(join(logFolder, 'business_server.log'), log);
    return this.#businessLog;
  }

  async #listenIfFree(app: FastifyInstance, host: string, port: number): Promise<string | null> {
    try {
      return await listen(app, host, port);
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      this.#parts.log.warn({ fault }, 'classic is off');
      return null;
    }
  }
}
