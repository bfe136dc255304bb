/**
 * The load generator: a process of its own, told by its parent over IPC what to send (`protocol.ts`).
 * It ends when its parent does.
 */
import process from 'node:process';
import { runLoad } from './load.ts';
import { isGeneratorCommand, type GeneratorReport, type LoadRun } from './protocol.ts';

function report(message: GeneratorReport): void {
  process.send?.(message);
}

async function run(load: LoadRun): Promise<void> {
  try {
    const result = await runLoad(load, {
      onOpened: () => report({ kind: 'opened' }),
      onClosed: () => report({ kind: 'closed' }),
    });
    report({ kind: 'done', result });
  } catch (error) {
    report({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

// Ctrl-C reaches the whole process group; the parent decides when this process ends.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  if (!isGeneratorCommand(message)) throw new Error('a message that is no command');
  if (message.kind === 'stop') process.exit(0);
  else
    run(message.run).catch((error: unknown) => report({ kind: 'failed', message: String(error) }));
});
report({ kind: 'ready' });
