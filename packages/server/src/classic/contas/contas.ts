import { setTimeout as sleep } from 'node:timers/promises';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Engine } from '../../engine/engine.ts';
import { closeIdleConnections } from '../../http/close-idle.ts';
import type { CrossBankHost } from '../../http/cross-bank-host.ts';
import { ProblemError } from '../../http/problem.ts';
import { describeFault } from '../../store/database-error.ts';
import type { Reads } from '../../store/reads.ts';
import { refused, type Answer } from './answer.ts';
import { AskServer } from './ask-server.ts';
import { KnownHeads } from './known-heads.ts';
import { readHeadSeq } from './log-page.ts';
import { finishOpenings } from './open-conta.ts';
import { refusalAnswer } from './refusal-answer.ts';
import { registerContasRoutes, send } from './routes.ts';
import { Servers, type ContasPeer } from './servers.ts';

/** What this surface needs of the consortium. */
export interface ContasConsortium {
  readonly crossBank: CrossBankHost;
  /** The banks that an operator has added as peers. */
  readonly peers: () => readonly string[];
  /** Calls the listener with the number of a peer's newest event, as often as it is heard of. */
  readonly onPeerSeq: (listener: (bank: string, seq: number) => void) => () => void;
}

export interface ContasParts {
  readonly engine: Pick<Engine, 'submit' | 'head'>;
  readonly reads: Reads;
  readonly log: Pick<Logger, 'info' | 'error'>;
  /** Where this server is, as others name it. */
  readonly own: ContasPeer;
  readonly contasPeers: readonly ContasPeer[];
  /** Undefined: this bank is alone, and no other server is known. */
  readonly consortium: ContasConsortium | undefined;
}

/** The classic server of accounts (`docs/classics/contas.md`); its caller listens. It holds nothing. */
export interface Contas {
  readonly app: FastifyInstance;
  close(): Promise<void>;
}

/** Far more than an operation needs. */
const BODY_BYTES_MAX = 65_536;
const REQUEST_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
/** Longer than an id may be: what is too long is refused like any other that is not there. */
const PARAMETER_LENGTH_MAX = 16_384;

/** Between two tries to finish what was left behind. */
const PAUSE_MIN_MS = 20;
const PAUSE_MAX_MS = 5_000;

/** Builds the surface, which finishes what openings left behind when it can; the engine must run. */
export function createContas(parts: ContasParts): Contas {
  const { reads, consortium, own, engine } = parts;
  const stop = new AbortController();
  const heads = new KnownHeads();
  // Before its first block a process doesn't know its own head.
  let firstSeq: number | undefined;
  const beginning = keepTrying(parts, stop.signal, async () => {
    firstSeq ??= await readHeadSeq(reads);
    return (await finishOpenings(parts)) === 0;
  });
  const leave = consortium?.onPeerSeq((bank, head) => {
    const ownSeq = engine.head?.seq ?? firstSeq;
    if (ownSeq !== undefined) heads.learn(bank, head, ownSeq);
  });
  const peers = () => consortium?.peers() ?? [];
  const ask = new AskServer();
  const app = createApplication(parts.log);
  registerContasRoutes(app, {
    engine,
    reads,
    log: parts.log,
    servers: new Servers(own, parts.contasPeers),
    isPeer: (bank) => peers().includes(bank),
    ask,
    crossBank: consortium?.crossBank,
    ownBank: own.bank,
    otherBanks: () => peers().toSorted(),
    heads,
    stopping: stop.signal,
  });
  return {
    app,
    async close() {
      leave?.();
      stop.abort();
      await app.close();
      await ask.close();
      await beginning;
    },
  };
}

/** Until it is done, however long the database is away. */
async function keepTrying(
  { log }: Pick<ContasParts, 'log'>,
  signal: AbortSignal,
  attempt: () => Promise<boolean>,
): Promise<void> {
  for (let pauseMs = PAUSE_MIN_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS)) {
    try {
      if (await attempt()) return;
    } catch (error) {
      log.error({ fault: describeFault(error) }, 'contas: openings are not finished yet');
    }
    const jitteredMs = pauseMs / 2 + Math.random() * pauseMs;
    await sleep(jitteredMs, undefined, { signal }).catch(() => undefined);
  }
}

function createApplication(log: Pick<Logger, 'error'>): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    // The original's own frame takes either, too.
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX, ignoreTrailingSlash: true },
  });
  closeIdleConnections(app);
  // Old clients send their JSON under any content type: the routes read the text themselves.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, text));
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    if (request.method !== 'GET' && request.headers['sec-fetch-site'] === 'cross-site') {
      return send(reply, refused('Operações de páginas de outros sites não são aceitas', 403));
    }
  });
  app.setNotFoundHandler((_request, reply) => send(reply, refused('Rota não encontrada', 404)));
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const answer = answerTo(error);
    if (answer.status >= 500) {
      log.error({ fault: describeFault(error) }, 'contas: a request failed');
    }
    return send(reply, answer);
  });
  return app;
}

/** Whatever was thrown came before an effect: commands end in values. */
function answerTo(error: FastifyError): Answer {
  if (error instanceof ProblemError) return refused('Requisição inválida', 400);
  const { statusCode } = error;
  if (statusCode === 413) return refused('Corpo grande demais', 413);
  if (statusCode !== undefined && statusCode < 500) {
    return refused('Requisição inválida', statusCode);
  }
  return refusalAnswer('database_unavailable');
}
