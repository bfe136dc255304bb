import { randomBytes } from 'node:crypto';
import { pino, type Logger } from 'pino';
import { startBank, type RunningBank } from '../../packages/server/src/bank.ts';
import type { ConsortiumOptions } from '../../packages/server/src/consortium/consortium.ts';
import { ListenError } from '../../packages/server/src/http/listen.ts';
import { freePort } from './free-port.ts';
import { createCaller, type HttpCaller } from './http-caller.ts';
import { abandonDatabase, createBankDatabase } from './postgres.ts';

/** A bank that tests call. */
export interface TestBank {
  readonly url: string;
  readonly adminKey: string;
  readonly databaseUrl: string;
  readonly call: HttpCaller['call'];
  /** Stops the bank; a database that it was started with, by itself, goes too. */
  stop(): Promise<void>;
}

export interface BankInProcess extends TestBank {
  readonly running: RunningBank;
  /**
   * What the bank logged as a warning or worse, one JSON text each; the newest 1 000. Without
   * requests that were merely slow: that is of the machine.
   */
  readonly complaints: readonly string[];
}

export interface BankInProcessOptions {
  readonly bank?: string;
  /** Another one's database; without it the bank gets one of its own. */
  readonly databaseUrl?: string;
  readonly adminKey?: string;
  /** Starts the classic surface `pedidos`, too. */
  readonly pedidos?: boolean;
  /** Of the API; any free one unless given. */
  readonly port?: number;
  /** Has the bank be in a consortium, given where it listens. */
  readonly consortium?: (url: string) => ConsortiumOptions;
}

const COMPLAINTS_MAX = 1_000;
const SLOW_REQUEST = /"level":40,.*"status":[1-4]\d\d,"durationMs":/;
const PORT_TRIES_MAX = 5;

export function newKey(): string {
  return `test_${randomBytes(24).toString('base64url')}`;
}

/** Starts a bank in this process, on a free port. */
export async function startBankInProcess(
  options: BankInProcessOptions = {},
): Promise<BankInProcess> {
  const databaseUrl = options.databaseUrl ?? (await createBankDatabase());
  const adminKey = options.adminKey ?? newKey();
  const complaints: string[] = [];
  const running = await startOnFreePort(options, databaseUrl, adminKey, collectInto(complaints));
  const caller = createCaller(running.url, adminKey);
  return {
    url: running.url,
    adminKey,
    databaseUrl,
    running,
    complaints,
    call: caller.call,
    async stop() {
      await caller.close();
      await running.stop();
      if (options.databaseUrl === undefined) await abandonDatabase(databaseUrl);
    },
  };
}

/** Another process may take the port between looking and listening. */
async function startOnFreePort(
  options: BankInProcessOptions,
  databaseUrl: string,
  adminKey: string,
  log: Logger,
): Promise<RunningBank> {
  for (let tries = 1; ; tries += 1) {
    try {
      const port = options.port ?? (await freePort());
      return await startBank({
        bank: options.bank ?? 'test',
        host: '127.0.0.1',
        port,
        consortium: options.consortium?.(`http://127.0.0.1:${port}`),
        databaseUrl,
        adminKeys: [{ principal: 'admin', key: adminKey }],
        classics: options.pedidos === true ? [{ surface: 'pedidos', port: await freePort() }] : [],
        log,
      });
    } catch (error) {
      const isTaken = error instanceof ListenError && error.code === 'port_taken';
      if (!isTaken || tries === PORT_TRIES_MAX) throw error;
    }
  }
}

function collectInto(complaints: string[]): Logger {
  return pino(
    { level: 'warn' },
    {
      write(line: string) {
        if (SLOW_REQUEST.test(line)) return;
        complaints.push(line);
        if (complaints.length > COMPLAINTS_MAX) complaints.shift();
      },
    },
  );
}
