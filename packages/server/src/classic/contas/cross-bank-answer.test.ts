import { describe, expect, it } from 'vitest';
import { objectionAnswer, reasonAnswer } from './cross-bank-answer.ts';

const mensagem = ({ body }: ReturnType<typeof reasonAnswer>) => body['mensagem'];
const refusedBy = (bank: string, code: 'account_not_found' | 'insufficient_funds') =>
  mensagem(
    objectionAnswer(
      [{ bank, reason: { code: 'refused', refusal: { code, account: 'conta:x' } } }],
      'alfa',
    ),
  );

describe('why a transfer to another server was not made', () => {
  it('is told by whose account it is', () => {
    expect(refusedBy('alfa', 'account_not_found')).toBe('Conta não encontrada');
    expect(refusedBy('beta', 'account_not_found')).toBe('Conta de destino não encontrada');
    expect(refusedBy('alfa', 'insufficient_funds')).toBe('Saldo insuficiente');
    // There it is the debt of this bank, which is nobody's balance here.
    expect(refusedBy('beta', 'insufficient_funds')).toMatch(/^O servidor de destino recusou: /);
  });

  it('is told when the servers did not agree, and always as nothing done', () => {
    expect(mensagem(objectionAnswer([], 'alfa'))).toMatch(/nada foi transferido$/);
    for (const code of ['peer_unknown', 'peer_offline', 'peer_busy'] as const) {
      const { status, body } = reasonAnswer({ code, bank: 'beta' }, true);
      expect([status, body['sucesso']]).toEqual([200, false]);
    }
    for (const code of ['too_late', 'other_generation', 'reconciling'] as const) {
      expect(reasonAnswer({ code }, false)).toMatchObject({
        status: 200,
        body: { sucesso: false },
      });
    }
    expect(reasonAnswer({ code: 'register_away' }, true).status).toBe(503);
    expect(mensagem(reasonAnswer({ code: 'funds_held' }, true))).toBe('Saldo insuficiente');
  });
});
