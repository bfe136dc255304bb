import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AskServer, type Question } from './ask-server.ts';

const READ: Question = { method: 'GET', path: '/contas/1', body: null, key: null };
const DEPOSIT: Question = {
  method: 'POST',
  path: '/contas/1/deposito',
  body: '{"valor":5}',
  key: 'id-of-the-deposit',
};

type Behaviour = (request: IncomingMessage, reply: ServerResponse, asked: number) => void;

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

/** A server that behaves so, and what it was asked. */
async function serverThat(behave: Behaviour, answerTimeoutMs = 30_000) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, reply) => {
    asked.push(request);
    behave(request, reply, asked.length);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ask = new AskServer({ answerTimeoutMs });
  endings.push(async () => {
    await ask.close();
    server.closeAllConnections();
    server.close();
  });
  const peer = { bank: 'beta', host: '127.0.0.1', port };
  return { asked, ask: (question: Question) => ask.ask(peer, question) };
}

const json = (reply: ServerResponse, value: unknown, status = 200) =>
  reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

describe('what another server answers', () => {
  it('is passed on, and nothing else of it', async () => {
    const { ask, asked } = await serverThat((_, reply) =>
      json(reply, { sucesso: true, saldo: 12.5, segredo: 'x', mensagem: 'm'.repeat(900) }),
    );
    expect(await ask(READ)).toEqual({
      kind: 'answered',
      answer: { status: 200, body: { sucesso: true, saldo: 12.5, mensagem: 'm'.repeat(500) } },
    });
    expect(asked.map(({ method, url }) => [method, url])).toEqual([['GET', '/contas/1']]);
  });

  it.each<readonly [string, Behaviour]>([
    ['another form', (_, reply) => json(reply, { ok: true })],
    ['no JSON', (_, reply) => reply.end('<html>')],
    ['another status', (_, reply) => json(reply, { sucesso: true, saldo: 1 }, 500)],
    ['a redirect', (_, reply) => reply.writeHead(302, { location: '/elsewhere' }).end()],
    ['far too much', (_, reply) => json(reply, { sucesso: true, mensagem: 'x'.repeat(1_000_000) })],
    ['nothing in time', () => undefined],
    ['half of it in time', (_, reply) => reply.writeHead(200).write('{"sucesso":')],
    ['a cut', (request) => request.socket.destroy()],
  ])('that is %s counts as silence', async (_, behave) => {
    const { ask, asked } = await serverThat(behave, 1_000);
    expect(await ask(READ)).toEqual({ kind: 'silent', effect: 'unknown' });
    expect(asked).toHaveLength(1);
  });

  it('that is not there had no effect', async () => {
    const ask = new AskServer();
    endings.push(() => ask.close());
    const nobody = { bank: 'beta', host: '127.0.0.1', port: 1 };
    expect(await ask.ask(nobody, DEPOSIT)).toEqual({ kind: 'silent', effect: 'none' });
  });
});

describe('a deposit', () => {
  it('is sent again under its one id when its answer was lost', async () => {
    const { ask, asked } = await serverThat((request, reply, count) => {
      if (count < 3) request.socket.destroy();
      else json(reply, { sucesso: true, mensagem: 'Depósito realizado' });
    });
    expect(await ask(DEPOSIT)).toMatchObject({ kind: 'answered' });
    expect(asked.map(({ headers }) => headers['idempotency-key'])).toEqual(
      Array.from({ length: 3 }, () => DEPOSIT.key),
    );
  });

  it('whose answers are all lost may have been done', async () => {
    const { ask, asked } = await serverThat((request) => request.socket.destroy());
    expect(await ask(DEPOSIT)).toEqual({ kind: 'silent', effect: 'unknown' });
    expect(asked).toHaveLength(3);
  });
});
