import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { CrossBankHost } from '../../http/cross-bank-host.ts';
import { idempotencyKey } from '../../http/command-id.ts';
import { reaisNumber } from '../reais.ts';
import {
  BAD_AMOUNT,
  BAD_DATA,
  refused,
  succeeded,
  UNKNOWN_CONTA,
  UNKNOWN_SERVER,
  type Answer,
} from './answer.ts';
import type { AskServer, Question } from './ask-server.ts';
import { AMOUNT_MAX, readConta } from './conta.ts';
import { accountOf, isContaId } from './conta-id.ts';
import { operationOf } from './envelope.ts';
import { homePage } from './home-page.ts';
import { registerLog, type LogRoute } from './log-route.ts';
import { isMovable, moveCash, transferHere, type MovingParts } from './move-money.ts';
import { finishOpening, openConta } from './open-conta.ts';
import { centavosIn, has, idIn, readMembers, type Members } from './request-body.ts';
import type { Server, Servers } from './servers.ts';
import { transferAcross } from './transfer-across.ts';

export interface ContasRoutes extends MovingParts, LogRoute {
  readonly log: Pick<Logger, 'info'>;
  readonly servers: Servers;
  /** Whether a bank is a peer now. */
  readonly isPeer: (bank: string) => boolean;
  readonly ask: AskServer;
  /** Undefined: there is no consortium, and no peer. */
  readonly crossBank: CrossBankHost | undefined;
  /** Aborted: nobody waits any more. */
  readonly stopping: AbortSignal;
}

type Handler = (members: Members, request: FastifyRequest) => Promise<Answer>;

/** The routes of a server of accounts, as its clients know them. */
export function registerContasRoutes(app: FastifyInstance, parts: ContasRoutes): void {
  const post = (path: string, handle: Handler) =>
    app.post(path, async (request, reply) => {
      const { body } = request;
      return send(reply, await handle(readMembers(typeof body === 'string' ? body : ''), request));
    });
  app.get('/', async (_request, reply) => homePage(reply, parts.ownBank));
  post('/contas', (members) => open(parts, members));
  app.get('/contas/:id', async (request, reply) => send(reply, await read(parts, idOf(request))));
  post('/contas/:id/deposito', (members, request) => move(parts, 'Deposit', members, request));
  post('/contas/:id/saque', (members, request) => move(parts, 'Withdraw', members, request));
  for (const path of ['/contas/:id/transferencia', '/transferencia/:id']) {
    post(path, (members, request) =>
      transfer(parts, members, request, { from: idOf(request), destination: 'conta_destino' }),
    );
  }
  post('/transferencia', (members, request) =>
    transfer(parts, members, request, {
      from: idIn(members, 'id_origem'),
      destination: 'id_destino',
    }),
  );
  app.get('/saldo-outro-servidor/:id/:host_port', async (request, reply) =>
    send(reply, await readElsewhere(parts, idOf(request), parameterOf(request, 'host_port'))),
  );
  post('/transacao-outro-servidor', (members, request) => depositAt(parts, members, request));
  post('/replicar', (members) => replicate(parts, members));
  registerLog(app, parts);
}

export function send(reply: FastifyReply, { status, body }: Answer): FastifyReply {
  if (status === 503) reply.header('retry-after', '1');
  return reply.code(status).send(body);
}

async function open(parts: ContasRoutes, members: Members): Promise<Answer> {
  const id = idIn(members, 'id_conta');
  const centavos = centavosIn(members, 'saldo');
  if (id === undefined || centavos === undefined || centavos > AMOUNT_MAX) return BAD_DATA;
  const account = accountOf(id);
  const standing = await readConta(parts.reads, account);
  if (standing === undefined) return openConta(parts, account, centavos);
  await finishOpening(parts, standing);
  return refused('Conta já existe');
}

async function read(parts: ContasRoutes, id: string | undefined): Promise<Answer> {
  if (id === undefined) return UNKNOWN_CONTA;
  const account = accountOf(id);
  const found = await readConta(parts.reads, account);
  if (found === undefined) return UNKNOWN_CONTA;
  const finished = await finishOpening(parts, found);
  const { balance } = (finished ? await readConta(parts.reads, account) : found) ?? found;
  return { status: 200, body: { sucesso: true, saldo: reaisNumber(balance) } };
}

async function move(
  parts: ContasRoutes,
  type: 'Deposit' | 'Withdraw',
  members: Members,
  request: FastifyRequest,
): Promise<Answer> {
  if (!has(members, 'valor')) return BAD_DATA;
  const amount = centavosIn(members, 'valor');
  if (!isMovable(amount)) return BAD_AMOUNT;
  const id = idOf(request);
  if (id === undefined) return UNKNOWN_CONTA;
  const operation = operationOf(idempotencyKey(request), type, id, String(amount));
  return moveCash(parts, type, id, amount, operation);
}

