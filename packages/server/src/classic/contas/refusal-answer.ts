import { ERRORS, type ErrorCode } from '@lastro/contract';
import { BAD_AMOUNT, refused, UNKNOWN_CONTA, type Answer } from './answer.ts';

const BANK_AWAY = refused('O banco não responde agora: tente novamente', 503);
const LEASED = refused('Conta travada por outro: tente novamente');

/** What this surface says in words of its own. */
const ANSWERS: Partial<Record<ErrorCode, Answer>> = {
  account_not_found: UNKNOWN_CONTA,
  account_exists: refused('Conta já existe'),
  insufficient_funds: refused('Saldo insuficiente'),
  same_account: refused('A conta de destino é a própria conta de origem'),
  amount_out_of_range: BAD_AMOUNT,
  balance_out_of_range: BAD_AMOUNT,
  account_frozen: refused('Conta bloqueada'),
  account_closed: refused('Conta encerrada'),
  account_leased: LEASED,
  lease_lost: LEASED,
  id_reused: refused('Esta chave já foi usada em outra operação'),
  outcome_unknown: refused('Não se sabe se a operação foi feita: consulte o saldo', 504),
};

/**
 * A refusal as this surface says it. Status 200 where the bank refused for good; 503: nothing was
 * done, for the bank is away; 504: nobody knows yet.
 */
export function refusalAnswer(code: ErrorCode): Answer {
  const { status, title } = ERRORS[code];
  if (status === 503) return BANK_AWAY;
  // What the client caused is 200 here, as every refusal; what the bank caused is told by the status.
  const known = ANSWERS[code];
  return known ?? refused(`Operação recusada: ${title.pt}`, status >= 500 ? status : 200);
}
