import { ERRORS, type ErrorCode } from '@lastro/contract';
import { BAD_AMOUNT, refused, UNKNOWN_CONTA, type Answer } from './answer.ts';

const INSUFFICIENT = refused('Saldo insuficiente');
const SAME_CONTA = refused('A conta de destino é a própria conta de origem');
const LEASED = refused('Conta travada por outro: tente novamente');
const BANK_AWAY = refused('O banco não responde agora: tente novamente', 503);
const OUTCOME_UNKNOWN = refused('Não se sabe se a operação foi feita: consulte o saldo', 504);

/**
 * A refusal as this surface says it. Status 200 where the bank refused for good; 503: nothing was
 * done, for the bank is away; 504: nobody knows yet.
 */
export function refusalAnswer(code: ErrorCode): Answer {
  switch (code) {
    case 'account_not_found':
      return UNKNOWN_CONTA;
    case 'account_exists':
      return refused('Conta já existe');
    case 'insufficient_funds':
      return INSUFFICIENT;
    case 'same_account':
      return SAME_CONTA;
    case 'amount_out_of_range':
    case 'balance_out_of_range':
      return BAD_AMOUNT;
    case 'account_frozen':
      return refused('Conta bloqueada');
    case 'account_closed':
      return refused('Conta encerrada');
    case 'account_leased':
    case 'lease_lost':
      return LEASED;
    case 'id_reused':
      return refused('Esta chave já foi usada em outra operação');
    case 'outcome_unknown':
      return OUTCOME_UNKNOWN;
    default:
      if (ERRORS[code].status === 503) return BANK_AWAY;
      return refused(`Operação recusada: ${ERRORS[code].title.pt}`, statusOf(code));
  }
}

/** What the client caused is 200 here, as every refusal; what the bank caused is told by the status. */
function statusOf(code: ErrorCode): number {
  const { status } = ERRORS[code];
  return status >= 500 ? status : 200;
}
