import type { Socket } from 'node:net';
import type { BoundStatement } from './bound-statement.ts';
import { crashPoint } from './crash-point.ts';
import { faultOf, type DatabaseFault } from './database-error.ts';
import type { Pipeline } from './pipeline.ts';
import type { Statements } from './statements.ts';

export const BEGIN = 'begin read write';

export type WriteResult =
  | { readonly kind: 'committed' }
  | { readonly kind: 'failed'; readonly fault: DatabaseFault; readonly error: unknown };

export interface TrainParts {
  readonly pipeline: Pipeline;
  readonly socket: Socket;
  readonly statements: Statements;
}

/** Sends a block and COMMIT in one train: see `Writer.write`. */
export async function writeBlock(
  { pipeline, socket, statements }: TrainParts,
  block: readonly BoundStatement[],
  begun: boolean,
  onUnderWay?: () => void,
): Promise<WriteResult> {
  const sent: Promise<unknown>[] = [];
  // One write to the socket, so that the whole block is one packet train and one round trip.
  socket.cork();
  if (!begun) sent.push(pipeline.send(BEGIN));
  for (const { name, values } of block) {
    sent.push(pipeline.send({ ...statements(name), values: [...values] }));
    crashPoint('between-statements', () => socket.uncork());
  }
  const commit = pipeline.send('commit');
  sent.push(commit);
  socket.uncork();
  crashPoint('commit-sent');
  // Not before: what is still to leave would wait until whoever is called is done.
  const [first] = sent;
  first?.then(() => {
    if (socket.writableLength === 0) onUnderWay?.();
  }, ignore);
  const results = await Promise.allSettled(sent);
  const failed = results.find((result) => result.status === 'rejected');
  const committed = results.at(-1);
  if (committed?.status === 'rejected') {
    // The fate of a COMMIT whose answer never came is open, whatever failed before it.
    const fault = faultOf(committed.reason);
    return { kind: 'failed', fault, error: failed?.reason };
  }
  if (failed === undefined && isCommitTag(committed?.value)) return { kind: 'committed' };
  if (isCommitTag(committed?.value)) {
    // The driver gave up a statement that the server took: the block stands, or will be found not to.
    return { kind: 'failed', fault: 'unknown', error: failed?.reason };
  }
  const fault = failed === undefined ? 'unavailable' : faultOf(failed.reason);
  return {
    kind: 'failed',
    fault: fault === 'unknown' ? 'unavailable' : fault,
    error: failed?.reason ?? new Error('COMMIT was answered by ROLLBACK'),
  };
}

function ignore(): void {}

/** After an error inside, COMMIT succeeds with the tag ROLLBACK. */
function isCommitTag(result: unknown): boolean {
  return (
    typeof result === 'object' &&
    result !== null &&
    'command' in result &&
    result.command === 'COMMIT'
  );
}
