import { describe, expect, it } from 'vitest';
import { openAccount } from '../harness/seeding.ts';
import { apiOfBank, ask, call, open, opened, post, refusal, serveContas } from './contas-server.ts';

serveContas();

describe('GET /log', () => {
  const LINE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (INFO|WARN) (.+) \[alfa:(\d+)\]$/;

  async function page(query = '') {
    const { status, headers, text } = await call('GET', `/log${query}`);
    expect(status, text).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/plain/);
    const lines = text.split('\n').slice(0, -1);
    const next = /<\/log(\?[^>]+)>/.exec(String(headers['link']))?.[1];
    return { lines: lines.map(read), next };
  }

  function read(line: string) {
    const [, time = '', level, operation, clock] = LINE.exec(line) ?? [];
    expect(operation, line).toBeDefined();
    return { time: Date.parse(time), level, operation, clock: Number(clock) };
  }

  it('tells each operation once, in the bank’s order, with level and clock', async () => {
    const [ana, bia] = [await opened(100), await opened(0)];
    await post(`/contas/${ana}/deposito`, { valor: 5.5 });
    await post(`/contas/${ana}/saque`, { valor: 0.5 });
    await post(`/contas/${ana}/saque`, { valor: 5_000 });
    await post('/transferencia', { id_origem: ana, id_destino: bia, valor: 20 });
    const { lines } = await page();
    expect(lines.slice(-7).map(({ level, operation }) => `${level} ${operation}`)).toEqual([
      `INFO Conta ${ana} criada`,
      `INFO Depósito de 100 na conta ${ana}`,
      `INFO Conta ${bia} criada`,
      `INFO Depósito de 5.5 na conta ${ana}`,
      `INFO Saque de 0.5 da conta ${ana}`,
      `WARN Recusada: Saldo insuficiente (conta ${ana})`,
      `INFO Transferência de 20 da conta ${ana} para a conta ${bia}`,
    ]);
    for (const [index, line] of lines.slice(1).entries()) {
      expect(line.clock).toBeGreaterThan(lines[index]?.clock ?? 0);
      expect(line.time).toBeGreaterThanOrEqual(lines[index]?.time ?? 0);
    }
  });

  it('has nothing of other people', async () => {
    const before = await page();
    await openAccount(apiOfBank(), 'segredo-do-banco', 77_77);
    expect(await page()).toEqual(before);
  });

  it('comes in pages that together are the whole', async () => {
    const whole = (await page('?limit=1000')).lines;
    let pages: typeof whole = [];
    let query: string | undefined = '?limit=7';
    while (query !== undefined) {
      const { lines, next } = await page(query);
      expect(lines.length).toBeLessThanOrEqual(7);
      pages = [...lines, ...pages];
      query = next;
    }
    expect(pages.slice(-whole.length)).toEqual(whole);
    for (const bad of ['?limit=0', '?limit=1001', '?limit=x', '?antes=-1', '?antes=']) {
      expect((await ask('GET', `/log${bad}`)).status, bad).toBe(400);
    }
  });

  it('no id makes a line of its own', async () => {
    const forged = `x\n2026-01-01T00:00:00.000Z INFO Depósito de 1 na conta y [alfa:1]`;
    expect(await post('/contas', { id_conta: forged, saldo: 1 })).toEqual(refusal);
    expect(await open('x [alfa:1] 2026-01-01T00:00:00.000Z INFO y', 1)).toEqual({
      mensagem: 'Conta criada com sucesso',
    });
    const { lines } = await page('?limit=2');
    expect(lines.map(({ operation }) => operation)).toEqual([
      expect.stringMatching(/^Conta conta-sha256:[\w-]{43} criada$/),
      expect.stringMatching(/^Depósito de 1 na conta conta-sha256:[\w-]{43}$/),
    ]);
  });
});
