import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { SERVER_NODE_FLAGS } from '../../packages/server/src/cli/heap-growth.ts';
import type { AccountRange } from '../generator/traffic.ts';
import { callApi } from './call-api.ts';
import type { Cleanups } from './cleanups.ts';
import type { GeneratorProcess } from './generator-process.ts';
import type { BenchPostgres } from './postgres.ts';
import type { Membership } from '../servers/protocol.ts';
import { startServer, type ServerKind, type ServerProcess } from './server-process.ts';

/** What the sites of one bench share. */
export interface Surroundings {
  readonly postgres: BenchPostgres;
  readonly generator: GeneratorProcess;
  readonly cleanups: Cleanups;
  readonly profileFolder: string | null;
}

/** A bank with a database of its own, and whoever else serves it. */
export interface BankSite {
  readonly databaseUrl: string;
  /** For counting; apart from every connection of a server. */
  readonly client: pg.Client;
  readonly bank: ServerProcess;
  /** A key with the scope `write`, made as a client gets its own. */
  readonly key: string;
  /** Another server that looks up keys here: a second process of the bank, or a baseline. */
  startAnother(kind: ServerKind, databaseUrl?: string): Promise<ServerProcess>;
  /** As an admin. */
  call(path: string, body: Readonly<Record<string, unknown>>): Promise<unknown>;
  openAccounts(accounts: AccountRange): Promise<void>;
}

const OPENINGS_IN_FLIGHT = 256;

/** Starts a bank on a new database; `membership`: as one of a consortium. */
export async function openBankSite(
  name: string,
  around: Surroundings,
  membership: Membership | null = null,
): Promise<BankSite> {
  const { postgres, generator, cleanups, profileFolder } = around;
  const databaseUrl = await postgres.createDatabase(name);
  const adminKey = `bench_${randomBytes(24).toString('base64url')}`;
  const startAnother: BankSite['startAnother'] = async (kind, otherUrl = databaseUrl) => {
    const config = { databaseUrl: otherUrl, keysUrl: databaseUrl, adminKey, membership };
    const server = await startServer(kind, config, [
      ...SERVER_NODE_FLAGS,
      ...profileFlags(kind, profileFolder),
    ]);
    cleanups.add(`stopping a server (${kind})`, () => server.stop());
    return server;
  };
  const bank = await startAnother('bank');
  const client = await connect(databaseUrl, cleanups);
  const port = portOf(bank);
  const call: BankSite['call'] = (path, body) => callApi(port, adminKey, path, body);
  const key = keyOf(await call('/v1/api-keys', { name: 'bench', scope: 'write' }));
  return {
    databaseUrl,
    client,
    bank,
    key,
    startAnother,
    call,
    async openAccounts(accounts) {
      const result = await generator.run(
        {
          targets: [{ host: '127.0.0.1', port, key }],
          traffic: { kind: 'openings', accounts },
          connections: OPENINGS_IN_FLIGHT,
          inFlightMax: OPENINGS_IN_FLIGHT,
          warmUpMs: 0,
          windowMs: 0,
          ratePerSecond: null,
          requestsMax: accounts.count,
        },
        { onOpened: () => undefined, onClosed: () => undefined },
      );
      if (result.effects === accounts.count) return;
      throw new Error(
        `of ${accounts.count} accounts ${result.effects} were opened: ${JSON.stringify(result.refused)}`,
      );
    },
  };
}

/** Connects a client of the bench itself; it goes before its database does. */
export async function connect(databaseUrl: string, cleanups: Cleanups): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', (error) => console.error(`bench: a connection failed: ${error.message}`));
  await client.connect();
  cleanups.add('closing a connection', () => client.end());
  return client;
}

export function portOf(server: ServerProcess, application = 'main'): number {
  const port = server.ports[application];
  if (port === undefined) throw new Error(`a server without the application ${application}`);
  return port;
}

function profileFlags(kind: ServerKind, folder: string | null): string[] {
  if (folder === null) return [];
  return ['--cpu-prof', `--cpu-prof-dir=${join(folder, kind)}`];
}

function keyOf(answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'key' in answer) return String(answer.key);
  throw new Error('a new API key without a key');
}
