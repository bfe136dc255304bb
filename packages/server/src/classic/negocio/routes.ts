import { setTimeout as sleep } from 'node:timers/promises';
import { LastroError, type LastroClient } from '@lastro/client';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OperationLog } from '../operation-log.ts';
import { centavosOf, reaisNumber } from '../reais.ts';

export interface NegocioRoutes {
  readonly clientFor: (token: string) => LastroClient;
  readonly operations: OperationLog;
  /** Aborted: nobody waits for a lock any more. */
  readonly stopping: AbortSignal;
}

/** A lock lasts 30 s without its owner, so whoever waits a little longer gets on. */
const LOCKED_WAIT_MS = 33_000;
const PAUSE_MIN_MS = 20;
const PAUSE_MAX_MS = 500;

/** Before the token was looked at by anybody: what no token can be is not worth a question. */
const TOKEN = /^[\x21-\x7e]{1,200}$/;

interface Operation {
  readonly name: string;
  /** As in the path, for the log. */
  readonly parameters: readonly string[];
  /** What to answer. Refusals are thrown as `LastroError`. */
  readonly run: (client: LastroClient) => Promise<object>;
}

/** The routes of a business server, as its clients know them: money as segments of the path. */
export function registerNegocioRoutes(app: FastifyInstance, parts: NegocioRoutes): void {
  app.get('/status', async (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send('business_server is up and running'),
  );
  app.get<{ Params: { conta: string; valor: string } }>(
    '/deposito/:conta/:valor',
    async (request, reply) => {
      const { conta: account, valor } = request.params;
      return perform(parts, request, reply, {
        name: 'deposito',
        parameters: [account, valor],
        run: (client) => move(parts, valor, (amount) => client.deposit({ account, amount })),
      });
    },
  );
  app.get<{ Params: { conta: string; valor: string } }>(
    '/saque/:conta/:valor',
    async (request, reply) => {
      const { conta: account, valor } = request.params;
      return perform(parts, request, reply, {
        name: 'saque',
        parameters: [account, valor],
        run: (client) => move(parts, valor, (amount) => client.withdraw({ account, amount })),
      });
    },
  );
  app.get<{ Params: { origem: string; destino: string; valor: string } }>(
    '/transferencia/:origem/:destino/:valor',
    async (request, reply) => {
      const { origem: from, destino: to, valor } = request.params;
      return perform(parts, request, reply, {
        name: 'transferencia',
        parameters: [from, to, valor],
        run: (client) => move(parts, valor, (amount) => client.transfer({ from, to, amount })),
      });
    },
  );
  app.get<{ Params: { conta: string } }>('/saldo/:conta', async (request, reply) => {
    const { conta } = request.params;
    return perform(parts, request, reply, {
      name: 'saldo',
      parameters: [conta],
      run: async (client) => {
        const { balance } = await client.readAccount(conta);
        return { saldo: reaisNumber(BigInt(balance)) };
      },
    });
  });
}

async function perform(
  { clientFor, operations }: NegocioRoutes,
  request: FastifyRequest,
  reply: FastifyReply,
  { name, parameters, run }: Operation,
): Promise<FastifyReply> {
  const { token } = request.headers;
  if (typeof token !== 'string' || !TOKEN.test(token)) return refuse(reply, 401);
  const log = (words: readonly string[]) => operations.write(request.ip, name, words);
  try {
    const answer = await run(clientFor(token));
    log(parameters);
    return await reply.send(answer);
  } catch (error) {
    if (!(error instanceof LastroError)) throw error;
    if (error.kind !== 'refused') {
      log([...parameters, error.kind]);
      throw error;
    }
    const status = statusOf(error);
    if (status !== 401) log([...parameters, error.code]);
    return refuse(reply, status);
  }
}

/** Moves an amount by one command; again, under a new id, while the account is locked by hand. */
async function move(
  { stopping }: NegocioRoutes,
  valor: string,
  submit: (amount: number) => Promise<unknown>,
): Promise<object> {
  const centavos = centavosOf(valor);
  if (centavos === undefined || centavos === 0n || centavos > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw badValue();
  }
  const giveUpAt = performance.now() + LOCKED_WAIT_MS;
  for (let pauseMs = PAUSE_MIN_MS; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS)) {
    try {
      await submit(Number(centavos));
      return {};
    } catch (error) {
      const isLocked = error instanceof LastroError && error.code === 'account_leased';
      if (!isLocked || performance.now() > giveUpAt) throw error;
    }
    await sleep(pauseMs / 2 + Math.random() * pauseMs, undefined, { signal: stopping });
  }
}

function badValue(): LastroError {
  return new LastroError({
    kind: 'refused',
    code: 'invalid_number',
    message: 'the value is no amount in reais',
    tries: 1,
  });
}

function statusOf({ status, code }: LastroError): 401 | 403 | 404 {
  if (status === 401) return 401;
  return code === 'account_not_found' || status === 404 ? 404 : 403;
}

function refuse(reply: FastifyReply, status: 401 | 403 | 404): FastifyReply {
  return reply.code(status).send({});
}
