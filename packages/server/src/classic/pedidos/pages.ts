import { html, type Html } from './html.ts';
import { SCRIPT, STYLE } from './page-assets.ts';
import { reaisText } from '../reais.ts';
import type { ReportedOrder } from './report.ts';

/** The pages of the shop, in Portuguese. */

/** What `/status` answers. */
export interface ShopStatus {
  readonly em_andamento: number;
  readonly concluidos: number;
  readonly rejeitados: number;
}

const TIME = new Intl.DateTimeFormat('pt-BR', {
  dateStyle: 'short',
  timeStyle: 'medium',
  timeZone: 'UTC',
});

export function homePage(status: ShopStatus): string {
  const content = html`<p>Cada clique sorteia um cliente com saldo e um produto em estoque que ele possa pagar.</p>
<form method="post" action="pedido">
<button>Fazer um pedido</button>
<button value="20">Fazer 20 pedidos de uma vez</button>
</form>
<output aria-live="polite"></output>
${counters(status)}
<script>${inline(SCRIPT)}</script>`;
  return page('Loja de pedidos', html``, content);
}

export function statusPage(status: ShopStatus): string {
  return page(
    'Situação dos pedidos',
    html`<meta http-equiv="refresh" content="2">`,
    counters(status),
  );
}

/** `older`: the address of the next part, where there is one. */
export function reportPage(orders: readonly ReportedOrder[], older: string | undefined): string {
  const next =
    older === undefined ? html`` : html`<p><a href="${older}">Pedidos anteriores</a></p>`;
  const table = html`<div class="wide"><table>
<thead><tr><th class="number">Pedido</th><th>Criado em (UTC)</th><th>Cliente</th><th>Itens</th><th class="number">Total</th></tr></thead>
<tbody>${orders.map(reportRow)}</tbody>
</table></div>${next}`;
  const content = orders.length === 0 ? html`<p>Nenhum pedido concluído.</p>` : table;
  return page('Relatório de pedidos concluídos', html``, content);
}

function reportRow({ seq, customer, items, total, at }: ReportedOrder): Html {
  const list = items.map(
    ({ product, quantity, unitPrice }) =>
      html`<li>${quantity} × ${product}, ${reaisText(unitPrice)}</li>`,
  );
  return html`<tr><td class="number">${seq}</td><td>${TIME.format(at)}</td><td>${customer}</td><td><ul>${list}</ul></td><td class="number">${reaisText(total)}</td></tr>
`;
}

function counters({ em_andamento: running, concluidos, rejeitados }: ShopStatus): Html {
  return html`<dl>
<div><dt>Em andamento</dt><dd id="em_andamento">${running}</dd></div>
<div><dt>Concluídos</dt><dd id="concluidos">${concluidos}</dd></div>
<div><dt>Rejeitados</dt><dd id="rejeitados">${rejeitados}</dd></div>
</dl>`;
}

function page(title: string, head: Html, content: Html): string {
  return html`<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${inline(STYLE)}</style>
${head}
</head>
<body>
<nav><a href="./">Loja</a><a href="relatorio">Relatório</a><a href="status">Situação</a></nav>
<h1>${title}</h1>
${content}
</body>
</html>
`.html;
}

/** Our own style or script, which stands as it is: its bytes are what the policy allows. */
function inline(asset: string): Html {
  return { html: asset };
}
