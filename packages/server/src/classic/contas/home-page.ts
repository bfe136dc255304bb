import type { FastifyReply } from 'fastify';
import { htmlPage, PAGE_HEADERS } from '../../http/html.ts';

const ROUTES: readonly (readonly [route: string, meaning: string])[] = [
  ['POST /contas', '{"id_conta", "saldo"}: abre uma conta'],
  ['GET /contas/:id', 'o saldo'],
  ['POST /contas/:id/deposito', '{"valor"}'],
  ['POST /contas/:id/saque', '{"valor"}'],
  ['POST /contas/:id/transferencia', '{"valor", "conta_destino", "servidor"}'],
  ['POST /transferencia', '{"id_origem", "id_destino", "valor"}'],
  ['GET /saldo-outro-servidor/:id/:host_port', 'o saldo em outro servidor'],
  ['POST /transacao-outro-servidor', '{"id_conta", "valor", "endereco_servidor"}'],
  ['GET /log', 'o que aconteceu, na ordem do banco'],
];

const ROWS = ROUTES.map(
  ([route, meaning]) => `<tr><td><code>${route}</code></td><td>${meaning}</td></tr>`,
).join('');

/** The short page of a server. */
export function homePage(reply: FastifyReply, bank: string): FastifyReply {
  const body = `<h1>Servidor de contas <small>${bank}</small></h1>
<p class="lead">Contas distribuídas: cada operação é um comando do banco ${bank}.</p>
<table>${ROWS}</table><p><a href="log">log</a></p>`;
  return reply.headers(PAGE_HEADERS).send(htmlPage(`Contas, ${bank}`, body, 'pt'));
}
