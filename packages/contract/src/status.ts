import { Type, type Static } from 'typebox';
import { Seq } from './scalars.ts';

const Spread = Type.Object({ p50: Type.Number(), p95: Type.Number(), p99: Type.Number() });

export const StatusAnswer = Type.Object({
  bank: Type.String(),
  version: Type.String(),
  uptimeSeconds: Type.Integer(),
  writing: Type.Boolean({
    description: 'Whether blocks can be written, as far as the last try showed.',
  }),
  block: Type.Integer(),
  seq: Seq,
  inFlight: Type.Integer({ description: 'Commands of this process without an answer yet.' }),
  completed: Type.Integer({ description: 'Accepted since this process started.' }),
  refused: Type.Record(Type.String(), Type.Integer(), {
    description: 'Refused since this process started, by code.',
  }),
  commandsPerSecond: Type.Number({ description: 'Settled in the last ten seconds.' }),
  blocks: Type.Integer({ description: 'Written since this process started.' }),
  blockSize: Spread,
  latencyMs: Type.Object(Spread.properties, {
    description: 'From submission to the answer, inside the server.',
  }),
});
export type StatusAnswer = Static<typeof StatusAnswer>;
