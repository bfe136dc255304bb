import { ORDER_LINES_MAX } from '@lastro/contract';
import { readJsonBody } from '../../http/json-body.ts';
import { customerAccount, productSku } from './names.ts';
import type { ChosenLine, OrderChoice } from './order-choice.ts';

export type OrderRequest =
  | { readonly kind: 'random' }
  | { readonly kind: 'given'; readonly choice: OrderChoice }
  | { readonly kind: 'bad'; readonly erro: string };

/** As many units as an amount may have. */
const QUANTITY_MAX = 1_000_000_000_000;

/**
 * What a client asks for with `POST /pedido`. No body at all: a random order. Anything else must
 * name customer and items, `{}` too: who forgets them should hear of it. Other members are ignored.
 */
export function readOrderRequest(text: string): OrderRequest {
  if (text.trim() === '') return { kind: 'random' };
  let body: unknown;
  try {
    body = readJsonBody(text);
  } catch {
    return bad('O corpo não é um JSON válido, com números inteiros');
  }
  if (!isRecord(body)) return bad('O corpo deve ser um objeto com "cliente_id" e "itens"');
  const { cliente_id: customer, itens: items } = body;
  if (!isNumberOfThing(customer)) return bad('"cliente_id" deve ser um número inteiro, 1 ou mais');
  if (!Array.isArray(items) || items.length === 0) {
    return bad('"itens" deve ser uma lista com pelo menos um item');
  }
  if (items.length > ORDER_LINES_MAX) return bad(`"itens" tem mais de ${ORDER_LINES_MAX} itens`);
  const lines: ChosenLine[] = [];
  for (const item of items) {
    const line = readLine(item);
    if (typeof line === 'string') return bad(line);
    lines.push(line);
  }
  return { kind: 'given', choice: { customer: customerAccount(customer), lines } };
}

/** The line, or what is wrong with it. */
function readLine(item: unknown): ChosenLine | string {
  if (!isRecord(item)) return 'Cada item deve ser um objeto com "produto_id" e "quantidade"';
  const { produto_id: product, quantidade: quantity } = item;
  if (!isNumberOfThing(product)) return '"produto_id" deve ser um número inteiro, 1 ou mais';
  if (!isNumberOfThing(quantity) || quantity > QUANTITY_MAX) {
    return `"quantidade" deve ser um número inteiro de 1 a ${QUANTITY_MAX}`;
  }
  return { sku: productSku(product), quantity: BigInt(quantity) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumberOfThing(value: unknown): value is number {
  return Number.isSafeInteger(value) && typeof value === 'number' && value >= 1;
}

function bad(erro: string): OrderRequest {
  return { kind: 'bad', erro };
}
