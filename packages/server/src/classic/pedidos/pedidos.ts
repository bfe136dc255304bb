import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { v7 as uuidV7 } from 'uuid';
import type { Engine } from '../../engine/engine.ts';
import { closeIdleConnections } from '../../http/close-idle.ts';
import type { Reads } from '../../store/reads.ts';
import { chooseOrder } from './choose-order.ts';
import { describeError, type Log } from './log.ts';
import { createOrderCounter } from './order-counts.ts';
import {
  createOrderIntake,
  INTAKE_LIMITS,
  type IntakeLimits,
  type Receipt,
} from './order-intake.ts';
import { registerRoutes, sendError } from './routes.ts';
import { settleOrder } from './settle-order.ts';
import { shareRead } from './shared-read.ts';
import { readShop } from './shop-reader.ts';

export interface PedidosParts {
  readonly engine: Pick<Engine, 'submit'>;
  readonly reads: Reads;
  readonly log: Log;
  /** Prices and balances are read as centavos. */
  readonly asset: 'BRL/2';
  /** Account id of the shop. */
  readonly merchant: string;
  /** Numbers in [0, 1) for the draw. */
  readonly random?: () => number;
  readonly limits?: IntakeLimits;
}

/** The classic shop (`docs/classics/pedidos.md`); its caller listens and closes. */
export interface Pedidos {
  readonly app: FastifyInstance;
  /** Takes an order as `POST /pedido` without body does, under the given id (UUID in lower case). */
  receive(orderId: string): Receipt;
  /** After the application is closed and before the engine stops: up to 10 s for what was received. */
  drain(): Promise<void>;
}

/** Far more than 100 items need. */
const BODY_BYTES_MAX = 65_536;
const REQUEST_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

export function createPedidos(parts: PedidosParts): Pedidos {
  const { engine, reads, log, asset, merchant, random = Math.random } = parts;
  const readShopShared = shareRead(() => readShop(reads, asset, merchant));
  const draw = async () => chooseOrder(await readShopShared(), random);
  const settling = { engine, draw, merchant, log, random };
  const intake = createOrderIntake(
    (order, signal) => settleOrder(settling, order, signal),
    parts.limits ?? INTAKE_LIMITS,
    log,
  );
  const app = createApplication(log);
  registerRoutes(app, {
    reads,
    asset,
    merchant,
    receive: (choice) => intake.receive({ id: uuidV7(), choice }),
    inProgress: () => intake.inProgress(),
    countOrders: createOrderCounter(reads, merchant),
  });
  return {
    app,
    receive: (orderId) => intake.receive({ id: orderId, choice: null }),
    drain: () => intake.drain(),
  };
}

function createApplication(log: Log): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  });
  closeIdleConnections(app);
  // Old clients send their JSON under any content type: the route reads the text itself.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, text));
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });
  app.setNotFoundHandler((_request, reply) => sendError(reply, 404, 'Rota não encontrada'));
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 503;
    if (status === 413) return sendError(reply, 413, 'Corpo grande demais');
    if (status < 500) return sendError(reply, status, 'Requisição inválida');
    log.error({ fault: describeError(error) }, 'pedidos: a request failed');
    reply.header('retry-after', '1');
    return sendError(reply, 503, 'O banco não responde agora: tente novamente');
  });
  return app;
}
