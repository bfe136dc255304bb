import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKey } from '../harness/bank-in-process.ts';
import { createCaller, type HttpCaller } from '../harness/http-caller.ts';
import { createDatabase, dropDatabase } from '../harness/postgres.ts';
import {
  apiUrlOf,
  startDados,
  startNegocio,
  type ClassicProcess,
  type DadosOptions,
} from './classic-process.ts';

/** A data server and its business servers, each in a process of its own. */
export interface ClassicWorld {
  readonly dados: ClassicProcess;
  readonly negocios: readonly ClassicProcess[];
  readonly databaseUrl: string;
  /** The API of the data server's bank, as its administrator. */
  readonly call: HttpCaller['call'];
  /** Lines of the data server's log file. */
  dadosLines(): Promise<string[]>;
  /** Lines of the log file of a business server. */
  negocioLines(index?: number): Promise<string[]>;
  stop(): Promise<void>;
}

export interface WorldOptions extends Pick<DadosOptions, 'flags' | 'environment'> {
  readonly negocios: number;
}

export async function startClassicWorld(options: WorldOptions): Promise<ClassicWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'lastro-classic-'));
  const databaseUrl = await createDatabase();
  const adminKey = newKey();
  const dados = await startDados({ ...options, databaseUrl, folder, adminKey });
  const folderOf = (index: number) => join(folder, `negocio-${index}`);
  const negocios = await Promise.all(
    Array.from({ length: options.negocios }, (_, index) =>
      startNegocio(dados.url, folderOf(index)),
    ),
  );
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
    dadosLines: () => linesOf(join(folder, 'data_server.log')),
    negocioLines: (index = 0) => linesOf(join(folderOf(index), 'business_server.log')),
    async stop() {
      await Promise.all(negocios.map((negocio) => negocio.stop()));
      await dados.stop();
      await dropDatabase(databaseUrl);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function linesOf(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8')).split('\n').slice(0, -1);
}
