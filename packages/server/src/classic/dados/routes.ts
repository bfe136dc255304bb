import { balance } from '@lastro/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Application } from '../../http/application.ts';
import type { OperationLog } from '../operation-log.ts';
import { centavosOf, reaisNumber } from '../reais.ts';
import { ACCOUNTS } from './accounts.ts';
import { lock, ownerOf, unlock } from './locks.ts';
import { setBalance, type SetBalanceParts } from './set-balance.ts';
import type { Tokens } from './tokens.ts';

export interface DadosRoutes extends SetBalanceParts {
  readonly tokens: Tokens;
  readonly operations: OperationLog;
}

type Answer = Readonly<Record<string, unknown>>;

/** What one operation answers, and what its line in the log says besides the account. */
interface Done {
  readonly answer: Answer;
  readonly logged: readonly string[];
}

const LOCKED = refused(-1);
const NO_ACCOUNT = refused(-2);
const BAD_VALUE = refused(-3);
const UNKNOWN_ACCOUNT = refused(-4);

const Query = Type.Record(Type.String(), Type.Unknown());

/** The routes of the data server, as its clients know them. */
export function registerDadosRoutes(app: Application, parts: DadosRoutes): void {
  app.get('/status', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send('data_server is up and running'),
  );
  const get = (name: string, run: (request: FastifyRequest, caller: string) => Promise<Done>) => {
    app.get(`/${name}`, { schema: { hide: true, querystring: Query } }, async (request, reply) =>
      answer(parts, name, request, reply, run),
    );
  };
  get('autentica', async () => ({ answer: {}, logged: [] }));
  get(
    'getSaldo',
    ofAccount(async (account) => {
      const centavos = balance(await standing(parts, account));
      return { answer: { saldo: reaisNumber(centavos) }, logged: [String(reaisNumber(centavos))] };
    }),
  );
  get(
    'setSaldo',
    ofAccount(async (account, caller, request) => {
      const value = textOf(request, 'valor');
      const centavos = value === undefined ? undefined : centavosOf(value);
      if (value === undefined || centavos === undefined) return BAD_VALUE;
      switch (await setBalance(parts, account, centavos, ownerOf(caller))) {
        case 'done':
          return { answer: {}, logged: [String(reaisNumber(centavos))] };
        case 'locked':
        case 'busy':
          return LOCKED;
        case 'bad_value':
          return BAD_VALUE;
      }
    }),
  );
  get(
    'getLock',
    ofAccount(async (account, caller) =>
      (await lock(parts, account, ownerOf(caller))) ? { answer: {}, logged: [] } : LOCKED,
    ),
  );
  for (const name of ['unLock', 'setLock']) {
    get(
      name,
      ofAccount(async (account, caller) =>
        (await unlock(parts, account, ownerOf(caller))) ? { answer: {}, logged: [] } : LOCKED,
      ),
    );
  }
}

function ofAccount(
  run: (account: string, caller: string, request: FastifyRequest) => Promise<Done>,
) {
  return async (request: FastifyRequest, caller: string): Promise<Done> => {
    const account = textOf(request, 'conta');
    if (account === undefined || account === '') return NO_ACCOUNT;
    if (!ACCOUNTS.includes(account)) return UNKNOWN_ACCOUNT;
    const done = await run(account, caller, request);
    return { ...done, logged: [account, ...done.logged] };
  };
}

function refused(code: -1 | -2 | -3 | -4): Done {
  return { answer: { error_code: code }, logged: [`error_code ${code}`] };
}

async function answer(
  { tokens, operations }: DadosRoutes,
  name: string,
  request: FastifyRequest,
  reply: FastifyReply,
  run: (request: FastifyRequest, caller: string) => Promise<Done>,
): Promise<FastifyReply> {
  if (!tokens.isKnown(request)) return reply.code(401).send({ erro: 'token inválido' });
  const given = textOf(request, 'id_negoc');
  const caller = given === undefined || given === '' ? request.ip : given;
  const done = await run(request, caller);
  reply.header('cache-control', 'no-store');
  operations.write(caller, name, done.logged);
  return reply.send(done.answer);
}

async function standing(parts: SetBalanceParts, id: string) {
  const account = await parts.readAccount(id);
  if (account === undefined) throw new Error(`account ${id} is gone`);
  return account;
}

/** One parameter of the query; undefined when it is missing or given twice. */
function textOf({ query }: FastifyRequest, name: string): string | undefined {
  if (typeof query !== 'object' || query === null) return undefined;
  const found = new Map<string, unknown>(Object.entries(query)).get(name);
  return typeof found === 'string' ? found : undefined;
}
