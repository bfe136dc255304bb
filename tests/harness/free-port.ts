import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import process from 'node:process';

/**
 * Below the range from which systems take the near ends of connections: a port in it may be gone when
 * a server that was stopped comes back to it.
 */
const FIRST = 10_000;
const PAST_LAST = 32_000;

/** Test files that run at the same time look in shares of their own: a port is free until it is used. */
const SHARES = 8;
const SHARE_PORTS = Math.floor((PAST_LAST - FIRST) / SHARES);
const share = Number(process.env['VITEST_POOL_ID'] ?? 0) % SHARES;
const firstOfShare = FIRST + share * SHARE_PORTS;

const TRIES_MAX = 100;

/** Of the share: everything before it was given, in a ring. */
let next = randomInt(SHARE_PORTS);

/** A TCP port on 127.0.0.1 that was free a moment ago, and that no connection is given. */
export function freePort(): Promise<number> {
  return freePortsInARow(1);
}

/** The first of so many; nobody in this process is given one of them for a long time. */
export async function freePortsInARow(count: number): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    if (next + count > SHARE_PORTS) next = 0;
    const first = firstOfShare + next;
    next += count;
    const ports = Array.from({ length: count }, (_, index) => first + index);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return first;
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
