import { ERRORS } from '@lastro/contract';
import type { consortium, Refusal } from '@lastro/core';
import type { BeginRefusal } from '../../http/cross-bank-host.ts';
import { refused, UNKNOWN_DESTINATION, type Answer } from './answer.ts';
import { refusalAnswer } from './refusal-answer.ts';

const SERVER_AWAY = refused('O servidor de destino não responde: nada foi transferido');
const TOO_MANY = refused(
  'Há transferências demais em andamento com esse servidor: tente novamente',
);
const NOT_AGREED = refused('Os servidores não concordaram a tempo: nada foi transferido');

/** Of a transfer that was undone. `because`: empty where time ran out. */
export function objectionAnswer(because: readonly consortium.Objection[], ownBank: string): Answer {
  const [first] = because;
  return first === undefined ? NOT_AGREED : reasonAnswer(first.reason, first.bank === ownBank);
}

/** Of a transfer that was not made. `isOwn`: whether the reason is this bank's, or the other one's. */
export function reasonAnswer(reason: BeginRefusal, isOwn: boolean): Answer {
  switch (reason.code) {
    case 'funds_held':
      return isOwn ? refusalAnswer('insufficient_funds') : TOO_MANY;
    case 'refused':
      return ledgerAnswer(reason.refusal.code, isOwn);
    case 'peer_unknown':
    case 'peer_offline':
      return SERVER_AWAY;
    case 'peer_busy':
      return TOO_MANY;
    case 'register_away':
      return refused('O registro dos bancos não responde: nada foi transferido', 503);
    case 'malformed':
    case 'id_reused':
    case 'decide_by_too_far':
    case 'too_late':
    case 'other_generation':
    case 'below_floor':
    case 'reconciling':
      return NOT_AGREED;
  }
}

/** The other bank says of its own accounts what this one says of its own. */
function ledgerAnswer(code: Refusal['code'], isOwn: boolean): Answer {
  if (isOwn || code === 'amount_out_of_range') return refusalAnswer(code);
  if (code === 'account_not_found') return UNKNOWN_DESTINATION;
  if (code === 'account_frozen' || code === 'account_closed') return refusalAnswer(code);
  return refused(`O servidor de destino recusou: ${ERRORS[code].title.pt}`);
}
