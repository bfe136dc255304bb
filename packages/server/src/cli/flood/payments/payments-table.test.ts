import { expect, test } from 'vitest';
import { floodTextsIn } from '../flood-texts.ts';
import { paymentsTable } from './payments-table.ts';
import type { PaymentsReport } from './simulate-payments.ts';

const held = { ok: true, block: 40, seq: 120, checks: 14, broken: [] };
const report: PaymentsReport = {
  simulation: 'payments',
  seed: 7,
  count: 100,
  concurrency: 20,
  accepted: 97,
  refused: { total: 3, byCode: { insufficient_funds: 3 } },
  unknownSettled: 1,
  unanswered: 0,
  interrupted: false,
  latencyMs: { p50: 8, p95: 20, p99: 31.4 },
  seconds: 0.5,
  rate: 200,
  gathering: {
    from: ['alfa/cliente:1', 'beta/cliente:1', 'gama/cliente:1'],
    to: 'gama/cliente:4',
    amount: 1_000_00,
    refusal: undefined,
  },
  books: ['alfa', 'beta', 'gama'].map((bank) => ({ bank, books: held })),
  positions: [
    { banks: ['alfa', 'beta'], asset: 'BRL/2', said: [123_456, -123_456] },
    { banks: ['beta', 'gama'], asset: 'BRL/2', said: [-5, 5] },
  ],
};

test('payments between banks, as a person reads them', () => {
  expect(paymentsTable(report, floodTextsIn('en'))).toBe(`\
Payments between banks: --count 100 --concurrency 20 --seed 7
  accepted                 97
  refused                   3
    Insufficient funds      3
  unknown, then settled     1
  latency p50 / p95 / p99  8 / 20 / 31.4 ms
  rate                     200/s in 0.5 s
alfa/cliente:1, beta/cliente:1, and gama/cliente:1 paid R$ 1,000.00 each to gama/cliente:4, in one transaction of three banks.
The books of alfa, beta, and gama add up: all checks of their consistency reports hold.
Every two banks agree on what they owe each other:
  alfa owes beta R$ 1,234.56
  gama owes beta R$ 0.05
`);
});

test('what is wrong is named, in the reader’s language', () => {
  const broken = [{ id: 'I1', title: 'Conservation', offenders: ['BRL/2'] }];
  const table = paymentsTable(
    {
      ...report,
      gathering: { ...report.gathering, refusal: 'insufficient_funds' },
      books: [
        { bank: 'alfa', books: held },
        { bank: 'beta', books: { ...held, ok: false, broken } },
        { bank: 'gama', books: null },
      ],
      positions: [
        { banks: ['alfa', 'beta'], asset: 'BRL/2', said: [10, -9] },
        { banks: ['alfa', 'gama'], asset: 'BRL/2', said: [10, -10] },
      ],
    },
    floodTextsIn('pt'),
  );
  expect(table).toContain('não pagaram R$ 1.000,00 cada a gama/cliente:4, e nada se moveu');
  expect(table).toContain(
    'OS LIVROS DE beta NÃO FECHAM no evento 120:\n  I1 Conservation: BRL/2\n',
  );
  expect(table).toContain('Não foi possível perguntar se os livros de gama fecham.');
  expect(table).toContain(
    'HÁ BANCOS QUE NÃO CONCORDAM sobre o que devem um ao outro:\n' +
      '  alfa diz que alfa deve R$ 0,10 a beta; beta diz que beta deve -R$ 0,09 a alfa\n',
  );
  expect(table).not.toContain('gama deve');
  const unquiet = paymentsTable({ ...report, positions: null }, floodTextsIn('en'));
  expect(unquiet).toContain('some transactions are still under way');
});
