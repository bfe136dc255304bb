/**
 * A process that is nothing but an engine: commands come in as lines, what became of them goes out.
 * For commands whose routes are not what is tested, and for dying in the middle of them. It is
 * started by `depth-flood.ts`.
 */
import process from 'node:process';
import { createInterface } from 'node:readline';
import { AMOUNT_MAX_DEFAULT } from '@lastro/core';
import { createEngine } from '../../packages/server/src/engine/create-engine.ts';
import { EngineError } from '../../packages/server/src/engine/engine-error.ts';
import { ENGINE_LIMITS } from '../../packages/server/src/engine/limits.ts';
import { armCrashPoint } from '../../packages/server/src/store/crash-point.ts';
import { openDatabase } from '../../packages/server/src/store/database.ts';
import { readLine, type Answer } from './engine-lines.ts';

const say = (answer: Answer) => void process.stdout.write(`${JSON.stringify(answer)}\n`);

armCrashPoint(process.env['LASTRO_CRASH_AT']);
const database = await openDatabase({
  url: process.argv[2] ?? '',
  bank: 'test',
  at: Date.now(),
  onError: () => undefined,
});
const engine = createEngine({
  connectWriter: database.connectWriter,
  reads: database.reads,
  rules: { amountMax: AMOUNT_MAX_DEFAULT },
  limits: ENGINE_LIMITS,
  clock: Date.now,
  onAlarm: (message) => void process.stderr.write(`${message}\n`),
});
engine.start();
for await (const line of createInterface({ input: process.stdin })) {
  const envelope = readLine(line);
  const { id } = envelope;
  engine.submit(envelope).then(
    (outcome) => {
      if (outcome.kind === 'reused') say({ id, word: 'reused', seq: null });
      else say({ id, word: outcome.fact.type, seq: outcome.seq });
    },
    (error: unknown) => {
      if (!(error instanceof EngineError)) throw error;
      say({ id, word: `unknown: ${error.code}`, seq: null });
    },
  );
}
await engine.stop();
await database.close();
