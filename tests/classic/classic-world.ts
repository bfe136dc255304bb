import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKey } from '../harness/bank-in-process.ts';
import { eventually } from '../harness/eventually.ts';
import { createCaller, type HttpCaller } from '../harness/http-caller.ts';
import { abandonDatabase, createBankDatabase } from '../harness/postgres.ts';
import {
  apiUrlOf,
  startDados,
  startNegocio,
  type ClassicProcess,
  type DadosOptions,
} from './classic-process.ts';

/** Whether all lines are there that are to come: an operation is answered before its line is on the disk. */
export type IsWhole = (lines: readonly string[]) => boolean;

export function atLeast(count: number): IsWhole {
  return (lines) => lines.length >= count;
}

/** A data server and its business servers, each in a process of its own. */
export interface ClassicWorld {
  readonly dados: ClassicProcess;
  readonly negocios: readonly ClassicProcess[];
  readonly databaseUrl: string;
  /** The API of the data server's bank, as its administrator. */
  readonly call: HttpCaller['call'];
  /** Lines of the data server's log file, once they are what is waited for. */
  dadosLines(isWhole?: IsWhole): Promise<string[]>;
  /** Lines of the log file of a business server, once they are what is waited for. */
  negocioLines(index?: number, isWhole?: IsWhole): Promise<string[]>;
  stop(): Promise<void>;
}

export interface WorldOptions extends Pick<DadosOptions, 'flags' | 'environment'> {
  readonly negocios: number;
}

export async function startClassicWorld(options: WorldOptions): Promise<ClassicWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'lastro-classic-'));
  const databaseUrl = await createBankDatabase();
  const adminKey = newKey();
  const dados = await startDados({ ...options, databaseUrl, folder, adminKey });
  const folderOf = (index: number) => join(folder, `negocio-${index}`);
  const negocios = await Promise.all(
    Array.from({ length: options.negocios }, (_, index) =>
      startNegocio(dados.url, folderOf(index)),
    ),
  ).catch(async (error: unknown) => {
    await dados.stop();
    throw error;
  });
  return {
    dados,
    negocios,
    databaseUrl,
    // The address changes with a restart.
    async call(...request) {
      const caller = createCaller(apiUrlOf(dados), adminKey);
      try {
        return await caller.call(...request);
      } finally {
        await caller.close();
      }
    },
    dadosLines: (isWhole) => linesOf(join(folder, 'data_server.log'), isWhole),
    negocioLines: (index = 0, isWhole = atLeast(0)) =>
      linesOf(join(folderOf(index), 'business_server.log'), isWhole),
    async stop() {
      await Promise.all(negocios.map((negocio) => negocio.stop()));
      await dados.stop();
      await abandonDatabase(databaseUrl);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function linesOf(file: string, isWhole: IsWhole = atLeast(0)): Promise<string[]> {
  return eventually(`${file} has its lines`, async () => {
    const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
    return isWhole(lines) && lines;
  });
}
