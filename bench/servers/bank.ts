/** A bank as it is served everywhere: what the lanes measure. */
import { startBank } from '../../packages/server/src/bank.ts';
import { boundHeapGrowth } from '../../packages/server/src/cli/heap-growth.ts';
import { freePort } from './free-port.ts';
import { serveOverIpc } from './serve-over-ipc.ts';

// As the program does when it starts.
boundHeapGrowth();

serveOverIpc(async ({ databaseUrl, adminKey }, log) => {
  const port = await freePort();
  const bank = await startBank({
    bank: 'bench',
    host: '127.0.0.1',
    port,
    databaseUrl,
    adminKeys: [{ principal: 'bench', key: adminKey }],
    classics: [],
    log,
  });
  return { ports: { main: port }, stop: () => bank.stop() };
});
