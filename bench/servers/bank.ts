/** A bank as it is served everywhere: what the lanes measure. */
import { startBank } from '../../packages/server/src/bank.ts';
import type { ConsortiumOptions } from '../../packages/server/src/consortium/consortium.ts';
import { parseRegisterAddress } from '../../packages/server/src/consortium/register/register-address.ts';
import type { Membership } from './protocol.ts';
import { boundHeapGrowth } from '../../packages/server/src/cli/heap-growth.ts';
import { freePort } from './free-port.ts';
import { serveOverIpc } from './serve-over-ipc.ts';

// As the program does when it starts.
boundHeapGrowth();

serveOverIpc(async ({ databaseUrl, adminKey, membership }, log) => {
  const port = await freePort();
  const bank = await startBank({
    bank: membership?.bank ?? 'bench',
    host: '127.0.0.1',
    port,
    databaseUrl,
    adminKeys: [{ principal: 'bench', key: adminKey }],
    classics: [],
    consortium: membership === null ? undefined : consortiumOf(membership, port),
    log,
  });
  return { ports: { main: port }, stop: () => bank.stop() };
});

function consortiumOf({ registerUrl, keyFile }: Membership, port: number): ConsortiumOptions {
  return {
    register: parseRegisterAddress(registerUrl),
    ownAddress: { origin: `http://127.0.0.1:${port}`, prefix: '' },
    keyFile,
  };
}
