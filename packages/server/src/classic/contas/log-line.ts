import type { Event, Fact, Transfer } from '@lastro/core';
import { reaisNumber } from '../reais.ts';
import { contaIdOf } from './conta-id.ts';
import { PRINCIPAL } from './envelope.ts';
import { refusalAnswer } from './refusal-answer.ts';

export interface LogLine {
  readonly level: 'INFO' | 'WARN';
  readonly operation: string;
}

/** Movements of one event that are told one by one. */
const MOVEMENTS_TOLD = 10;

/** What an event says to this surface; undefined: nothing, for it touches none of its accounts. */
export function describeEvent({ fact, command }: Event): LogLine | undefined {
  if (fact.type === 'command.refused') {
    if (command?.principal !== PRINCIPAL) return undefined;
    const { refusal } = fact;
    const conta = 'account' in refusal ? contaIdOf(refusal.account) : undefined;
    const place = conta === undefined ? '' : ` (conta ${conta})`;
    return warn(`Recusada: ${mensagemOf(refusal.code)}${place}`);
  }
  const operation = describeAccount(fact) ?? describeMovements(fact);
  return operation === undefined ? undefined : { level: 'INFO', operation };
}

/** What became of an account, by the event. */
const ACCOUNT_EVENTS: Partial<Record<Fact['type'], string>> = {
  'account.opened': 'criada',
  'account.frozen': 'bloqueada',
  'account.unfrozen': 'desbloqueada',
  'account.closed': 'encerrada',
  'account.reopened': 'reaberta',
};

function describeAccount(fact: Fact): string | undefined {
  const what = ACCOUNT_EVENTS[fact.type];
  const conta = what !== undefined && 'account' in fact ? contaIdOf(fact.account) : undefined;
  return conta === undefined ? undefined : `Conta ${conta} ${what}`;
}

function describeMovements(fact: Fact): string | undefined {
  const told = movementsOf(fact).flatMap((transfer) => describeMovement(transfer) ?? []);
  if (told.length === 0) return undefined;
  const rest = told.length - MOVEMENTS_TOLD;
  return [...told.slice(0, MOVEMENTS_TOLD), ...(rest > 0 ? [`e mais ${rest}`] : [])].join('; ');
}

type Movement = Pick<Transfer, 'from' | 'to' | 'amount'>;

/** What moved; what was only promised has not. */
function movementsOf(fact: Fact): readonly Movement[] {
  if (fact.type === 'hold.placed') return [];
  if ('transfer' in fact) return [fact.transfer];
  if ('transfers' in fact) return fact.transfers;
  return 'legs' in fact ? fact.legs.map(({ transfer }) => transfer) : [];
}

/** Accounts that are not of this surface are not named: they are other people's. */
function describeMovement({ from, to, amount }: Movement): string | undefined {
  const source = contaIdOf(from);
  const destination = contaIdOf(to);
  const reais = reaisNumber(amount);
  if (source !== undefined && destination !== undefined) {
    return `Transferência de ${reais} da conta ${source} para a conta ${destination}`;
  }
  if (source !== undefined) {
    if (isCash(to)) return `Saque de ${reais} da conta ${source}`;
    return `Transferência de ${reais} da conta ${source} para ${otherSide(to)}`;
  }
  if (destination === undefined) return undefined;
  if (isCash(from)) return `Depósito de ${reais} na conta ${destination}`;
  return `Transferência de ${reais} ${fromOtherSide(from)} para a conta ${destination}`;
}

const isCash = (account: string) => account.startsWith('cash:');

const PEER_ACCOUNT = /^peer:([a-z][a-z0-9-]{1,30}):/;

function otherSide(account: string): string {
  const bank = PEER_ACCOUNT.exec(account)?.[1];
  return bank === undefined ? 'outra conta' : `o servidor ${bank}`;
}

function fromOtherSide(account: string): string {
  const bank = PEER_ACCOUNT.exec(account)?.[1];
  return bank === undefined ? 'de outra conta' : `do servidor ${bank}`;
}

function mensagemOf(code: Parameters<typeof refusalAnswer>[0]): string {
  return String(refusalAnswer(code).body['mensagem']);
}

function warn(operation: string): LogLine {
  return { level: 'WARN', operation };
}
