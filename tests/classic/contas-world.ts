import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { introduce } from '../consortium/peering.ts';
import { newKey } from '../harness/bank-in-process.ts';
import { eventually } from '../harness/eventually.ts';
import { freePort } from '../harness/free-port.ts';
import { createCaller, type HttpCaller } from '../harness/http-caller.ts';
import { abandonDatabase, createBankDatabase, createDatabase } from '../harness/postgres.ts';
import { apiUrlOf, startContas, type ClassicProcess } from './classic-process.ts';

/** A bank of a consortium that serves `contas`, in a process of its own. */
export interface ContasServer {
  readonly name: string;
  readonly databaseUrl: string;
  readonly server: ClassicProcess;
  /** `host:port`, as clients name it. */
  readonly address: string;
  /** The bank's API, as its administrator. */
  readonly call: HttpCaller['call'];
}

export interface ContasWorld {
  readonly alfa: ContasServer;
  readonly beta: ContasServer;
  stop(): Promise<void>;
}

const EXPOSURE_LIMIT = 100_000_000;

/** Two banks that are peers, with a register in PostgreSQL. */
export async function startContasWorld(): Promise<ContasWorld> {
  const registerUrl = await createDatabase();
  const ports = new Map([
    ['alfa', await freePort()],
    ['beta', await freePort()],
  ]);
  const list = [...ports].map(([bank, port]) => `${bank}=127.0.0.1:${port}`).join();
  const start = (name: string) => startServer(name, ports.get(name) ?? 0, registerUrl, list);
  const [alfa, beta] = await Promise.all([start('alfa'), start('beta')]);
  const stop = async () => {
    await Promise.all([alfa.stop(), beta.stop()]);
    await abandonDatabase(registerUrl);
  };
  try {
    await introduce([alfa, beta], EXPOSURE_LIMIT);
  } catch (error) {
    await stop();
    throw error;
  }
  return { alfa, beta, stop };
}

async function startServer(name: string, port: number, registerUrl: string, peers: string) {
  const folder = await mkdtemp(join(tmpdir(), 'lastro-contas-'));
  const databaseUrl = await createBankDatabase();
  const adminKey = newKey();
  const flags = [`--bank=${name}`, `--contas-peers=${peers}`];
  const environment = { LASTRO_REGISTER: registerUrl };
  const server = await startContas({ databaseUrl, folder, adminKey, flags, environment, port });
  const apiUrl = await eventually(`${name} tells its address`, () => apiUrlOf(server), 60_000);
  const api = createCaller(apiUrl, adminKey);
  return {
    name,
    databaseUrl,
    server,
    address: `localhost:${port}`,
    call: api.call,
    async stop() {
      await api.close();
      await server.stop();
      await abandonDatabase(databaseUrl);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
