import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the range from which systems take the near ends of connections: a port in it may be gone when
 * a server that was stopped comes back to it.
 */
const FIRST = 10_000;
const PAST_LAST = 32_000;

const TRIES_MAX = 100;

/** A TCP port on 127.0.0.1 that was free a moment ago, and that no connection is given. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const port = randomInt(FIRST, PAST_LAST);
    if (await isFree(port)) return port;
  }
  throw new Error('no port');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
