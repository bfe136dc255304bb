/** What a route of this surface answers: always JSON, and status 200 unless the reader must know better. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export function succeeded(mensagem: string): Answer {
  return { status: 200, body: { sucesso: true, mensagem } };
}

export function refused(mensagem: string, status = 200): Answer {
  return { status, body: { sucesso: false, mensagem } };
}

export const BAD_DATA = refused('Dados inválidos');
export const BAD_AMOUNT = refused('Valor inválido');
export const UNKNOWN_CONTA = refused('Conta não encontrada');
export const UNKNOWN_DESTINATION = refused('Conta de destino não encontrada');
export const UNKNOWN_SERVER = refused('Servidor desconhecido', 403);
