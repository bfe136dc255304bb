import { Type, type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';

/** Where banks ask each other whether they are there. */
export const PROBE_PATH = '/consortium/v1/probes';

const Probe = Type.Object({
  bank: Type.String(),
  /** Every key that the sender may sign with from now on, the one that signs first. */
  keys: Type.Array(Type.String(), { minItems: 1, maxItems: 2 }),
});
export type Probe = Static<typeof Probe>;

const ProbeAnswer = Type.Object({
  bank: Type.String(),
  /** Ids of the sender's keys that the answering bank takes. */
  knownKeys: Type.Array(Type.String(), { maxItems: 2 }),
});
export type ProbeAnswer = Static<typeof ProbeAnswer>;

export function encodeProbe(probe: Probe | ProbeAnswer): Buffer {
  return Buffer.from(JSON.stringify(probe), 'utf8');
}

/** Undefined for what is no probe. */
export function decodeProbe(body: Buffer): Probe | undefined {
  return decode(Probe, body);
}

/** Undefined for what answers no probe. */
export function decodeProbeAnswer(body: Buffer): ProbeAnswer | undefined {
  return decode(ProbeAnswer, body);
}

function decode<Schema extends TSchema>(schema: Schema, body: Buffer): Static<Schema> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return Value.Check(schema, value) ? value : undefined;
  } catch {
    return undefined;
  }
}
