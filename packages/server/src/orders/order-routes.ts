import {
  CancellationRequest,
  OrderAnswer,
  OrderList,
  OrderQuery,
  OrderRequest,
  Uuid,
} from '@lastro/contract';
import type { OrderCompleted } from '@lastro/core';
import { Type } from 'typebox';
import { v7 as uuidV7 } from 'uuid';
import type { Application } from '../http/application.ts';
import { answers, COMMAND_PROBLEMS } from '../http/answers.ts';
import { commandId } from '../http/command-id.ts';
import { decodeNumberCursor, encodeCursor } from '../http/cursor.ts';
import { limitOf, pageOf } from '../http/pages.ts';
import { ProblemError } from '../http/problem.ts';
import {
  answerCommand,
  answerFromReads,
  envelopeOf,
  factOf,
  type Accepted,
} from '../http/run-command.ts';
import { toJsonInteger } from '../http/wire.ts';
import { readOrder, readOrders } from './order-queries.ts';
import type { OrdersParts } from './routes.ts';

const TAGS = ['orders'];
const ById = Type.Object({ id: Uuid });

export function registerOrderResources(app: Application, parts: OrdersParts): void {
  registerPlacing(app, parts);
  registerCancellation(app, parts);
  registerReads(app, parts);
}

function registerPlacing(app: Application, { engine }: OrdersParts): void {
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
}

function registerCancellation(app: Application, { engine, reads }: OrdersParts): void {
  app.post(
    '/v1/orders/:id/cancel',
    {
      config: { scope: 'write', bodyIsOptional: true },
      schema: {
        summary: 'Take a completed order back: money and goods as one, or nothing',
        description: 'The merchant must have the money and the customer must be able to take it.',
        tags: TAGS,
        params: ById,
        body: CancellationRequest,
        response: answers(200, OrderAnswer, [...COMMAND_PROBLEMS, 404]),
      },
    },
    (request, reply) => {
      const order = request.params.id;
      const { id } = request.body;
      const route = `POST /v1/orders/${order}/cancel`;
      const envelope = envelopeOf(request, route, commandId(request, id), {
        type: 'CancelOrder',
        order,
        id: id ?? uuidV7(),
        transferId: uuidV7(),
      });
      return answerFromReads(engine, request, reply, envelope, 200, async (accepted) => {
        factOf(accepted, 'order.cancelled');
        // What was cancelled stays so, and the order as it stands is the order as this left it.
        const cancelled = await readOrder(reads, order);
        if (cancelled === undefined) throw new Error('an order is gone');
        return cancelled;
      });
    },
  );
}

function registerReads(app: Application, { reads }: OrdersParts): void {
  app.get(
    '/v1/orders',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'List orders, newest first; refused and cancelled ones, too',
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
        params: ById,
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
