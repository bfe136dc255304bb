import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { systemErrorCode } from './system-error.ts';
import { writeFileDurably } from './write-file-durably.ts';

/** Below 32768 begin the ports that Linux gives to outgoing connections: one of those would often be taken at the next start. */
const portMin = 20_000;
const portMax = 32_767;
const triesMax = 50;

/** The port of the last run if it is free (and not `except`), else another free one, which is kept in `file`. */
export async function choosePort(file: string, except?: number): Promise<number> {
  const kept = await keptPort(file);
  if (kept !== undefined && kept !== except && (await isFree(kept))) return kept;
  for (let tries = 0; tries < triesMax; tries += 1) {
    const port = randomInt(portMin, portMax + 1);
    if (!(await isFree(port))) continue;
    await writeFileDurably(file, `${port}\n`);
    return port;
  }
  throw new EmbeddedPostgresError(
    'postgres_start_failed',
    `No free TCP port was found on 127.0.0.1 among ${triesMax} between ${portMin} and ${portMax}: is the loopback network up?`,
  );
}

async function keptPort(file: string): Promise<number | undefined> {
  try {
    const port = Number((await readFile(file, 'utf8')).trim());
    return Number.isInteger(port) && port >= 1024 && port <= 65_535 ? port : undefined;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}
