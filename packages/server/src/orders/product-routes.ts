import {
  AdjustmentRequest,
  ProductAnswer,
  ProductChange,
  ProductList,
  ProductQuery,
  ProductRequest,
  ReceiptRequest,
  Sku,
} from '@lastro/contract';
import type { Envelope } from '@lastro/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { v7 as uuidV7 } from 'uuid';
import type { Application } from '../http/application.ts';
import { answers, COMMAND_PROBLEMS } from '../http/answers.ts';
import { commandId } from '../http/command-id.ts';
import { decodeTextCursor, encodeCursor } from '../http/cursor.ts';
import { limitOf, pageOf } from '../http/pages.ts';
import { ProblemError, sendProblem } from '../http/problem.ts';
import { answerFromReads, envelopeOf } from '../http/run-command.ts';
import { expectedVersion, versionTag } from '../http/version-tag.ts';
import { presentProduct } from './product-answer.ts';
import { readProduct, readProducts } from './product-queries.ts';
import type { OrdersParts } from './routes.ts';

const TAGS = ['products'];
const BySku = Type.Object({ sku: Sku });

export function registerProducts(app: Application, parts: OrdersParts): void {
  registerCreation(app, parts);
  registerChange(app, parts);
  registerGoods(app, parts);
  registerReads(app, parts);
}

function registerCreation(app: Application, parts: OrdersParts): void {
  app.post(
    '/v1/products',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Create a product with its first stock',
        tags: TAGS,
        body: ProductRequest,
        response: answers(201, ProductAnswer, COMMAND_PROBLEMS),
      },
    },
    (request, reply) => {
      const { sku, name, price, asset, stock, merchant } = request.body;
      const id = commandId(request, undefined);
      const envelope = envelopeOf(request, 'POST /v1/products', id, {
        type: 'CreateProduct',
        sku,
        name,
        price: BigInt(price),
        asset,
        merchant: merchant ?? null,
        stock: BigInt(stock),
        transferId: uuidV7(),
      });
      return answerWithProduct(parts, request, reply, envelope, 201);
    },
  );
}

function registerChange(app: Application, parts: OrdersParts): void {
  app.patch(
    '/v1/products/:sku',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Change name or price; If-Match carries the ETag that was read',
        tags: TAGS,
        params: BySku,
        body: ProductChange,
        response: answers(200, ProductAnswer, [...COMMAND_PROBLEMS, 412, 428]),
      },
    },
    (request, reply) => {
      const { sku } = request.params;
      const { name, price } = request.body;
      const version = expectedVersion(request);
      if (version === undefined) return sendProblem(request, reply, 'precondition_required');
      const route = `PATCH /v1/products/${sku} ${version}`;
      const envelope = envelopeOf(request, route, commandId(request, undefined), {
        type: 'ChangeProduct',
        sku,
        version,
        name: name ?? null,
        price: price === undefined ? null : BigInt(price),
      });
      return answerWithProduct(parts, request, reply, envelope, 200);
    },
  );
}

function registerGoods(app: Application, parts: OrdersParts): void {
  app.post(
    '/v1/products/:sku/receipts',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Receive units into stock',
        tags: TAGS,
        params: BySku,
        body: ReceiptRequest,
        response: answers(201, ProductAnswer, COMMAND_PROBLEMS),
      },
    },
    (request, reply) => {
      const { sku } = request.params;
      const { id, quantity } = request.body;
      const route = `POST /v1/products/${sku}/receipts`;
      const envelope = envelopeOf(request, route, commandId(request, id), {
        type: 'ReceiveGoods',
        sku,
        quantity: BigInt(quantity),
        transferId: id ?? uuidV7(),
      });
      return answerWithProduct(parts, request, reply, envelope, 201);
    },
  );

  app.post(
    '/v1/products/:sku/adjustments',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Correct the stock: below zero writes off, above zero finds again',
        tags: TAGS,
        params: BySku,
        body: AdjustmentRequest,
        response: answers(201, ProductAnswer, COMMAND_PROBLEMS),
      },
    },
    (request, reply) => {
      const { sku } = request.params;
      const { id, quantity, reason } = request.body;
      const route = `POST /v1/products/${sku}/adjustments`;
      const envelope = envelopeOf(request, route, commandId(request, id), {
        type: 'AdjustGoods',
        sku,
        quantity: BigInt(quantity),
        reason,
        transferId: id ?? uuidV7(),
      });
      return answerWithProduct(parts, request, reply, envelope, 201);
    },
  );
}

/** Runs a command about a product and answers with the product as the command left it. */
function answerWithProduct(
  { engine, reads }: OrdersParts,
  request: FastifyRequest,
  reply: FastifyReply,
  envelope: Envelope,
  status: 200 | 201,
): Promise<FastifyReply> {
  return answerFromReads(engine, request, reply, envelope, status, async ({ fact, seq }) => {
    const product = await presentProduct(reads, envelope, fact, seq);
    reply.header('etag', versionTag(product.version));
    return product;
  });
}

function registerReads(app: Application, { reads }: OrdersParts): void {
  app.get(
    '/v1/products',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'List products by sku',
        tags: TAGS,
        querystring: ProductQuery,
        response: answers(200, ProductList, [400, 401, 503]),
      },
    },
    async ({ query }) => {
      const limit = limitOf(query);
      const rows = await readProducts(reads, decodeTextCursor(query.cursor), limit + 1);
      return pageOf(
        rows,
        limit,
        (product) => product,
        ({ sku }) => encodeCursor(sku),
      );
    },
  );

  app.get(
    '/v1/products/:sku',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Read a product; its version is the ETag',
        tags: TAGS,
        params: BySku,
        response: answers(200, ProductAnswer, [400, 401, 404, 503]),
      },
    },
    async ({ params }, reply) => {
      const product = await readProduct(reads, params.sku);
      if (product === undefined) throw new ProblemError('not_found');
      return reply.header('etag', versionTag(product.version)).send(product);
    },
  );
}
