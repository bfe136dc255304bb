import { createServer } from 'node:net';
import { CliError, exitCode } from '../exit-code.ts';
import { waitUntil } from '../../store/embedded/wait-until.ts';
import type { Texts } from '../texts.ts';

/** The banks of a demo that was just killed take a moment to let go of theirs. */
const patienceMs = 3_000;
const pauseMs = 50;

/** A bank, and the port that it is to have. */
export interface WantedPort {
  readonly bank: string;
  readonly port: number;
}

/** Rejects with `CliError` for the first bank whose port another program has. */
export async function refuseTakenPorts(
  host: string,
  wanted: readonly WantedPort[],
  texts: Texts,
): Promise<void> {
  const ports = wanted.map(({ port }) => port);
  for (const { bank, port } of wanted) {
    if (await waitUntil(() => isFree(host, port), patienceMs, pauseMs)) continue;
    throw new CliError(exitCode.failed, texts.portTaken({ bank, port, host, ports }));
  }
}

/** What else may be wrong with the address, its bank will say. */
function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(!('code' in error && error.code === 'EADDRINUSE')));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
