import { StatusAnswer } from '@lastro/contract';
import type { Percentiles } from '../../engine/histogram.ts';
import { answers } from '../answers.ts';
import type { Application } from '../application.ts';
import { ProblemError } from '../problem.ts';
import { readKnownHead } from './known-head.ts';
import type { OperationParts } from './routes.ts';

export function registerStatus(app: Application, parts: OperationParts): void {
  app.get(
    '/v1/status',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'How this process of the bank is doing',
        description:
          'Counts are of this process, since it started; percentiles are of the last one to two ' +
          'minutes. It is answered while the database is away, too.',
        tags: ['operation'],
        response: answers(200, StatusAnswer, [401, 503]),
      },
    },
    () => readStatus(parts),
  );
}

/** What `GET /v1/status` answers; rejects where no head was ever seen. */
async function readStatus(parts: OperationParts): Promise<StatusAnswer> {
  const { engine, bank, version } = parts;
  const { statistics } = engine;
  const head = await readKnownHead(parts);
  if (head === undefined) throw new ProblemError('database_unavailable');
  const now = performance.now();
  return {
    bank,
    version,
    uptimeSeconds: Math.floor(process.uptime()),
    writing: engine.isWriting,
    block: head.block,
    seq: head.seq,
    inFlight: engine.pendingCount,
    completed: statistics.accepted,
    refused: Object.fromEntries(statistics.refused),
    commandsPerSecond: statistics.settled.rate(now),
    blocks: statistics.blocks,
    blockSize: rounded(statistics.blockSizes.recent(now), 1),
    latencyMs: rounded(statistics.latenciesMs.recent(now), 100),
  };
}

/** To whole parts of one: 100 keeps two decimals. */
function rounded({ p50, p95, p99 }: Percentiles, parts: number): Percentiles {
  const round = (value: number) => Math.round(value * parts) / parts;
  return { p50: round(p50), p95: round(p95), p99: round(p99) };
}
