/**
 * The baselines `rowLock`, `rowLockHot` and `function`: the route of a transfer on the frame of a
 * bank, with a handler that does what applications usually do. Two applications, one pool.
 */
import { TransferAnswer, TransferRequest } from '@lastro/contract';
import pg from 'pg';
import type { Logger } from 'pino';
import { answers, COMMAND_PROBLEMS } from '../../packages/server/src/http/answers.ts';
import { createApplication, type Application } from '../../packages/server/src/http/application.ts';
import { commandId } from '../../packages/server/src/http/command-id.ts';
import type { Authenticator } from '../../packages/server/src/http/principal.ts';
import { sendProblem } from '../../packages/server/src/http/problem.ts';
import { ApiKeys } from '../../packages/server/src/identity/api-keys.ts';
import { openReads } from '../../packages/server/src/store/reads.ts';
import { createFunctionForm } from './function-form.ts';
import { listenLocally } from './listen-locally.ts';
import type { PostTransfer } from './rival.ts';
import { createRowLockForm } from './row-lock-form.ts';
import { serveOverIpc } from './serve-over-ipc.ts';

const POOL_MAX = 32;

serveOverIpc(async ({ databaseUrl, keysUrl, adminKey }, log) => {
  const onError = (error: Error) => log.warn({ fault: error.message }, 'a connection failed');
  // Connections are kept: making them again would cost these baselines what they don't owe.
  const pool = new pg.Pool({ connectionString: databaseUrl, max: POOL_MAX, idleTimeoutMillis: 0 });
  pool.on('error', onError);
  const reads = openReads({ url: keysUrl, role: null }, onError);
  const keys = new ApiKeys(reads, [{ principal: 'bench', key: adminKey }]);
  const rowLock = await createRival(log, keys, createRowLockForm(pool));
  const viaFunction = await createRival(log, keys, createFunctionForm(pool));
  const ports = {
    rowLock: await listenLocally(rowLock),
    function: await listenLocally(viaFunction),
  };
  return {
    ports,
    async stop() {
      await Promise.all([rowLock.close(), viaFunction.close()]);
      await Promise.all([pool.end(), reads.close()]);
    },
  };
});

async function createRival(
  log: Logger,
  authenticator: Authenticator,
  post: PostTransfer,
): Promise<Application> {
  const app = await createApplication({ log, authenticator, bank: 'bench', version: 'rival' });
  app.post(
    '/v1/transfers',
    {
      config: { scope: 'write' },
      schema: { body: TransferRequest, response: answers(201, TransferAnswer, COMMAND_PROBLEMS) },
    },
    async (request, reply) => {
      const { body } = request;
      const id = commandId(request, body.id);
      const { from, to, amount } = body;
      const posted = await post({ id, from, to, amount });
      if (posted.kind === 'refused') return sendProblem(request, reply, 'insufficient_funds');
      const { seq, at } = posted;
      const answer = { id, status: 'posted', from, to, amount, asset: 'BRL/2', metadata: {} };
      return reply.code(201).send({ ...answer, seq, at: at.toISOString() });
    },
  );
  return app;
}
