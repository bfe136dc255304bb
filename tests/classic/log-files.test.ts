import { beforeAll, describe, expect, it } from 'vitest';
import { atLeast, startClassicWorld, type ClassicWorld, type IsWhole } from './classic-world.ts';

const LINE = /^(\d\d)\/(\d\d)\/\d{4} \d\d:\d\d:\d\d, (\d+), ([^,]+), ([A-Za-z]+)(?:, (.*))?$/;

let world: ClassicWorld;

beforeAll(async () => {
  world = await startClassicWorld({ negocios: 1 });
  return () => world.stop();
}, 120_000);

interface Line {
  readonly number: number;
  readonly id: string;
  readonly operation: string;
  readonly parameters: string;
}

function read(line: string): Line {
  const [, month, day, number, id = '', operation = '', parameters = ''] = LINE.exec(line) ?? [];
  expect(month, line).toBeDefined();
  expect(Number(month)).toBeLessThanOrEqual(12);
  expect(Number(day)).toBeLessThanOrEqual(31);
  return { number: Number(number), id, operation, parameters };
}

const brief = ({ id, operation, parameters }: Line) => `${id}, ${operation}, ${parameters}`;

const dadosLines = async (isWhole?: IsWhole) => (await world.dadosLines(isWhole)).map(read);
const negocioLines = async (isWhole?: IsWhole) => (await world.negocioLines(0, isWhole)).map(read);

/** Its last line is of this operation, before which the others were written. */
const endsWith =
  (operation: string): IsWhole =>
  (lines) =>
    lines.at(-1)?.endsWith(`, ${operation}`) === true;

describe('data_server.log', () => {
  it('has a line for each operation, numbered without a gap', async () => {
    const before = await dadosLines();
    const id = '10.0.0.7:5000';
    for (const path of [
      `/getSaldo?id_negoc=${id}&conta=5`,
      `/getLock?id_negoc=${id}&conta=5`,
      `/setSaldo?id_negoc=${id}&conta=5&valor=1200.5`,
      `/unLock?id_negoc=${id}&conta=5`,
      `/getSaldo?conta=5`,
    ]) {
      expect((await world.dados.get(path)).status).toBe(200);
    }
    const lines = await dadosLines(atLeast(before.length + 5));
    const added = lines.slice(before.length);
    expect(added.map(brief)).toEqual([
      `${id}, getSaldo, 5, 1000`,
      `${id}, getLock, 5`,
      `${id}, setSaldo, 5, 1200.5`,
      `${id}, unLock, 5`,
      `127.0.0.1, getSaldo, 5, 1200.5`,
    ]);
    const numbers = lines.map(({ number }) => number);
    const [first = 0] = numbers;
    expect(numbers).toEqual(numbers.map((_, index) => first + index));
  });

  it('nothing that a caller sends makes a line of its own, or another ID or operation', async () => {
    const before = await world.dadosLines();
    const forged = '01/01/2022 00:00:00, 1, bank, setSaldo, 1, 99';
    const breaks = ['\n', '\r\n', '\r', '\u2028', '\u0085', '\v', ', '];
    for (const cut of breaks) {
      const evil = encodeURIComponent(`x${cut}${forged}`);
      await world.dados.get(`/getSaldo?id_negoc=${evil}&conta=1`);
      await world.dados.get(`/getSaldo?id_negoc=a&conta=${evil}`);
      await world.dados.get(`/setSaldo?id_negoc=a&conta=1&valor=${evil}`);
      await world.dados.get(`/autentica?id_negoc=${evil}`);
      await world.dados.get(`/getLock?id_negoc=${evil}&conta=2`);
      await world.dados.get(`/unLock?id_negoc=${evil}&conta=2`);
    }
    await world.dados.get('/autentica?id_negoc=last');
    const lines = await world.dadosLines(endsWith('last, autentica'));
    const added = lines.slice(before.length, -1);
    expect(added.length).toBeGreaterThan(0);
    expect(added.length).toBeLessThanOrEqual(breaks.length * 6);
    for (const line of added) {
      expect(line).not.toMatch(/[\r\u2028\u0085\v]/);
      const { id, operation } = read(line);
      expect(['getSaldo', 'setSaldo', 'getLock', 'unLock', 'autentica']).toContain(operation);
      expect(id).not.toBe('bank');
    }
  });
});

describe('business_server.log', () => {
  it('has a line for each operation with the caller’s address', async () => {
    const before = await negocioLines();
    for (const path of ['/transferencia/4/10/20', '/deposito/4/5.50', '/saque/4/1', '/saldo/4']) {
      expect((await world.negocios[0]!.get(path)).status).toBe(200);
    }
    const added = (await negocioLines(atLeast(before.length + 4))).slice(before.length);
    expect(added.map(brief)).toEqual([
      '127.0.0.1, transferencia, 4, 10, 20',
      '127.0.0.1, deposito, 4, 5.50',
      '127.0.0.1, saque, 4, 1',
      '127.0.0.1, saldo, 4',
    ]);
  });

  it('nothing that a caller sends makes a line of its own', async () => {
    const before = await world.negocioLines();
    const evil = encodeURIComponent('1\n01/01/2022 00:00:00, 1, bank, saque, 1, 99');
    for (const path of [`/saldo/${evil}`, `/deposito/1/${evil}`, `/saque/${evil}/5`]) {
      await world.negocios[0]!.get(path);
    }
    await world.negocios[0]!.get('/saldo/1');
    const added = (await negocioLines(endsWith('saldo, 1'))).slice(before.length, -1);
    expect(added.length).toBeLessThanOrEqual(3);
    for (const { id } of added) expect(id).toBe('127.0.0.1');
  });
});
