import { once } from 'node:events';
import { isGeneratorReport, type LoadResult, type LoadRun } from '../generator/protocol.ts';
import { forkChild, pidOf, stopChild } from './child.ts';

/** The load generator: a process of its own that runs one load at a time. */
export interface GeneratorProcess {
  readonly pid: number;
  /** Rejects when the load could not be run to its end. */
  run(run: LoadRun, events: WindowEvents): Promise<LoadResult>;
  stop(): Promise<void>;
}

export interface WindowEvents {
  readonly onOpened: () => void;
  readonly onClosed: () => void;
}

export async function startGenerator(): Promise<GeneratorProcess> {
  const child = forkChild('generator/main.ts', []);
  await once(child, 'message');
  return {
    pid: pidOf(child),
    async run(run, events) {
      const { promise, resolve, reject } = Promise.withResolvers<LoadResult>();
      const onExit = () => reject(new Error('the load generator ended'));
      const onMessage = (message: unknown) => {
        if (!isGeneratorReport(message)) reject(new Error('the generator said what is no report'));
        else if (message.kind === 'opened') events.onOpened();
        else if (message.kind === 'closed') events.onClosed();
        else if (message.kind === 'done') resolve(message.result);
        else if (message.kind === 'failed') reject(new Error(`load: ${message.message}`));
      };
      child.on('message', onMessage);
      child.once('exit', onExit);
      child.send({ kind: 'run', run });
      try {
        return await promise;
      } finally {
        child.off('message', onMessage);
        child.off('exit', onExit);
      }
    },
    stop: () => stopChild(child),
  };
}
