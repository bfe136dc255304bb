import { expect, test } from 'vitest';
import { floodTextsIn } from './flood-texts.ts';
import { resultTable } from './result-table.ts';
import type { SimulationReport } from './simulation.ts';

const report: SimulationReport = {
  simulation: 'orders',
  url: 'http://127.0.0.1:4000',
  seed: 7,
  count: 2_000,
  concurrency: 50,
  hotProduct: null,
  accepted: 1_234,
  refused: { total: 766, byCode: { insufficient_stock: 765, of_a_newer_bank: 1 } },
  unknownSettled: 3,
  unanswered: 0,
  interrupted: false,
  latencyMs: { p50: 3.14, p95: 10, p99: 20.26 },
  seconds: 2.5,
  rate: 800,
  books: { ok: true, block: 40, seq: 2_020, checks: 11, broken: [] },
};

test('a result, as a person reads it', () => {
  expect(resultTable(report, floodTextsIn('en'))).toBe(`\
Orders: --count 2000 --concurrency 50 --seed 7
  accepted                 1,234
  refused                    766
    Insufficient stock       765
    of_a_newer_bank            1
  unknown, then settled        3
  latency p50 / p95 / p99  3.1 / 10 / 20.3 ms
  rate                     800/s in 2.5 s
The books add up: all 11 checks of the consistency report hold at event 2020.
`);
});

test('what is broken is named, in the reader’s language', () => {
  const broken = [{ id: 'I3', title: 'Goods', offenders: ['tea', 'coffee'] }];
  const table = resultTable(
    {
      ...report,
      hotProduct: { sku: 'tea', share: 0.5 },
      unanswered: 10,
      interrupted: true,
      books: { ok: false, block: 40, seq: 2_020, checks: 11, broken },
    },
    floodTextsIn('pt'),
  );
  expect(table).toContain(
    'Pedidos: --count 2000 --concurrency 50 --seed 7, --hot-product 0.5 (tea)',
  );
  expect(table).toMatch(/^ {4}Estoque insuficiente +765$/m);
  expect(table).toMatch(/^ {2}sem resposta +10$/m);
  expect(table).toContain('3,1 / 10 / 20,3 ms');
  expect(table).toContain('Encerrado antes: foram enviados 2.010 de 2.000.');
  expect(table).toContain('OS LIVROS NÃO FECHAM no evento 2020:\n  I3 Goods: tea, coffee\n');
  const unread = resultTable({ ...report, books: null }, floodTextsIn('en'));
  expect(unread).toContain('Whether the books add up could not be asked.');
});
