import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { eventually } from '../../../../tests/harness/eventually.ts';
import { freePort } from '../../../../tests/harness/free-port.ts';
import { createBankDatabase, query } from '../../../../tests/harness/postgres.ts';

const launcher = fileURLToPath(new URL('../../bin/lastro.mjs', import.meta.url));

test(
  'serve --feed: each reading becomes one order, and the bank stops when asked to',
  { timeout: 60_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lastro-feed-'));
    let polls = 0;
    const feed = createServer((_request, response) => {
      polls += 1;
      response.end(JSON.stringify([{ sensor: 1 }, { sensor: 2 }, { sensor: polls > 2 ? 3 : 1 }]));
    }).listen(0, '127.0.0.1');
    await once(feed, 'listening');
    const url = `http://127.0.0.1:${(feed.address() as AddressInfo).port}/leituras`;
    const databaseUrl = await createBankDatabase();
    const args = ['serve', '--data', folder, '--port', String(await freePort())];
    args.push('--classic', `pedidos=${await freePort()}`, '--feed', url, '--every', '0.1');
    const bank = spawn(process.execPath, [launcher, ...args], {
      env: { PATH: process.env['PATH'], LANG: 'C', DATABASE_URL: databaseUrl },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      await eventually(
        'three readings are three orders',
        async () => {
          const rows = await query(databaseUrl, 'select 1 from orders');
          return rows.length === 3 && polls > 5;
        },
        30_000,
      );
      bank.kill('SIGTERM');
      const [code]: unknown[] = await once(bank, 'exit');
      expect(code).toBe(0);
      expect(await query(databaseUrl, 'select 1 from orders')).toHaveLength(3);
    } finally {
      bank.kill('SIGKILL');
      feed.close();
      await rm(folder, { recursive: true });
    }
  },
);
