import { OrderAnswer, OrderList, OrderQuery, OrderRequest, Uuid } from '@lastro/contract';
import type { OrderCompleted } from '@lastro/core';
import { Type } from 'typebox';
import { v7 as uuidV7 } from 'uuid';
import type { Application } from '../http/application.ts';
import { answers, COMMAND_PROBLEMS } from '../http/answers.ts';
import { commandId } from '../http/command-id.ts';
import { decodeNumberCursor, encodeCursor } from '../http/cursor.ts';
import { limitOf, pageOf } from '../http/pages.ts';
import { ProblemError } from '../http/problem.ts';
import { answerCommand, envelopeOf, type Accepted } from '../http/run-command.ts';
import { toJsonInteger } from '../http/wire.ts';
import { readOrder, readOrders } from './order-queries.ts';
import type { OrdersParts } from './routes.ts';

const TAGS = ['orders'];

export function registerOrderResources(app: Application, { engine, reads }: OrdersParts): void {
  app.post(
    '/v1/orders',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Buy: money and goods move as one, or nothing does',
        tags: TAGS,
        body: OrderRequest,
        response: answers(201, OrderAnswer, COMMAND_PROBLEMS),
      },
    },
    (request, reply) => {
      const { id, customer, merchant, lines, expectedTotal } = request.body;
      const envelope = envelopeOf(request, 'POST /v1/orders', commandId(request, id), {
        type: 'PlaceOrder',
        id: id ?? uuidV7(),
        customer,
        merchant,
        lines: lines.map(({ sku, quantity }) => ({ sku, quantity: BigInt(quantity) })),
        expectedTotal: expectedTotal === undefined ? null : BigInt(expectedTotal),
        transferIds: Array.from({ length: lines.length + 1 }, () => uuidV7()),
      });
      return answerCommand(engine, request, reply, envelope, 'order.completed', present);
    },
  );

  app.get(
    '/v1/orders',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'List orders, newest first; refused ones, too',
        tags: TAGS,
        querystring: OrderQuery,
        response: answers(200, OrderList, [400, 401, 503]),
      },
    },
    async ({ query }) => {
      const limit = limitOf(query);
      const before = decodeNumberCursor(query.cursor, 1)?.[0];
      const filter = { status: query.status, customer: query.customer };
      const rows = await readOrders(reads, filter, before, limit + 1);
      return pageOf(
        rows,
        limit,
        (order) => order,
        ({ seq }) => encodeCursor(seq),
      );
    },
  );

  app.get(
    '/v1/orders/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Read an order',
        tags: TAGS,
        params: Type.Object({ id: Uuid }),
        response: answers(200, OrderAnswer, [400, 401, 404, 503]),
      },
    },
    async ({ params }) => {
      const order = await readOrder(reads, params.id);
      if (order === undefined) throw new ProblemError('not_found');
      return order;
    },
  );
}

function present(fact: OrderCompleted, { seq, at }: Accepted): OrderAnswer {
  const { id, customer, merchant, asset, lines, total } = fact;
  return {
    id,
    status: 'completed',
    customer,
    merchant,
    asset,
    lines: lines.map((line) => ({
      sku: line.sku,
      name: line.name,
      unitPrice: toJsonInteger(line.unitPrice),
      quantity: toJsonInteger(line.quantity),
      total: toJsonInteger(line.total),
    })),
    total: toJsonInteger(total),
    transactionId: id,
    seq,
    at,
  };
}
