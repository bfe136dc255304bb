import { NO_METADATA, type Command } from '@lastro/core';
import { v7 as uuidV7 } from 'uuid';
import type { Engine } from '../../engine/engine.ts';
import { runCommand } from '../../http/run-command.ts';
import type { Snapshot } from '../../store/reads.ts';
import {
  BAD_AMOUNT,
  refused,
  succeeded,
  UNKNOWN_CONTA,
  UNKNOWN_DESTINATION,
  type Answer,
} from './answer.ts';
import { AMOUNT_MAX, standingAmong } from './conta.ts';
import { accountOf } from './conta-id.ts';
import { envelopeOf, type Operation } from './envelope.ts';
import { reaisNumber } from '../reais.ts';
import { refusalAnswer } from './refusal-answer.ts';

export interface MovingParts {
  readonly engine: Pick<Engine, 'submit'>;
  readonly reads: Snapshot;
}

/** Money that leaves one account for another, both named as clients name them. */
export interface WantedTransfer {
  readonly from: string;
  readonly to: string;
  /** Centavos. */
  readonly amount: bigint;
}

const NOT_HERE = refused(
  'Conta de destino não encontrada neste servidor, e nenhum outro servidor foi informado',
);

/** Whether an amount is one that can be moved at all. */
export function isMovable(centavos: bigint | undefined): centavos is bigint {
  return centavos !== undefined && centavos > 0n && centavos <= AMOUNT_MAX;
}

/** Money from outside into an account, or out of it. */
export async function moveCash(
  { engine, reads }: MovingParts,
  type: 'Deposit' | 'Withdraw',
  conta: string,
  amount: bigint,
  operation: Operation,
): Promise<Answer> {
  if (!isMovable(amount)) return BAD_AMOUNT;
  const account = accountOf(conta);
  // Looked at first, so that whoever asks for what is not there writes nothing into the journal.
  if (!(await standingAmong(reads, [account])).has(account)) return UNKNOWN_CONTA;
  const command: Command = { type, id: uuidV7(), account, amount, metadata: NO_METADATA };
  const result = await runCommand(engine, envelopeOf(operation, command));
  if (result.kind === 'refused') return refusalAnswer(result.code);
  return succeeded(type === 'Deposit' ? 'Depósito realizado' : 'Saque realizado');
}

/** One command. `isNamed`: the client named this server, so that no other one is missing. */
export async function transferHere(
  { engine, reads }: MovingParts,
  wanted: WantedTransfer,
  isNamed: boolean,
  operation: Operation,
): Promise<Answer> {
  const from = accountOf(wanted.from);
  const to = accountOf(wanted.to);
  const standing = await standingAmong(reads, [from, to]);
  if (!standing.has(from)) return UNKNOWN_CONTA;
  if (!standing.has(to)) return isNamed ? UNKNOWN_DESTINATION : NOT_HERE;
  const { amount } = wanted;
  const result = await runCommand(
    engine,
    envelopeOf(operation, {
      type: 'PostTransfer',
      id: uuidV7(),
      from,
      to,
      amount,
      metadata: NO_METADATA,
      condition: null,
    }),
  );
  return result.kind === 'refused' ? refusalAnswer(result.code) : transferred(wanted);
}

export function transferred({ amount, to }: WantedTransfer): Answer {
  return succeeded(`Transferência de ${reaisNumber(amount)} para a conta ${to} realizada`);
}
