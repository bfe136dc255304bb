import type { Fact, Transfer } from '@lastro/core';
import { describe, expect, it } from 'vitest';
import { describeEvent } from './log-line.ts';

const mark = { principal: 'classic:contas', id: 'x', hash: '0'.repeat(64) };
const lineOf = (fact: Fact) => describeEvent({ seq: 7, command: mark, fact });

function transfer(from: string, to: string, amount = 5_050n): Transfer {
  return { id: '0', from, to, amount, asset: 'BRL/2', metadata: {} };
}
const posted = (from: string, to: string) =>
  lineOf({ type: 'transfer.posted', transfer: transfer(from, to) })?.operation;

describe('a movement', () => {
  it.each([
    ['cash:BRL', 'conta:ana', 'Depósito de 50.5 na conta ana'],
    ['conta:ana', 'cash:BRL', 'Saque de 50.5 da conta ana'],
    ['conta:ana', 'conta:bia', 'Transferência de 50.5 da conta ana para a conta bia'],
    ['conta:ana', 'peer:beta:BRL', 'Transferência de 50.5 da conta ana para o servidor beta'],
    ['peer:beta:BRL', 'conta:ana', 'Transferência de 50.5 do servidor beta para a conta ana'],
    ['conta:ana', 'loja', 'Transferência de 50.5 da conta ana para outra conta'],
    ['cliente:1', 'conta:ana', 'Transferência de 50.5 de outra conta para a conta ana'],
  ])('from %s to %s: %s', (from, to, line) => {
    expect(posted(from, to)).toBe(line);
  });

  it.each([
    ['cash:BRL', 'loja'],
    ['cliente:1', 'loja'],
    ['peer:beta:BRL', 'ana'],
  ])('from %s to %s is other people’s', (from, to) => {
    expect(posted(from, to)).toBeUndefined();
  });

  it('of many at once tells ten', () => {
    const transfers = Array.from({ length: 12 }, (_, index) =>
      transfer('cash:BRL', `conta:${index}`, 100n),
    );
    const line = lineOf({ type: 'transaction.posted', id: 't', transfers })?.operation;
    expect(line?.split('; ')).toHaveLength(11);
    expect(line).toMatch(/; e mais 2$/);
  });
});

it('a refusal of this surface is told with the account', () => {
  const fact: Fact = {
    type: 'command.refused',
    refusal: { code: 'insufficient_funds', account: 'conta:ana' },
  };
  expect(lineOf(fact)).toEqual({
    level: 'WARN',
    operation: 'Recusada: Saldo insuficiente (conta ana)',
  });
  const command = { ...mark, principal: 'somebody' };
  expect(describeEvent({ seq: 7, command, fact })).toBeUndefined();
});

it('an opening is told, that of another account is not', () => {
  const opened = (account: string): Fact => ({
    type: 'account.opened',
    account,
    asset: 'BRL/2',
    creditLimit: 0n,
    maximumBalance: null,
    metadata: {},
  });
  expect(lineOf(opened('conta:ana'))).toEqual({ level: 'INFO', operation: 'Conta ana criada' });
  expect(lineOf(opened('loja'))).toBeUndefined();
});
