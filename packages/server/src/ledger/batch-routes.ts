import {
  BatchAnswer,
  BatchRequest,
  type BatchResult,
  type TransferRequest,
} from '@lastro/contract';
import type { Envelope } from '@lastro/core';
import type { FastifyRequest } from 'fastify';
import type { Application } from '../http/application.ts';
import { answers } from '../http/answers.ts';
import { idempotencyKey } from '../http/command-id.ts';
import { beginAcross, hostOf, type Begun } from '../http/cross-bank/begin-across.ts';
import { patienceOf, type Patience } from '../http/cross-bank/patience.ts';
import { ProblemError } from '../http/problem.ts';
import { addressOf, refused, runCommand } from '../http/run-command.ts';
import { checkLeg, checkLocalMovement, isAcrossBanks, legsOf } from './cross-bank/movement.ts';
import type { LedgerParts } from './routes.ts';
import { TRANSFERS, transferOf } from './transfer-command.ts';

/** One transfer of a batch. */
type Line =
  | { readonly kind: 'local'; readonly envelope: Envelope }
  | {
      readonly kind: 'across';
      readonly body: TransferRequest;
      readonly address: Omit<Envelope, 'command'>;
      readonly patience: Patience;
    };

export function registerBatch(app: Application, parts: LedgerParts): void {
  app.post(
    '/v1/transfers/batch',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Post up to 1000 transfers, each settled by itself',
        description:
          'Each transfer has its own `id`, or the command id `<Idempotency-Key>#<index>`. ' +
          'The same id as in `POST /v1/transfers` is the same command. `Lastro-Lease` goes with each. ' +
          'Those across banks are answered with the id of their transaction, `pending` where it is ' +
          'not decided in time.',
        tags: ['transfers'],
        body: BatchRequest,
        response: answers(200, BatchAnswer, [400, 401, 403]),
      },
    },
    async (request) => {
      // All lines are looked at before the first is run: a malformed one refuses the whole.
      const lines = linesOf(request, request.body.transfers, parts.bank);
      const settled = lines.map((line) =>
        line.kind === 'local' ? runLocal(parts.engine, line.envelope) : runAcross(parts, line),
      );
      return { results: await Promise.all(settled) };
    },
  );
}

function linesOf(
  request: FastifyRequest,
  transfers: readonly TransferRequest[],
  bank: string,
): readonly Line[] {
  const key = idempotencyKey(request);
  const now = Date.now();
  return transfers.map((body, index) => {
    const place = `/transfers/${index}`;
    const command = transferOf(body);
    const id = body.id ?? (key === undefined ? command.id : `${key}#${index}`);
    const address = addressOf(request, TRANSFERS, id, body);
    if (!isAcrossBanks(body, bank)) {
      checkLocalMovement(body, place);
      return { kind: 'local', envelope: { ...address, command } };
    }
    checkLeg(body, bank, place);
    return { kind: 'across', body, address, patience: patienceOf(body, now, place) };
  });
}

async function runLocal(engine: LedgerParts['engine'], envelope: Envelope): Promise<BatchResult> {
  const result = await runCommand(engine, envelope);
  if (result.kind === 'refused') {
    return envelope.command.type === 'PostTransfer' && envelope.id === envelope.command.id
      ? { id: envelope.id, code: result.code }
      : { code: result.code };
  }
  if (result.fact.type !== 'transfer.posted') throw new Error('a transfer made another fact');
  return { id: result.fact.transfer.id, status: 'posted' };
}

type AcrossLine = Extract<Line, { readonly kind: 'across' }>;

async function runAcross(parts: LedgerParts, line: AcrossLine): Promise<BatchResult> {
  const begun = await begin(parts, line);
  switch (begun.kind) {
    case 'committed':
      return { id: begun.id, status: 'posted' };
    case 'pending':
      return { ...(begun.id === null ? {} : { id: begun.id }), status: 'pending' };
    case 'refused': {
      const { bank } = begun.details;
      return { code: begun.code, ...(bank === undefined ? {} : { bank }) };
    }
  }
}

/** What a request by itself would be refused with is the result of its line. */
async function begin(
  { assets, bank, crossBank }: LedgerParts,
  { body, address, patience }: AcrossLine,
): Promise<Begun> {
  try {
    const host = hostOf(crossBank);
    const legs = await legsOf(assets, [body], bank);
    return await beginAcross(host, address, { legs, patience, order: null });
  } catch (error) {
    if (error instanceof ProblemError) return refused(error.code, error.details, false);
    throw error;
  }
}
