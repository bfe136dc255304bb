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
import { acrossAnswers, answers, COMMAND_PROBLEMS } from '../http/answers.ts';
import { commandId } from '../http/command-id.ts';
import { isLocal, localAccount } from '../http/cross-bank/place.ts';
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
import { ORDERS, placeAcross } from './order-across.ts';
import { presentCompleted } from './order-answer.ts';
import { readOrder, readOrders } from './order-queries.ts';
import type { OrdersParts } from './routes.ts';

const TAGS = ['orders'];
const ById = Type.Object({ id: Uuid });

export function registerOrderResources(app: Application, parts: OrdersParts): void {
  registerPlacing(app, parts);
  registerCancellation(app, parts);
  registerReads(app, parts);
}

function registerPlacing(app: Application, parts: OrdersParts): void {
  const { engine, bank } = parts;
  app.post(
    '/v1/orders',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Buy: money and goods move as one, or nothing does',
        description:
          'A `customer` of another bank, `<bank>/<account>`, pays by a `consent` of that bank: goods ' +
          'and money move across banks as one. See `POST /v1/transfers` for 202.',
        tags: TAGS,
        body: OrderRequest,
        response: acrossAnswers(OrderAnswer, COMMAND_PROBLEMS),
      },
    },
    (request, reply) => {
      const { id, customer, merchant, lines, expectedTotal, consent } = request.body;
      if (!isLocal(customer, bank)) return placeAcross(parts, request, reply, request.body);
      if (consent !== undefined) {
        const detail = 'is for a customer of another bank alone';
        throw new ProblemError('invalid_request', { errors: [{ pointer: '/consent', detail }] });
      }
      const envelope = envelopeOf(request, ORDERS, commandId(request, id), {
        type: 'PlaceOrder',
        id: id ?? uuidV7(),
        customer: localAccount(customer),
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
  return presentCompleted(fact, { transaction: fact.id, seq, at });
}
