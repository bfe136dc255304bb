import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Reads } from '../../store/reads.ts';
import { prefersHtml } from './media-type.ts';
import type { OrderCounts } from './order-counts.ts';
import type { OrderChoice } from './order-choice.ts';
import type { Receipt } from './order-intake.ts';
import { readOrderRequest } from './order-request.ts';
import { CONTENT_SECURITY_POLICY } from './page-assets.ts';
import { homePage, reportPage, statusPage, type ShopStatus } from './pages.ts';
import { readReport, toReportJson } from './report.ts';
import { readReportPage } from './report-query.ts';
import { findUnknown, type UnknownThing } from './unknown-thing.ts';

export interface RouteParts {
  readonly reads: Reads;
  readonly asset: string;
  readonly merchant: string;
  /** Takes an order under a new id; null: to be drawn. */
  readonly receive: (choice: OrderChoice | null) => Receipt;
  readonly inProgress: () => number;
  readonly countOrders: () => Promise<OrderCounts>;
}

export function registerRoutes(app: FastifyInstance, parts: RouteParts): void {
  app.get('/', async (_request, reply) => sendPage(reply, homePage(await readStatus(parts))));
  app.post('/pedido', (request, reply) => takeOrder(parts, request, reply));
  app.get('/relatorio', (request, reply) => sendReport(parts, request, reply));
  app.get('/status', async (request, reply) => {
    const status = await readStatus(parts);
    reply.header('vary', 'accept');
    return prefersHtml(request.headers.accept) ? sendPage(reply, statusPage(status)) : status;
  });
}

/**
 * What is under way is looked at before what has ended is counted: an order may be seen in both,
 * but none is missed, so that `em_andamento` 0 means that every order is in the other two.
 */
async function readStatus({ inProgress, countOrders }: RouteParts): Promise<ShopStatus> {
  const running = inProgress();
  const { completed, refused } = await countOrders();
  return {
    em_andamento: running,
    concluidos: Number(completed),
    rejeitados: Number(refused),
  };
}

async function takeOrder(parts: RouteParts, request: FastifyRequest, reply: FastifyReply) {
  if (request.headers['sec-fetch-site'] === 'cross-site') {
    return sendError(reply, 403, 'Pedidos de páginas de outros sites não são aceitos');
  }
  const wanted = readOrderRequest(typeof request.body === 'string' ? request.body : '');
  if (wanted.kind === 'bad') return sendError(reply, 400, wanted.erro);
  if (wanted.kind === 'given') {
    const unknown = await findUnknown(parts.reads, wanted.choice);
    if (unknown !== undefined) return sendError(reply, 404, describeUnknown(unknown));
  }
  const receipt = parts.receive(wanted.kind === 'given' ? wanted.choice : null);
  switch (receipt) {
    case 'received':
      return reply.code(202).send({ mensagem: 'Pedido recebido com sucesso' });
    case 'full':
      reply.header('retry-after', '1');
      return sendError(reply, 503, 'Fila de pedidos cheia: tente novamente');
    case 'stopping':
      return sendError(reply, 503, 'O servidor está parando');
  }
}

function describeUnknown({ kind, id }: UnknownThing): string {
  const number = id.slice(id.indexOf(':') + 1);
  return `${kind === 'customer' ? 'Cliente' : 'Produto'} ${number} não encontrado`;
}

async function sendReport(parts: RouteParts, request: FastifyRequest, reply: FastifyReply) {
  const page = readReportPage(request.query);
  if (page === undefined) {
    return sendError(reply, 400, '"limit" vai de 1 a 10000 e "antes" é o id de um pedido');
  }
  const orders = await readReport(parts.reads, parts, page);
  const last = orders.length === page.limit ? orders.at(-1) : undefined;
  const older = last === undefined ? undefined : `/relatorio?limit=${page.limit}&antes=${last.seq}`;
  if (older !== undefined) reply.header('link', `<${older}>; rel="next"`);
  reply.header('vary', 'accept');
  return prefersHtml(request.headers.accept)
    ? sendPage(reply, reportPage(orders, older))
    : orders.map(toReportJson);
}

function sendPage(reply: FastifyReply, text: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', CONTENT_SECURITY_POLICY)
    .send(text);
}

export function sendError(reply: FastifyReply, status: number, erro: string): FastifyReply {
  return reply.code(status).send({ erro });
}
