/**
 * The baseline `noop`: application, routes, hooks, authentication and schemas of a bank; only the
 * engine is replaced by one that gives the same outcome to every command at once.
 */
import type { Outcome } from '../../packages/server/src/engine/ticket.ts';
import { createApplication } from '../../packages/server/src/http/application.ts';
import { ApiKeys } from '../../packages/server/src/identity/api-keys.ts';
import { registerIdentity } from '../../packages/server/src/identity/routes.ts';
import { registerLedger } from '../../packages/server/src/ledger/routes.ts';
import { registerOrders } from '../../packages/server/src/orders/routes.ts';
import { openReads } from '../../packages/server/src/store/reads.ts';
import { listenLocally } from './listen-locally.ts';
import { serveOverIpc } from './serve-over-ipc.ts';

const BANK = 'bench';

const OUTCOME: Outcome = {
  kind: 'settled',
  seq: 1,
  at: 1_750_000_000_000,
  fact: {
    type: 'transfer.posted',
    transfer: {
      id: '01976c5e-4c80-7000-8000-000000000000',
      from: 'a-1234',
      to: 'a-5678',
      amount: 1n,
      asset: 'BRL/2',
      metadata: {},
    },
  },
  replayed: false,
};

serveOverIpc(async ({ keysUrl, adminKey }, log) => {
  const onError = (error: Error) => log.warn({ fault: error.message }, 'a connection failed');
  const reads = openReads({ url: keysUrl, role: null }, onError);
  const keys = new ApiKeys(reads, [{ principal: 'bench', key: adminKey }]);
  const app = await createApplication({
    log,
    authenticator: keys,
    bank: BANK,
    version: 'noop',
  });
  const engine = { submit: () => Promise.resolve(OUTCOME), passLease: () => undefined };
  const parts = { engine, reads, bank: BANK, crossBank: undefined };
  registerLedger(app, parts);
  registerOrders(app, parts);
  registerIdentity(app, keys);
  const port = await listenLocally(app);
  const stop = async () => {
    await app.close();
    await reads.close();
  };
  return { ports: { main: port }, stop };
});
