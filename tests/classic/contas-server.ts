import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect } from 'vitest';
import { newKey } from '../harness/bank-in-process.ts';
import { eventually } from '../harness/eventually.ts';
import { createCaller } from '../harness/http-caller.ts';
import { abandonDatabase, createBankDatabase } from '../harness/postgres.ts';
import { apiUrlOf, startContas, type ClassicProcess } from './classic-process.ts';

type Api = ReturnType<typeof createCaller>;

/** One server of contas on a bank of its own, for the tests of one file; see `serveContas`. */
let served: { readonly server: ClassicProcess; readonly api: Api } | undefined;

/** Has the server run while the tests of this file do. */
export function serveContas(): void {
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lastro-contas-'));
    const databaseUrl = await createBankDatabase();
    const adminKey = newKey();
    const flags = ['--bank=alfa'];
    const server = await startContas({ databaseUrl, folder, adminKey, flags });
    const apiUrl = await eventually('it tells its address', () => apiUrlOf(server), 60_000);
    const api = createCaller(apiUrl, adminKey);
    served = { server, api };
    return async () => {
      await api.close();
      await server.stop();
      await abandonDatabase(databaseUrl);
      await rm(folder, { recursive: true, force: true });
    };
  }, 240_000);
}

function standing() {
  if (served === undefined) throw new Error('serveContas was not called');
  return served;
}

/** The API of the bank behind it. */
export function apiOfBank(): Api {
  return standing().api;
}

export function contasServer(): ClassicProcess {
  return standing().server;
}

/** As the original's clients call it: no key. */
export function call(method: 'GET' | 'POST', path: string, body?: unknown) {
  return contasServer().call(method, path, body, { key: null });
}

/** What is answered in JSON. */
export async function ask(method: 'GET' | 'POST', path: string, body?: unknown) {
  const { status, headers, body: answered, text } = await call(method, path, body);
  expect(headers['content-type'], text).toMatch(/^application\/json/);
  return { status, body: answered };
}

/** What is answered with status 200. */
export async function told(method: 'GET' | 'POST', path: string, body?: unknown) {
  const { status, body: answered } = await ask(method, path, body);
  expect({ status, answered }).toEqual({ status: 200, answered });
  return answered;
}

export const post = (path: string, body?: unknown) => told('POST', path, body);
export const open = (id_conta: string, saldo: number) => post('/contas', { id_conta, saldo });

/** An id that nobody used before. */
let named = 0;
export const someone = () => `conta-${(named += 1)}`;

/** An account of its own, with a balance. */
export async function opened(saldo: number): Promise<string> {
  const id = someone();
  expect(await open(id, saldo)).toEqual({ mensagem: 'Conta criada com sucesso' });
  return id;
}

export const refusal = { sucesso: false, mensagem: expect.stringMatching(/.+/) };
