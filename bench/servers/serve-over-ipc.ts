import process from 'node:process';
import { pino, type Logger } from 'pino';
import { isServerCommand, type ServerConfig, type ServerReport } from './protocol.ts';

export interface RunningServer {
  readonly ports: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

/** The life of a server process: its parent tells it to start and to stop; it ends when its parent does. */
export function serveOverIpc(
  start: (config: ServerConfig, log: Logger) => Promise<RunningServer>,
): void {
  const log = pino({ level: 'error' }, pino.destination(2));
  let running: RunningServer | undefined;
  const begin = async (config: ServerConfig): Promise<void> => {
    try {
      running = await start(config, log);
      report({ kind: 'listening', ports: running.ports });
    } catch (error) {
      report({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
      process.exit(1);
    }
  };
  const end = async (): Promise<void> => {
    try {
      await running?.stop();
    } finally {
      process.exit(0);
    }
  };
  const onFault = (error: unknown) => log.error({ fault: String(error) }, 'server of the bench');
  // Ctrl-C reaches the whole process group; the parent decides when this process ends.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message) => {
    if (!isServerCommand(message)) throw new Error('a message that is no command');
    (message.kind === 'start' ? begin(message.config) : end()).catch(onFault);
  });
}

function report(message: ServerReport): void {
  process.send?.(message);
}
