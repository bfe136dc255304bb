import { isServerReport, type ServerConfig } from '../servers/protocol.ts';
import { forkChild, pidOf, stopChild } from './child.ts';

const START_TIMEOUT_MS = 90_000;

/** A server under load: a process of its own. */
export interface ServerProcess {
  readonly pid: number;
  /** Port on 127.0.0.1 of each application that it serves. */
  readonly ports: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

export type ServerKind = 'bank' | 'noop' | 'rivals';

/** Starts a server and waits until it listens; rejects with its complaint or after 30 s. */
export async function startServer(
  kind: ServerKind,
  config: ServerConfig,
  nodeFlags: readonly string[],
): Promise<ServerProcess> {
  const child = forkChild(`servers/${kind}.ts`, nodeFlags);
  const { promise, resolve, reject } = Promise.withResolvers<Readonly<Record<string, number>>>();
  child.once('error', reject);
  child.once('exit', (code) => reject(new Error(`the server ${kind} ended with code ${code}`)));
  child.once('message', (message) => {
    if (!isServerReport(message)) reject(new Error(`the server ${kind} said what is no report`));
    else if (message.kind === 'failed') reject(new Error(`${kind}: ${message.message}`));
    else resolve(message.ports);
  });
  const timeout = setTimeout(
    () => reject(new Error(`the server ${kind} did not listen within ${START_TIMEOUT_MS} ms`)),
    START_TIMEOUT_MS,
  );
  child.send({ kind: 'start', config });
  try {
    const ports = await promise;
    return { pid: pidOf(child), ports, stop: () => stopChild(child) };
  } catch (error) {
    await stopChild(child);
    throw error;
  } finally {
    clearTimeout(timeout);
  }
}
