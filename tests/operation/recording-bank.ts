import { pino } from 'pino';
import { startBank } from '../../packages/server/src/bank.ts';
import { newKey, type TestBank } from '../harness/bank-in-process.ts';
import { freePort } from '../harness/free-port.ts';
import { createCaller } from '../harness/http-caller.ts';
import { abandonDatabase, createBankDatabase } from '../harness/postgres.ts';

export interface RecordingBank extends TestBank {
  /** Everything that it logged, at every level, one JSON text each. */
  readonly lines: readonly string[];
}

/** A bank in this process whose whole log is kept. */
export async function startRecordingBank(): Promise<RecordingBank> {
  const databaseUrl = await createBankDatabase();
  const adminKey = newKey();
  const lines: string[] = [];
  const running = await startBank({
    bank: 'test',
    host: '127.0.0.1',
    port: await freePort(),
    databaseUrl,
    adminKeys: [{ principal: 'admin', key: adminKey }],
    classics: [],
    log: pino({ level: 'trace' }, { write: (line: string) => lines.push(line) }),
  });
  const caller = createCaller(running.url, adminKey);
  return {
    url: running.url,
    adminKey,
    databaseUrl,
    lines,
    call: caller.call,
    async stop() {
      await caller.close();
      await running.stop();
      await abandonDatabase(databaseUrl);
    },
  };
}