/** Whose account it leaves, and the member that names the other one. */
interface TransferShape {
  readonly from: string | undefined;
  readonly destination: 'conta_destino' | 'id_destino';
}

async function transfer(
  parts: ContasRoutes,
  members: Members,
  request: FastifyRequest,
  { from, destination }: TransferShape,
): Promise<Answer> {
  const isNamed = has(members, 'servidor') && members.get('servidor') !== '';
  const server = isNamed ? serverOf(parts, members.get('servidor')) : undefined;
  if (isNamed && server === undefined) return UNKNOWN_SERVER;
  if (!has(members, 'valor') || !has(members, destination)) return BAD_DATA;
  const to = idIn(members, destination);
  if (to === undefined || (from === undefined && destination === 'id_destino')) return BAD_DATA;
  const amount = centavosIn(members, 'valor');
  if (!isMovable(amount)) return BAD_AMOUNT;
  if (from === undefined) return UNKNOWN_CONTA;
  const wanted = { from, to, amount };
  const bank = server?.kind === 'peer' ? server.peer.bank : parts.ownBank;
  const operation = operationOf(idempotencyKey(request), from, bank, to, String(amount));
  const { crossBank } = parts;
  if (bank === parts.ownBank || crossBank === undefined) {
    return transferHere(parts, wanted, isNamed, operation);
  }
  return transferAcross({ ...parts, crossBank }, bank, wanted, operation);
}

/** Only this server and those of banks that are peers; undefined for any other address. */
function serverOf({ servers, isPeer }: ContasRoutes, address: unknown): Server | undefined {
  const server = servers.find(address);
  if (server?.kind === 'peer' && !isPeer(server.peer.bank)) return undefined;
  return server;
}

async function readElsewhere(
  parts: ContasRoutes,
  id: string | undefined,
  address: string,
): Promise<Answer> {
  const server = serverOf(parts, address);
  if (server === undefined) return UNKNOWN_SERVER;
  if (id === undefined) return UNKNOWN_CONTA;
  if (server.kind === 'own') return read(parts, id);
  const question: Question = { method: 'GET', path: pathOf(id), body: null, key: null };
  const asked = await parts.ask.ask(server.peer, question);
  return asked.kind === 'answered' ? asked.answer : refused('O outro servidor não respondeu');
}

/**
 * Money from outside, deposited there by that server's own command. It is sent under one id, so that
 * however often it is sent it is one deposit, and nothing is debited here.
 */
async function depositAt(
  parts: ContasRoutes,
  members: Members,
  request: FastifyRequest,
): Promise<Answer> {
  if (!has(members, 'endereco_servidor')) return BAD_DATA;
  const server = serverOf(parts, members.get('endereco_servidor'));
  if (server === undefined) return UNKNOWN_SERVER;
  const id = idIn(members, 'id_conta');
  if (id === undefined || !has(members, 'valor')) return BAD_DATA;
  const amount = centavosIn(members, 'valor');
  if (!isMovable(amount)) return BAD_AMOUNT;
  const operation = operationOf(idempotencyKey(request), 'Deposit', id, String(amount));
  if (server.kind === 'own') return moveCash(parts, 'Deposit', id, amount, operation);
  const asked = await parts.ask.ask(server.peer, {
    method: 'POST',
    path: `${pathOf(id)}/deposito`,
    body: JSON.stringify({ valor: reaisNumber(amount) }),
    key: operation.id,
  });
  if (asked.kind === 'answered') return asked.answer;
  return asked.effect === 'none'
    ? refused('O outro servidor não respondeu: nada foi depositado')
    : refused('Não se sabe se o depósito foi feito: consulte o saldo no outro servidor', 504);
}

/** Replication itself goes by another way: an operation that is sent here is written down, and has no effect. */
async function replicate({ log }: ContasRoutes, members: Members): Promise<Answer> {
  if (members.size === 0) return BAD_DATA;
  log.info({ members: members.size }, 'contas: an operation of another server was received');
  return succeeded('Log replicado com sucesso');
}

function pathOf(id: string): string {
  return `/contas/${encodeURIComponent(id)}`;
}

function idOf(request: FastifyRequest): string | undefined {
  const id = parameterOf(request, 'id');
  return isContaId(id) ? id : undefined;
}

function parameterOf({ params }: FastifyRequest, name: string): string {
  const isObject = typeof params === 'object' && params !== null;
  const value = isObject ? new Map<string, unknown>(Object.entries(params)).get(name) : undefined;
  return typeof value === 'string' ? value : '';
}
